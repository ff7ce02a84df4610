import type { BatchSummary } from '@asa/contract';
import type { Store } from '@asa/store';
import { lockTurns } from '../items/claim.ts';
import { announce } from '../items/write.ts';
import type { BatchHooks } from '../seam.ts';
import { readBatch } from './read.ts';
import { endIfOver } from './row.ts';

/**
 * Cancels what has not started; what has goes on to its result. A batch that has ended stays as it is.
 * @throws ApiError `not_found`
 */
export async function cancelBatch(
  store: Store,
  hooks: BatchHooks,
  { id, workspaceId, now }: { readonly id: string; readonly workspaceId: string; readonly now: number },
): Promise<BatchSummary> {
  const batch = await readBatch(store, id, workspaceId);
  if (batch.completed_at !== null || batch.status === 'cancelled') return batch;
  await store.transaction(async (tx) => {
    await lockTurns(tx);
    await tx.query(`SELECT set_config('synchronous_commit', 'on', true)`);
    const cancelled = await tx.query(
      `UPDATE batches SET status = 'cancelled' WHERE id = $1 AND completed_at IS NULL RETURNING id`,
      [id],
    );
    if (cancelled.length === 0) return;
    await tx.query(
      `UPDATE batch_items SET state = 'cancelled', ready_at = NULL WHERE batch_id = $1 AND state IN ('waiting', 'delayed', 'following')`,
      [id],
    );
    await endIfOver(tx, hooks, [id], now);
    await announce(tx, [id]);
  });
  return readBatch(store, id, workspaceId);
}
