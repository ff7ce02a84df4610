import { BATCH_LIMITS, type KeyMode } from '@asa/contract';

/**
 * When an item is tried again after an error, in ms since the epoch; null: the error is its result. Pure.
 *
 * Retryable errors are tried again after the delay of the error catalogue, as often as its remedies advise, unless the time of the batch is over
 * by then. Nobody gains by waiting in the sandbox, whose outcomes are the same at any time, so it waits a part of that.
 */
export function nextTry({
  retryAfterMs,
  tries,
  mode,
  now,
  expiresAt,
}: {
  /** The catalogue's delay; null: not retryable. */
  readonly retryAfterMs: number | null;
  /** How many times it was tried again so far. */
  readonly tries: number;
  readonly mode: KeyMode;
  readonly now: number;
  readonly expiresAt: number;
}): number | null {
  if (retryAfterMs === null || tries >= BATCH_LIMITS.retries) return null;
  const at = now + Math.ceil(retryAfterMs * (mode === 'test' ? BATCH_LIMITS.sandboxDelay : 1));
  return at < expiresAt ? at : null;
}
