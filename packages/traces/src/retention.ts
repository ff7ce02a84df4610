import { deleteInParts, type Store } from '@asa/store';

const DAY_MS = 86_400_000;
/** Contract section 9: traces are kept at least this long, whatever is asked for. */
const MIN_DAYS = 7;
const ROWS_AT_ONCE = 5_000;

export interface Deleted {
  readonly traces: number;
  readonly tickets: number;
}

/** Deletes traces older than so many days (at least 7), and closed tickets that did not fail again for as long. */
export async function deleteOld(store: Store, days: number, now: number): Promise<Deleted> {
  const before = new Date(now - Math.max(MIN_DAYS, days) * DAY_MS);
  return {
    traces: await inBatches(store, 'traces', 'request_id', 'received_at < $1', 'received_at', before),
    tickets: await inBatches(store, 'tickets', 'id', `state = 'closed' AND last_seen < $1`, 'first_seen', before),
  };
}

const inBatches = (
  store: Store,
  table: string,
  id: string,
  condition: string,
  order: string,
  before: Date,
): Promise<number> =>
  deleteInParts(
    store,
    // The condition again outside: a ticket may have been opened again meanwhile.
    `DELETE FROM ${table} WHERE ${condition} AND ${id} IN (
       SELECT ${id} FROM ${table} WHERE ${condition} ORDER BY ${order} LIMIT ${ROWS_AT_ONCE})`,
    [before],
    ROWS_AT_ONCE,
  );
