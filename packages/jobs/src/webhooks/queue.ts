import { randomUUID } from 'node:crypto';
import type { Store, Tx } from '@asa/store';
import { CEILINGS, choose, full, type Waiting } from './schedule.ts';

/** Where nodes hear that there is something to send. */
export const WEBHOOK_CHANNEL = 'asa_webhooks';

/** Whoever sends an event and says nothing for so long is given up, and the event is sent again. */
const LEASE_MS = 60_000;
/** Rows looked at in one go. */
const LOOK_AT = 200;

/** Where events go. */
export interface Endpoint {
  readonly id: string;
  readonly workspaceId: string;
  readonly url: string;
  readonly secret: string;
  /** Whose endpoint it is, when it is a batch's. */
  readonly batchId: string | null;
}

export interface NewEvent {
  readonly event: string;
  /** Which of the events of this kind; the same one again is no new event. */
  readonly subject?: string;
  /** Left out: made when it is sent. */
  readonly body?: string;
}

/** An event taken to be sent. */
export interface Claimed extends Waiting {
  readonly claim: string;
  readonly event: string;
  readonly subject: string;
  readonly body: string | null;
  readonly attempts: number;
  readonly manual: boolean;
  readonly batch_id: string | null;
  readonly url: string;
  readonly secret: string;
  readonly old_secret: string | null;
  readonly old_secret_until: Date | null;
}

/** Puts an endpoint in place, once. */
export async function putEndpoint(tx: Tx, endpoint: Endpoint, now: number): Promise<void> {
  await tx.query(
    `INSERT INTO webhook_endpoints (id, workspace_id, batch_id, url, secret, created_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT DO NOTHING`,
    [endpoint.id, endpoint.workspaceId, endpoint.batchId, endpoint.url, endpoint.secret, new Date(now)],
  );
}

/** Stores events that are to be sent at once, on whatever node. They are sent if and only if the transaction is committed. */
export async function putEvents(
  tx: Tx,
  { id, workspaceId, url }: Pick<Endpoint, 'id' | 'workspaceId' | 'url'>,
  events: readonly NewEvent[],
  now: number,
): Promise<void> {
  await tx.query(
    `INSERT INTO webhook_messages (id, endpoint_id, workspace_id, lane, event, subject, body, due_at, created_at)
     SELECT e.id, $1, $2, $3, e.event, e.subject, e.body, $4, $4
     FROM unnest($5::text[], $6::text[], $7::text[], $8::text[]) AS e (id, event, subject, body)
     ON CONFLICT (endpoint_id, event, subject) DO NOTHING`,
    [
      id,
      workspaceId,
      `${workspaceId} ${new URL(url).host}`,
      new Date(now),
      events.map(() => `msg_${randomUUID().replaceAll('-', '')}`),
      events.map(({ event }) => event),
      events.map(({ subject = '' }) => subject),
      events.map(({ body = null }) => body),
    ],
  );
  await tx.query('SELECT pg_notify($1, $2)', [WEBHOOK_CHANNEL, '']);
}

/** Takes what is due and has a place. An event that was taken is due again when its lease is over. */
export async function claimDue(store: Store, atWork: readonly Waiting[], now: number): Promise<Claimed[]> {
  const { lanes, workspaces } = full(atWork);
  const due = await store.query<Waiting>(DUE, [new Date(now), lanes, workspaces, CEILINGS.lane]);
  const chosen = choose(due, atWork);
  if (chosen.length === 0) return [];
  // Another node may have been quicker: then the row is no longer due.
  return await store.query<Claimed>(
    `UPDATE webhook_messages m SET due_at = $2, claim = $3 FROM webhook_endpoints e
     WHERE m.id = ANY ($1) AND m.state = 'pending' AND m.due_at <= $4 AND e.id = m.endpoint_id
     RETURNING m.id, m.workspace_id, m.lane, m.claim, m.event, m.subject, m.body, m.attempts, m.manual,
       e.batch_id, e.url, e.secret, e.old_secret, e.old_secret_until`,
    [chosen.map(({ id }) => id), new Date(now + LEASE_MS), randomUUID(), new Date(now)],
  );
}

/**
 * The oldest of each lane, as many as it has places: from lane to lane through the index, so that thousands of events that wait behind a slow
 * target are not looked at again and again.
 */
const DUE = `
WITH RECURSIVE lanes AS (
  (SELECT lane FROM webhook_messages WHERE state = 'pending' ORDER BY lane LIMIT 1)
  UNION ALL
  SELECT (SELECT m.lane FROM webhook_messages m WHERE m.state = 'pending' AND m.lane > l.lane ORDER BY m.lane LIMIT 1)
    FROM lanes l WHERE l.lane IS NOT NULL
)
SELECT m.id, m.workspace_id, m.lane
  FROM lanes l CROSS JOIN LATERAL (
    SELECT id, workspace_id, lane, due_at FROM webhook_messages
     WHERE state = 'pending' AND lane = l.lane AND due_at <= $1 ORDER BY due_at LIMIT $4
  ) m
 WHERE l.lane <> ALL ($2) AND m.workspace_id <> ALL ($3)
 ORDER BY m.due_at LIMIT ${LOOK_AT}`;

/** Gives back what was not sent. */
export async function unclaim(store: Store, { id, claim }: Claimed, now: number): Promise<void> {
  await store.query('UPDATE webhook_messages SET due_at = $3, claim = NULL WHERE id = $1 AND claim = $2', [
    id,
    claim,
    new Date(now),
  ]);
}
