import type { Store, Tx } from '@asa/store';
import type { Claimed } from './queue.ts';
import { retryDelay } from './schedule.ts';
import type { Sent } from './send.ts';

/** Attempts of one event that are kept; redeliveries without end push out the oldest. */
const KEPT_ATTEMPTS = 50;

export interface Attempt extends Sent {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
}

interface Outcome {
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  /** Milliseconds since the epoch; null: never. */
  readonly dueAt: number | null;
}

/** What becomes of an event after one more attempt. Pure. */
export function outcome(attempts: number, error: string | null, now: number): Outcome {
  if (error === null) return { state: 'delivered', attempts, dueAt: null };
  const delay = retryDelay(attempts + 1);
  return delay === null
    ? { state: 'failed', attempts: attempts + 1, dueAt: null }
    : { state: 'pending', attempts: attempts + 1, dueAt: now + delay };
}

/** Writes an attempt down, with what becomes of its event and, when it is the batch's own, what its batch says about it. */
export async function record(store: Store, claimed: Claimed, attempt: Attempt, now: number): Promise<void> {
  await store.transaction(async (tx) => {
    const next = outcome(claimed.attempts, attempt.error, now);
    const { rows } = await changeState(tx, claimed, next, attempt, now);
    // The event is gone with its batch.
    if (rows === 0) return;
    await tx.query(
      `INSERT INTO webhook_attempts (message_id, n, manual, started_at, duration_ms, status, error, response)
       SELECT $1, COALESCE(max(n), 0) + 1, $2, $3, $4, $5, $6, $7 FROM webhook_attempts WHERE message_id = $1`,
      [
        claimed.id,
        claimed.manual && claimed.attempts === 0,
        new Date(attempt.startedAt),
        attempt.durationMs,
        attempt.status,
        attempt.error,
        attempt.response,
      ],
    );
    await tx.query(
      'DELETE FROM webhook_attempts WHERE message_id = $1 AND n <= (SELECT max(n) FROM webhook_attempts WHERE message_id = $1) - $2',
      [claimed.id, KEPT_ATTEMPTS],
    );
  });
}

async function changeState(
  tx: Tx,
  { id, claim, event, batch_id }: Claimed,
  next: Outcome,
  { error }: Attempt,
  now: number,
): Promise<{ rows: number }> {
  // Locks the row, so that the attempts of one event are numbered one after another.
  const found = await tx.query<{ claim: string | null }>(
    'SELECT claim FROM webhook_messages WHERE id = $1 FOR UPDATE',
    [id],
  );
  // Given up meanwhile, and sent again by somebody else, who says what becomes of it.
  if (found[0]?.claim !== claim) return { rows: found.length };
  const deliveredAt = next.state === 'delivered' ? new Date(now) : null;
  await tx.query(
    `UPDATE webhook_messages SET state = $2, attempts = $3, due_at = COALESCE($4, due_at), claim = NULL, last_error = $5,
       delivered_at = COALESCE($6, delivered_at) WHERE id = $1`,
    [id, next.state, next.attempts, next.dueAt === null ? null : new Date(next.dueAt), error, deliveredAt],
  );
  if (batch_id !== null && event === 'batch.completed')
    await tx.query(
      `UPDATE batches SET webhook_delivery_status = $2, webhook_last_error = $3,
         webhook_delivered_at = COALESCE($4, webhook_delivered_at) WHERE id = $1`,
      [batch_id, next.state, error, deliveredAt],
    );
  return { rows: found.length };
}
