import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Store } from '@asa/store';
import { startTestStore } from '@asa/store/testing';
import { newSecret } from '../../../src/webhooks/signature.ts';
import { createWebhooks, type Webhooks, type WebhooksOptions } from '../../../src/webhooks/webhooks.ts';

export const MINUTE = 60_000;

export interface House {
  readonly store: Store;
  readonly hooks: Webhooks;
  /** Stands until it is moved. */
  readonly clock: { ms: number };
  /** A batch that has ended, with the event of its end stored. */
  readonly endBatch: (url: string, more?: { workspaceId?: string; items?: number }) => Promise<EndedBatch>;
  /** Looks for what is due, sends it, and waits for the end of that. */
  readonly run: () => Promise<void>;
  /** What the batch says about its webhook. */
  readonly fields: (id: string) => Promise<{ status: string; at: string | null; error: string | null }>;
}

export interface EndedBatch {
  readonly id: string;
  readonly secret: string;
  readonly workspaceId: string;
}

/** Webhooks on a fresh database; targets may be on the loopback. */
export async function startHouse(t: TestContext, options: Partial<WebhooksOptions> = {}): Promise<House> {
  const clock = { ms: Date.parse('2026-05-20T10:00:00.000Z') };
  const { store, close } = await startTestStore();
  t.after(close);
  const hooks = createWebhooks({
    store,
    policy: { allowPrivate: true },
    bodyOf: async ({ batch_id, event, subject }) => JSON.stringify({ batch_id, event, subject }),
    now: () => clock.ms,
    graceMs: 0,
    ...options,
  });
  t.after(() => hooks.close());
  return {
    store,
    hooks,
    clock,
    async endBatch(url, { workspaceId = 'ws_1', items = 0 } = {}) {
      const id = randomUUID();
      const secret = newSecret();
      await store.query(
        `INSERT INTO batches (id, workspace_id, principal, mode, endpoint, status, total_count, created_at, expires_at,
           webhook_url, webhook_secret, webhook_delivery_status, body_hash)
         VALUES ($1, $2, '{}', 'live', 'amazon.product', 'complete', 1, $3, $3, $4, $5, 'pending', '')`,
        [id, workspaceId, new Date(clock.ms), url, secret],
      );
      const batch = { id, workspaceId, webhookUrl: url, webhookSecret: secret };
      await store.transaction(async (tx) => {
        if (items > 0) await hooks.batches.itemsDone(tx, batch, [...Array(items).keys()]);
        await hooks.batches.batchEnded(tx, batch);
      });
      return { id, secret, workspaceId };
    },
    async run() {
      await hooks.wake();
      await hooks.settled();
    },
    async fields(id) {
      const [row] = await store.query<{ status: string; at: Date | null; error: string | null }>(
        `SELECT webhook_delivery_status AS status, webhook_delivered_at AS at, webhook_last_error AS error
         FROM batches WHERE id = $1`,
        [id],
      );
      if (row === undefined) throw new Error('no such batch');
      return { ...row, at: row.at?.toISOString() ?? null };
    },
  };
}
