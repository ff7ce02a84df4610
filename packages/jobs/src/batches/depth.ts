import type { Store } from '@asa/store';

/** How much there is to do, in all nodes together. */
export interface Depth {
  /** Batches that have not ended. */
  readonly batches: number;
  /** Items by state, all but the final ones. */
  readonly waiting: number;
  readonly delayed: number;
  readonly following: number;
  readonly atWork: number;
}

export async function readDepth(store: Store): Promise<Depth> {
  const [row] = await store.query<{
    batches: number;
    waiting: number;
    delayed: number;
    following: number;
    at_work: number;
  }>(
    `SELECT (SELECT count(*) FROM batches WHERE completed_at IS NULL) AS batches,
            (SELECT count(*) FROM batch_items WHERE state = 'waiting') AS waiting,
            (SELECT count(*) FROM batch_items WHERE state = 'delayed') AS delayed,
            (SELECT count(*) FROM batch_items WHERE state = 'following') AS following,
            (SELECT count(*) FROM batch_items WHERE state IN ('running', 'settling', 'recovering')) AS at_work`,
  );
  if (row === undefined) throw new Error('a count without a row');
  const { batches, waiting, delayed, following, at_work: atWork } = row;
  return { batches, waiting, delayed, following, atWork };
}
