import type { BatchEndpoint, BatchStatus, BatchSummary, WebhookStatus } from '@asa/contract';
import type { Tx } from '@asa/store';
import type { BatchHooks, HookedBatch } from '../seam.ts';

/** A row of `batches`, as its readers need it. */
export interface BatchRow {
  id: string;
  workspace_id: string;
  endpoint: BatchEndpoint;
  status: BatchStatus;
  total_count: number;
  processed_count: number;
  success_count: number;
  failure_count: number;
  credits_charged: number;
  created_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
  webhook_url: string | null;
  webhook_secret: string | null;
  webhook_items: boolean;
  webhook_delivered_at: Date | null;
  webhook_delivery_status: WebhookStatus;
  webhook_last_error: string | null;
}

export const BATCH_COLUMNS = `id, workspace_id, endpoint, status, total_count, processed_count, success_count, failure_count, credits_charged,
  created_at, started_at, completed_at, webhook_url, webhook_secret, webhook_items, webhook_delivered_at, webhook_delivery_status,
  webhook_last_error`;

export const toSummary = (row: BatchRow): BatchSummary => ({
  id: row.id,
  status: row.status,
  endpoint: row.endpoint,
  total_count: row.total_count,
  processed_count: row.processed_count,
  success_count: row.success_count,
  failure_count: row.failure_count,
  credits_charged: row.credits_charged,
  created_at: row.created_at.toISOString(),
  started_at: row.started_at?.toISOString() ?? null,
  completed_at: row.completed_at?.toISOString() ?? null,
  webhook_url: row.webhook_url,
  webhook_delivered_at: row.webhook_delivered_at?.toISOString() ?? null,
  webhook_delivery_status: row.webhook_delivery_status,
  webhook_last_error: row.webhook_last_error,
});

/** What its webhook hears of a batch; null when it has none. */
export function hookedOf(row: BatchRow): HookedBatch | null {
  const { id, workspace_id: workspaceId, webhook_url: webhookUrl, webhook_secret: webhookSecret } = row;
  return webhookUrl === null || webhookSecret === null ? null : { id, workspaceId, webhookUrl, webhookSecret };
}

const END = {
  name: 'jobs_end',
  // Not "completed_at IS NULL": planned once, while few are open, it would look through all batches that are open instead of by their ids.
  text: `UPDATE batches b SET completed_at = $2, status = CASE WHEN status IN ('pending', 'running') THEN 'complete' ELSE status END
      WHERE id = ANY($1::uuid[]) AND COALESCE(completed_at, 'infinity') = 'infinity'
        AND (processed_count = total_count
             OR status = 'cancelled'
                AND (SELECT 1 FROM batch_items i WHERE i.batch_id = b.id AND i.state NOT IN ('done', 'cancelled') LIMIT 1) IS NULL)
    RETURNING ${BATCH_COLUMNS}`,
};

/** Ends those of some locked batches of which nothing is left to do, and tells their webhooks. */
export async function endIfOver(tx: Tx, hooks: BatchHooks, batchIds: readonly string[], now: number): Promise<void> {
  const ended = await tx.query<BatchRow>(END, [batchIds, new Date(now)]);
  for (const batch of ended) {
    const hooked = hookedOf(batch);
    if (hooked !== null) await hooks.batchEnded(tx, hooked);
  }
}
