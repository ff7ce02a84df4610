import type { ListPage, Trace, TraceSummary } from '@asa/contract';
import type { Store } from '@asa/store';
import { listTraces, readTrace, type TraceQuery } from './read.ts';
import { deleteOld, type Deleted } from './retention.ts';
import { createTickets, type Tickets } from './tickets/tickets.ts';
import { createWriter, type Written } from './writer.ts';

export interface TracesOptions {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly log?: (message: string, fields?: object) => void;
}

/** What happened to requests, and the pages that could not be read (contract sections 9 and 10). */
export interface Traces {
  /**
   * Keeps a trace, without any secret that one of its texts may quote. Readers see it when this resolves. `duplicate`: there is one with
   * this request id, which stays. Rejects when the database fails, or when too many are waiting for it.
   */
  readonly write: (trace: Trace) => Promise<Written>;
  /** One trace; null when there is none, or when it is not of the workspace. */
  readonly get: (requestId: string, workspaceId?: string) => Promise<Trace | null>;
  /** Newest first. @throws ApiError `invalid_params` for a bad cursor */
  readonly list: (query: TraceQuery) => Promise<ListPage<TraceSummary>>;
  readonly tickets: Tickets;
  /** Deletes what is older than so many days. */
  readonly retention: (options: { readonly days: number }) => Promise<Deleted>;
  /** Waits for traces that are on their way. */
  readonly close: () => Promise<void>;
}

export function createTraces({ store, now = Date.now, log = () => {} }: TracesOptions): Traces {
  const writer = createWriter(store, log);
  return {
    write: writer.write,
    get: (requestId, workspaceId) => readTrace(store, requestId, workspaceId ?? null),
    list: (query) => listTraces(store, query),
    tickets: createTickets(store, now),
    retention: ({ days }) => deleteOld(store, days, now()),
    close: writer.settled,
  };
}
