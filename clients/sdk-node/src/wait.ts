import { clientError } from './errors.ts';
import { POLL } from './generated/tables.ts';
import type { BatchAnswer } from './generated/types.ts';
import type { CallOptions, Clock } from './options.ts';

/** How `waitForBatch` waits. */
export interface WaitOptions extends Omit<CallOptions, 'deadlineMs'> {
  /** Time for the whole waiting, in milliseconds. Default: none; the service ends every batch some time. */
  readonly deadlineMs?: number;
  /** Told after each look at the batch. */
  readonly onProgress?: (batch: BatchAnswer) => void;
  /** First wait between two looks, in milliseconds; it doubles each time. Default 1,000. */
  readonly firstPollMs?: number;
  /** Longest wait between two looks, in milliseconds. Default 10,000. */
  readonly maxPollMs?: number;
}

const OVER: ReadonlySet<string> = new Set(['complete', 'failed', 'cancelled']);

/** Whether nothing more will happen to a batch. */
export const isOver = (batch: Pick<BatchAnswer, 'status'>): boolean => OVER.has(batch.status);

/**
 * Looks at a batch until it is over.
 * @throws AmazonScraperAPIError `deadline_exceeded`, `cancelled`, or what a look came to
 */
export async function waitUntilOver(
  id: string,
  look: (options: CallOptions) => PromiseLike<BatchAnswer>,
  clock: Clock,
  { deadlineMs = Number.POSITIVE_INFINITY, onProgress, firstPollMs, maxPollMs, ...call }: WaitOptions,
): Promise<BatchAnswer> {
  const deadline = clock.now() + deadlineMs;
  let waitMs: number = firstPollMs ?? POLL.firstMs;
  for (let looks = 1; ; looks += 1) {
    const leftMs = deadline - clock.now();
    const batch = await look(Number.isFinite(leftMs) ? { ...call, deadlineMs: Math.max(1, leftMs) } : call);
    onProgress?.(batch);
    if (isOver(batch)) return batch;
    if (clock.now() + waitMs >= deadline) {
      const done = `${batch.processed_count} of ${batch.total_count} items are done`;
      throw clientError('deadline_exceeded', `Batch ${id} was not over within ${deadlineMs} ms; ${done}.`, looks);
    }
    try {
      await clock.sleep(waitMs, call.signal);
    } catch (cause) {
      throw clientError('cancelled', `The waiting for batch ${id} was cancelled by the caller.`, looks, { cause });
    }
    waitMs = Math.min(waitMs * 2, maxPollMs ?? POLL.maxMs);
  }
}
