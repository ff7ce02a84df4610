import { createHash } from 'node:crypto';
import type { Store } from '@asa/store';
import { cleanText } from '../clean.ts';
import { packPage } from './page.ts';

/** A page that could not be read. */
export interface Failure {
  /** Domain of the marketplace. */
  readonly marketplace: string;
  readonly pageKind: string;
  /** What failed; the same failure has the same one. */
  readonly fingerprint: string;
  readonly requestId: string;
  /** The decoded page. */
  readonly page: Uint8Array;
}

/** How many requests a ticket names. */
const NAMED_REQUESTS = 20;

/** One ticket per marketplace, page kind and fingerprint. */
export function ticketId({ marketplace, pageKind, fingerprint }: Omit<Failure, 'requestId' | 'page'>): string {
  const what = JSON.stringify([marketplace, pageKind, fingerprint]);
  return `tkt_${createHash('sha256').update(what).digest('hex').slice(0, 16)}`;
}

/** Failures of one ticket that are written together: the last one's page stands for all. */
interface Group {
  last: Failure;
  /** Newest first, as many as a ticket names. */
  requestIds: string[];
  count: number;
  at: number;
}

interface Line {
  running: Promise<void>;
  waiting: { readonly group: Group; readonly done: Promise<void> } | null;
}

/**
 * Files failures. While one of a ticket is being written further ones of it are counted together, so that a layout that changed, and now
 * fails a hundred times a second, costs one page in memory and one write after the other.
 */
export function createFiling(store: Store, now: () => number): (failure: Failure) => Promise<void> {
  const lines = new Map<string, Line>();

  const start = (id: string, line: Line, group: Group): Promise<void> => {
    line.running = write(store, id, group).finally(() => {
      if (line.waiting === null) lines.delete(id);
    });
    return line.running;
  };
  return (failure) => {
    const id = ticketId(failure);
    const alone: Group = { last: failure, requestIds: [failure.requestId], count: 1, at: now() };
    const line = lines.get(id);
    if (line === undefined) {
      const fresh: Line = { running: Promise.resolve(), waiting: null };
      lines.set(id, fresh);
      return start(id, fresh, alone);
    }
    if (line.waiting === null) {
      const follow = (): Promise<void> => {
        line.waiting = null;
        return start(id, line, alone);
      };
      // Whether the one before could be written is for its own callers.
      line.waiting = { group: alone, done: line.running.then(follow, follow) };
    } else {
      const { group } = line.waiting;
      group.last = failure;
      group.requestIds = [failure.requestId, ...group.requestIds].slice(0, NAMED_REQUESTS);
      group.count += 1;
      group.at = alone.at;
    }
    return line.waiting.done;
  };
}

async function write(store: Store, id: string, { last, requestIds, count, at }: Group): Promise<void> {
  const page = await packPage(last.page);
  await store.query(
    `WITH ticket AS (
       INSERT INTO tickets AS t (id, state, marketplace, page_kind, fingerprint, count, first_seen, last_seen, request_ids)
       VALUES ($1, 'open', $2, $3, $4, $5, $6, $6, $7)
       ON CONFLICT (id) DO UPDATE SET state = 'open', count = t.count + excluded.count,
         last_seen = GREATEST(t.last_seen, excluded.last_seen),
         request_ids = (excluded.request_ids || t.request_ids)[1:${NAMED_REQUESTS}]
       RETURNING id
     )
     INSERT INTO ticket_pages (ticket_id, page) SELECT id, $8 FROM ticket
     ON CONFLICT (ticket_id) DO UPDATE SET page = excluded.page`,
    [id, last.marketplace, last.pageKind, cleanText(last.fingerprint), count, new Date(at), requestIds, page],
  );
}
