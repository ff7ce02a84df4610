import { deleteInParts, type Store } from '@asa/store';

const DAY_MS = 86_400_000;
/** Their items go with them. */
const BATCHES_AT_ONCE = 20;

/** Deletes batches, with their items and results, that ended more than so many days ago. Answers how many. */
export const purgeBatches = (store: Store, days: number, now: number): Promise<number> =>
  deleteInParts(
    store,
    `DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE completed_at < $1 ORDER BY completed_at LIMIT ${BATCHES_AT_ONCE})`,
    [new Date(now - days * DAY_MS)],
    BATCHES_AT_ONCE,
  );
