import type { Tx } from '@asa/store';

/** What a batch tells of its webhook when something happened to it. */
export interface HookedBatch {
  readonly id: string;
  readonly workspaceId: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
}

/**
 * What deliveries hear of batches with a webhook. Both are called inside the transaction that makes it true: what they write is there exactly
 * when the results are.
 */
export interface BatchHooks {
  /** Every item has its result (or was cancelled): the row of the batch says so already. Called once for each batch. */
  readonly batchEnded: (tx: Tx, batch: HookedBatch) => Promise<void>;
  /** These items got their results. Only for batches whose maker asked for `batch.item` events. Each item once. */
  readonly itemsDone: (tx: Tx, batch: HookedBatch, indices: readonly number[]) => Promise<void>;
}
