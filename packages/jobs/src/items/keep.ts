import type { Store } from '@asa/store';
import { TryLost, type Kept } from '../types.ts';
import { packText } from './compress.ts';

/**
 * Keeps a result before it is paid for. From now on the item has it if the capture of its request id is in the ledger, and only then.
 *
 * It needs no disk of its own: the log of the database is written in order, so the capture, which waits for the disk, takes it along.
 * @throws TryLost when the try was taken away
 */
export async function keepResult(
  store: Store,
  { batchId, index, claimId }: { readonly batchId: string; readonly index: number; readonly claimId: string },
  kept: Kept,
): Promise<void> {
  const data = await packText(kept.body);
  const { rowCount } = await store.pool.query({
    name: 'jobs_keep',
    text: `WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
      UPDATE batch_items SET state = 'settling', request_id = $4, data = $5, credits = $6, duration_ms = $7, draft = $8
       FROM relaxed WHERE batch_id = $1 AND index = $2 AND claim_id = $3 AND state = 'running'`,
    values: [batchId, index, claimId, kept.requestId, data, kept.credits, kept.durationMs, JSON.stringify(kept.draft)],
  });
  if (rowCount !== 1) throw new TryLost();
}
