import { createHash, randomUUID } from 'node:crypto';
import { ApiError, BATCH_LIMITS, BATCH_SHARES, quote, unitsOf, creditsOfUnits, type NewBatch } from '@asa/contract';
import type { Store, Tx } from '@asa/store';
import { announce } from '../items/write.ts';
import type { BatchOwner } from '../types.ts';

/** A batch that was made, now or by an earlier request with the same `Idempotency-Key`. */
export interface Made {
  readonly id: string;
  readonly endpoint: NewBatch['endpoint'];
  readonly total: number;
  /** ISO time. */
  readonly createdAt: string;
  readonly webhookSecret: string | null;
}

export interface Making {
  readonly owner: BatchOwner;
  readonly batch: NewBatch;
  readonly idempotencyKey: string | null;
  /** The secret of the webhook, if it has one. */
  readonly webhookSecret: string | null;
}

interface MadeRow {
  id: string;
  endpoint: NewBatch['endpoint'];
  total_count: number;
  created_at: Date;
  webhook_secret: string | null;
  body_hash: Buffer;
}

const MADE = 'id, endpoint, total_count, created_at, webhook_secret, body_hash';
/** How long a workspace with too many open batches is told to wait; nobody can know when one ends. */
const RETRY_OPEN_SECONDS = 30;

/** What was made earlier with this key and this body; null when it is a new one. @throws ApiError `invalid_params` for another body */
export async function findMade(
  store: Pick<Store, 'query'> | Tx,
  making: Omit<Making, 'webhookSecret'>,
  now: number,
): Promise<Made | null> {
  const { owner, batch, idempotencyKey } = making;
  if (idempotencyKey === null) return null;
  const [row] = await store.query<MadeRow>(
    `SELECT ${MADE} FROM batches WHERE workspace_id = $1 AND mode = $2 AND idempotency_key = $3 AND created_at > $4`,
    [owner.workspaceId, owner.mode, idempotencyKey, new Date(now - BATCH_LIMITS.idempotencyMs)],
  );
  if (row === undefined) return null;
  if (row.body_hash.equals(hashOf(batch))) return toMade(row);
  throw new ApiError(
    'invalid_params',
    `The Idempotency-Key ${quote(idempotencyKey)} was used for another body in the last 24 hours (batch ${row.id}); send the same body or another key.`,
  );
}

/**
 * Makes a batch and its items in one transaction, durable when it resolves; the workers of every node are told.
 * @throws ApiError `invalid_params` (see `findMade`), `rate_limited` for too many open batches
 */
export async function makeBatch(store: Store, making: Making, now: number): Promise<Made> {
  const { owner, batch, idempotencyKey, webhookSecret } = making;
  const { workspaceId } = owner;
  return store.transaction(async (tx) => {
    // One at a time for each workspace: they are counted, and two with one key are the same.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('asa_batches ' || $1, 0))`, [workspaceId]);
    const known = await findMade(tx, making, now);
    if (known !== null) return known;
    await checkOpen(tx, owner);
    if (idempotencyKey !== null) {
      // A key whose time is over is free again.
      await tx.query(
        'UPDATE batches SET idempotency_key = NULL WHERE workspace_id = $1 AND mode = $2 AND idempotency_key = $3',
        [workspaceId, owner.mode, idempotencyKey],
      );
    }
    const id = randomUUID();
    const [row] = await tx.query<MadeRow>(
      `INSERT INTO batches (id, workspace_id, principal, mode, endpoint, status, total_count, max_credits, created_at, expires_at, webhook_url,
                            webhook_secret, webhook_items, webhook_delivery_status, idempotency_key, body_hash)
       VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING ${MADE}`,
      [
        id,
        workspaceId,
        JSON.stringify(owner),
        owner.mode,
        batch.endpoint,
        batch.items.length,
        batch.maxCredits,
        new Date(now),
        new Date(now + BATCH_LIMITS.timeLimitMs),
        batch.webhookUrl,
        webhookSecret,
        batch.webhookEvents.includes('batch.item'),
        batch.webhookUrl === null ? 'none' : 'pending',
        idempotencyKey,
        hashOf(batch),
      ],
    );
    if (row === undefined) throw new Error('a batch was not written');
    await insertItems(tx, id, workspaceId, batch);
    // The lane last: whoever hands out turns waits for its row.
    const { weight, concurrency } = BATCH_SHARES[owner.plan];
    await tx.query(
      `INSERT INTO batch_lanes (workspace_id, vtime, turn, weight, ceiling) VALUES ($1, 0, 0, $2, $3)
       ON CONFLICT (workspace_id) DO UPDATE SET weight = $2, ceiling = $3`,
      [workspaceId, weight, concurrency],
    );
    await announce(tx, [id]);
    return toMade(row);
  });
}

const toMade = (row: MadeRow): Made => ({
  id: row.id,
  endpoint: row.endpoint,
  total: row.total_count,
  createdAt: row.created_at.toISOString(),
  webhookSecret: row.webhook_secret,
});

const hashOf = (batch: NewBatch): Buffer => createHash('sha256').update(batch.canonical).digest();

async function checkOpen(tx: Tx, { workspaceId, plan }: BatchOwner): Promise<void> {
  const [row] = await tx.query<{ open: number }>(
    'SELECT count(*) AS open FROM batches WHERE workspace_id = $1 AND completed_at IS NULL',
    [workspaceId],
  );
  const { open } = BATCH_SHARES[plan];
  if ((row?.open ?? 0) < open) return;
  throw new ApiError(
    'rate_limited',
    `The workspace has ${row?.open} batches that have not ended, the ceiling of the plan ${plan} is ${open}. Wait until one has ended, or cancel one.`,
    { retryAfterSeconds: RETRY_OPEN_SECONDS },
  );
}

/** A batch begins at the turn that its workspace has come to, so that its items stand beside those of the batches before it. */
async function insertItems(tx: Tx, id: string, workspaceId: string, { items }: NewBatch): Promise<void> {
  const leaders = leadersOf(items.map(({ params }) => JSON.stringify(params)));
  await tx.query(
    `INSERT INTO batch_items (batch_id, index, workspace_id, state, turn, leader, input, max_cost)
     SELECT $1, g.index, $2, CASE WHEN g.leader IS NULL THEN 'waiting' ELSE 'following' END,
            COALESCE((SELECT turn FROM batch_lanes WHERE workspace_id = $2), 0) + g.index, g.leader, g.input::json, g.cost
       FROM unnest($3::int[], $4::int[], $5::text[], $6::int[]) AS g (index, leader, input, cost)`,
    [
      id,
      workspaceId,
      items.map((_, index) => index),
      leaders,
      items.map(({ input }) => JSON.stringify(input)),
      items.map(({ params }) => creditsOfUnits(unitsOf(params))),
    ],
  );
}

/** For each item the index of the first one that asks for the same, or null when it is that one. Pure. */
export function leadersOf(keys: readonly string[]): (number | null)[] {
  const first = new Map<string, number>();
  return keys.map((key, index) => {
    const leader = first.get(key) ?? null;
    if (leader === null) first.set(key, index);
    return leader;
  });
}
