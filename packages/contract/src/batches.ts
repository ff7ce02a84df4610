import type { PlanName } from './plans.ts';

/** Bounds of batches (contract section 8), once. */
export const BATCH_LIMITS = {
  /** Items of one batch. */
  items: 1000,
  /** Body of the request that makes one, in bytes. */
  bodyBytes: 4 * 1024 * 1024,
  /** How long an `Idempotency-Key` is remembered. */
  idempotencyMs: 24 * 3_600_000,
  /** Characters of an `Idempotency-Key`. */
  idempotencyKeyCharacters: 255,
  /** Time for all items of a batch; those without a result by then get an error. */
  timeLimitMs: 24 * 3_600_000,
  /** How many times an item is tried again after a retryable error. */
  retries: 3,
  /** The sandbox waits this part of the catalogue's delays between the tries of an item: its outcomes do not change with time. */
  sandboxDelay: 1 / 60,
} as const;

interface BatchShare {
  /** Its part of the workers when several workspaces have batches. */
  readonly weight: number;
  /** Items of one workspace at work at once. */
  readonly concurrency: number;
  /** Batches of one workspace that have not ended. */
  readonly open: number;
}

/** How the plans share the workers of batches. */
export const BATCH_SHARES = {
  free: { weight: 1, concurrency: 8, open: 20 },
  vibe: { weight: 2, concurrency: 16, open: 50 },
  pro: { weight: 3, concurrency: 32, open: 100 },
  custom: { weight: 4, concurrency: 40, open: 200 },
} as const satisfies Record<PlanName, BatchShare>;
