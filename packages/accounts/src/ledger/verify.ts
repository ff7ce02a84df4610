import { ChainEntry, ExportHead, ExportTail, type ChainEnd } from '@asa/contract';
import { entryHash, GENESIS } from './chain.ts';

/** What is wrong with an export, and where it shows first. */
export interface Tampering {
  /** Counted from 1, as editors do. */
  readonly line: number;
  /** The entry; null when the head, the tail or the file as a whole is wrong. */
  readonly seq: number | null;
  readonly problem: string;
}

export interface Verified {
  readonly workspace: string;
  readonly start: ChainEnd;
  readonly end: ChainEnd;
  readonly entries: number;
  readonly captures: number;
  /** Credits taken by captures, less what was refunded for them. */
  readonly charged: number;
  /** Requests that were held and not settled yet at the end. */
  readonly open: number;
}

/** Nothing may stand in an export that no hash covers. */
const Entry = ChainEntry.strict();
const Tail = ExportTail.strict();
const isTail = (value: unknown): boolean => typeof value === 'object' && value !== null && 'end' in value;

/** Reads an export line by line. */
export interface Verifier {
  /** The first thing that is wrong, or null; after it nothing more is looked at. */
  line: (text: string) => Tampering | null;
  /** After the last line. */
  end: () => Tampering | Verified;
}

/** What was done under a request id so far. */
interface Request {
  held: number;
  released: boolean;
  captured: number;
  refunded: boolean;
}

/**
 * Re-adds an export of `GET /api/v1/ledger?format=ndjson` without asking anybody: every number follows on the one before, every hash from
 * the one before and the entry, amounts are the sums of their pots, the running balance is never negative, a request is held, released,
 * captured (not for more than was held) and refunded at most once and in that order, and the end is the one that the tail names. Whoever
 * writes the whole chain anew is not found out by that, but by the hash of an entry that is known from elsewhere.
 * @param known the hash of an entry, from a receipt or an earlier export; it must be in the chain.
 */
export function createVerifier(known: string | null = null): Verifier {
  let head: ExportHead | null = null;
  let tail: ExportTail | null = null;
  let [lines, entries, captures, charged] = [0, 0, 0, 0];
  let end: ChainEnd = { seq: 0, hash: GENESIS, balance: 0 };
  let found: Tampering | null = null;
  const requests = new Map<string, Request>();
  let isKnown = known === null;

  const wrong = (problem: string, seq: number | null = null): Tampering => ({ line: lines, seq, problem });

  const readHead = (value: unknown): Tampering | null => {
    const read = ExportHead.safeParse(value);
    if (!read.success) return wrong('the first line is not the head of a ledger export');
    head = read.data;
    end = head.start;
    isKnown ||= end.hash === known;
    if (end.seq === 0 && (end.hash !== GENESIS || end.balance !== 0))
      return wrong('a chain begins with 64 zeros and no credits');
    return null;
  };

  const readEntry = (workspaceId: string, value: unknown): Tampering | null => {
    const read = Entry.safeParse(value);
    if (!read.success)
      return wrong(
        `this is no entry: ${read.error.issues[0]?.path.join('.') ?? ''} ${read.error.issues[0]?.message ?? ''}`,
      );
    const entry = read.data;
    const { seq, amount, allowance, topup } = entry;
    if (seq !== end.seq + 1) return wrong(`entry ${seq} follows on ${end.seq}`, seq);
    if (amount !== allowance + topup)
      return wrong(`its amount ${amount} is not the sum of its pots ${allowance} and ${topup}`, seq);
    const hash = entryHash(end.hash, {
      workspaceId,
      seq,
      kind: entry.kind,
      allowance,
      topup,
      period: entry.period,
      requestId: entry.request_id,
      keyId: entry.key_id,
      reason: entry.reason,
      createdAt: entry.created_at,
    });
    if (hash !== entry.hash) return wrong('its hash does not follow from the one before and its text', seq);
    const balance = end.balance + amount;
    if (balance < 0) return wrong(`it takes ${-amount} credits where there were ${end.balance}`, seq);
    end = { seq, hash, balance };
    entries += 1;
    isKnown ||= hash === known;
    const problem = settle(entry);
    return problem === null ? null : wrong(problem, seq);
  };

  /** The life of a request; what began before a partial export is believed. */
  const settle = ({ kind, amount, request_id: id }: ChainEntry): string | null => {
    if (kind === 'grant' || kind === 'topup')
      return amount > 0 && id === null ? null : `a ${kind} adds credits, and for no request`;
    if (id === null) return kind === 'adjust' ? null : `a ${kind} without a request`;
    const request = requests.get(id) ?? earlier(kind);
    if (request === null) return `a ${kind} of ${id}, which was never held`;
    requests.set(id, request);
    if (kind === 'hold') {
      if (request.held !== 0) return `${id} was held before`;
      if (amount >= 0) return 'a hold takes credits';
      request.held = -amount;
    } else if (kind === 'release') {
      if (request.released) return `${id} was released before`;
      if (request.held !== Infinity && amount !== request.held)
        return `${id} held ${request.held} credits, not ${amount}`;
      request.released = true;
    } else if (kind === 'capture') {
      if (request.captured > 0) return `${id} was captured before`;
      if (!request.released || amount >= 0 || -amount > request.held)
        return `${id} captures ${-amount} of ${request.held} held`;
      request.captured = -amount;
      captures += 1;
      charged -= amount;
    } else {
      if (request.refunded || (request.captured !== amount && request.held !== Infinity))
        return `${id} refunds ${amount} of ${request.captured}`;
      request.refunded = true;
      charged -= amount;
    }
    return null;
  };
  const earlier = (kind: ChainEntry['kind']): Request | null => {
    if (kind === 'hold') return { held: 0, released: false, captured: 0, refunded: false };
    if (head === null || head.start.seq === 0) return null;
    return { held: Infinity, released: kind !== 'release', captured: 0, refunded: false };
  };

  const read = (text: string): Tampering | null => {
    if (tail !== null) return wrong('there is more after the end');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return wrong('this is no JSON');
    }
    if (head === null) return readHead(value);
    if (!isTail(value)) return readEntry(head.workspace, value);
    const last = Tail.safeParse(value);
    if (!last.success) return wrong('this is no end of a ledger export');
    tail = last.data;
    const { seq, hash, balance } = tail.end;
    if (seq !== end.seq)
      return wrong(`the chain ends with ${end.seq}, but the last line names ${seq}: entries are missing`);
    if (hash !== end.hash) return wrong('the last line names another hash than the last entry');
    if (balance !== end.balance)
      return wrong(`the entries add up to ${end.balance}, but the last line names ${balance}`);
    return null;
  };

  return {
    line(text) {
      lines += 1;
      found ??= read(text);
      return found;
    },
    end() {
      if (found !== null) return found;
      if (head === null || tail === null) return wrong('the export is cut short: its last line is missing');
      if (!isKnown) return wrong(`no entry has the hash ${known}`);
      const open = requests.values().filter(({ held, released }) => held > 0 && !released);
      return { workspace: head.workspace, start: head.start, end, entries, captures, charged, open: [...open].length };
    },
  };
}
