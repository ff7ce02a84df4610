import {
  ApiError,
  decodeCursor,
  encodeCursor,
  listPage,
  quote,
  type WebhookDelivery,
  type DeliveryAttempt,
  type ListPage,
  type ListQuery,
} from '@asa/contract';
import type { Store, Tx } from '@asa/store';

const LIST = 'deliveries';

interface Row {
  id: string;
  event: string;
  subject: string;
  state: WebhookDelivery['status'];
  due_at: Date;
  created_at: Date;
  delivered_at: Date | null;
  last_error: string | null;
}

interface AttemptRow {
  message_id: string;
  n: number;
  manual: boolean;
  started_at: Date;
  duration_ms: number;
  status: number | null;
  error: string | null;
  response: string;
}

const COLUMNS = 'id, event, subject, state, due_at, created_at, delivered_at, last_error';

/** Which events are meant: those of an endpoint, when it is the workspace's. */
export interface DeliveryQuery extends ListQuery {
  readonly workspaceId: string;
  readonly endpointId: string;
}

/** The events of an endpoint and every attempt at them, newest first. Empty when there is none. @throws ApiError `invalid_params` for a bad cursor */
export async function listDeliveries(store: Store, query: DeliveryQuery): Promise<ListPage<WebhookDelivery>> {
  const { workspaceId, endpointId, limit, cursor } = query;
  const before = decodeCursor(LIST, ['number', 'text'], cursor);
  const rows = await store.query<Row>(
    `SELECT ${COLUMNS} FROM webhook_messages WHERE endpoint_id = $1 AND workspace_id = $2
       AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4)) ORDER BY created_at DESC, id DESC LIMIT $5`,
    [endpointId, workspaceId, before === null ? null : new Date(before[0]), before?.[1] ?? null, limit + 1],
  );
  const attempts = await attemptsOf(
    store,
    rows.map(({ id }) => id),
  );
  return listPage(
    rows,
    limit,
    (row) => toDelivery(row, attempts.get(row.id) ?? []),
    ({ created_at, id }) => encodeCursor(LIST, [created_at.getTime(), id]),
  );
}

/** Which event is to be sent again, and whose it must be. */
export interface Redelivery {
  readonly workspaceId: string;
  readonly batchId: string;
  /** Null: `batch.completed`. */
  readonly deliveryId: string | null;
}

/**
 * Begins a new round of attempts at an event of a batch, the first of them at once. One that is being sent right now goes on as it is.
 * @throws ApiError `invalid_params` when there is nothing to send yet; `not_found` when there is no such delivery
 */
export async function redeliver(store: Store, redelivery: Redelivery, now: number): Promise<WebhookDelivery> {
  const { workspaceId, batchId, deliveryId } = redelivery;
  const row = await store.transaction(async (tx) => {
    const found = await findDelivery(tx, redelivery);
    if (found === undefined) return undefined;
    const [changed] = await tx.query<Row>(
      `UPDATE webhook_messages SET state = 'pending', attempts = 0, manual = true, due_at = $2, claim = NULL
       WHERE id = $1 AND (claim IS NULL OR due_at <= $2) RETURNING ${COLUMNS}`,
      [found.id, new Date(now)],
    );
    if (changed !== undefined && changed.event === 'batch.completed')
      await tx.query(`UPDATE batches SET webhook_delivery_status = 'pending' WHERE id = $1`, [batchId]);
    return changed ?? found;
  });
  if (row !== undefined) return toDelivery(row, (await attemptsOf(store, [row.id])).get(row.id) ?? []);
  if (deliveryId !== null)
    throw new ApiError('not_found', `The batch ${quote(batchId)} has no delivery ${quote(deliveryId)}.`);
  const [batch] = await store.query<{ webhook_url: string | null }>(
    'SELECT webhook_url FROM batches WHERE id = $1 AND workspace_id = $2',
    [batchId, workspaceId],
  );
  if (batch === undefined) throw new ApiError('not_found', `There is no batch ${quote(batchId)} of this workspace.`);
  throw new ApiError(
    'invalid_params',
    batch.webhook_url === null
      ? `The batch ${batchId} was made without a webhook_url; there is nothing to send.`
      : `The batch ${batchId} has not ended; its event is sent when it has.`,
  );
}

async function findDelivery(tx: Tx, { workspaceId, batchId, deliveryId }: Redelivery): Promise<Row | undefined> {
  const [row] = await tx.query<Row>(
    `SELECT ${COLUMNS} FROM webhook_messages WHERE endpoint_id = $1 AND workspace_id = $2
       AND ($3::text IS NOT NULL AND id = $3 OR $3::text IS NULL AND event = 'batch.completed') FOR UPDATE`,
    [batchId, workspaceId, deliveryId],
  );
  return row;
}

async function attemptsOf(store: Store, ids: readonly string[]): Promise<Map<string, AttemptRow[]>> {
  const rows = await store.query<AttemptRow>(
    'SELECT * FROM webhook_attempts WHERE message_id = ANY ($1) ORDER BY message_id, n DESC',
    [ids],
  );
  return Map.groupBy(rows, (row) => row.message_id);
}

const toAttempt = (row: AttemptRow): DeliveryAttempt => ({
  n: row.n,
  started_at: row.started_at.toISOString(),
  duration_ms: row.duration_ms,
  http_status: row.status,
  error: row.error,
  response: row.response,
  manual: row.manual,
});

const toDelivery = (row: Row, attempts: readonly AttemptRow[]): WebhookDelivery => ({
  id: row.id,
  event: row.event,
  index: row.event === 'batch.item' ? Number(row.subject) : null,
  status: row.state,
  created_at: row.created_at.toISOString(),
  delivered_at: row.delivered_at?.toISOString() ?? null,
  next_attempt_at: row.state === 'pending' ? row.due_at.toISOString() : null,
  last_error: row.last_error,
  attempts: attempts.map(toAttempt),
});
