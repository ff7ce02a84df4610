import type { Store } from '@asa/store';

const DAY_MS = 86_400_000;
/** Batches of one statement, so that none holds its locks for long; their items go with them. */
const BATCHES_AT_ONCE = 20;

/** Deletes batches, with their items and results, that ended more than so many days ago. Answers how many. */
export async function purgeBatches(store: Store, days: number, now: number): Promise<number> {
  const before = new Date(now - days * DAY_MS);
  let deleted = 0;
  for (;;) {
    const { rowCount } = await store.pool.query(
      `DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE completed_at < $1 ORDER BY completed_at LIMIT ${BATCHES_AT_ONCE})`,
      [before],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCHES_AT_ONCE) return deleted;
  }
}
