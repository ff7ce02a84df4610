import {
  ApiError,
  decodeCursor,
  encodeCursor,
  listPage,
  quote,
  type BatchSummary,
  type ErrorCode,
  type ListPage,
  type ListQuery,
} from '@asa/contract';
import type { Store } from '@asa/store';
import { unpackText } from '../items/compress.ts';
import { BATCH_COLUMNS, toSummary, type BatchRow } from './row.ts';

const LIST = 'batches';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Results that are in memory at once; one with the source of its page may have megabytes. */
const RESULTS_AT_ONCE = 25;

export const noBatch = (id: string): ApiError =>
  new ApiError('not_found', `There is no batch ${quote(id)} of this workspace; batches are kept for a limited time.`);

/** One batch without its results. @throws ApiError `not_found`, also for one of another workspace */
export async function readBatch(store: Store, id: string, workspaceId: string): Promise<BatchSummary> {
  const [row] = UUID.test(id)
    ? await store.query<BatchRow>(`SELECT ${BATCH_COLUMNS} FROM batches WHERE id = $1 AND workspace_id = $2`, [
        id,
        workspaceId,
      ])
    : [];
  if (row === undefined) throw noBatch(id);
  return toSummary(row);
}

/** Newest first. @throws ApiError `invalid_params` for a bad cursor */
export async function listBatches(
  store: Store,
  workspaceId: string,
  { limit, cursor }: ListQuery,
): Promise<ListPage<BatchSummary>> {
  const [at = null, id = null] = decodeCursor(LIST, ['number', 'text'], cursor) ?? [];
  if (id !== null && !UUID.test(id))
    throw new ApiError('invalid_params', `cursor ${quote(cursor ?? '')} is not a next_cursor of this list.`);
  const rows = await store.query<BatchRow>(
    `SELECT ${BATCH_COLUMNS} FROM batches
      WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
      ORDER BY created_at DESC, id DESC LIMIT $4`,
    [workspaceId, at === null ? null : new Date(at), id, limit + 1],
  );
  return listPage(rows, limit, toSummary, (row) => encodeCursor(LIST, [row.created_at.getTime(), row.id]));
}

interface ResultRow {
  index: number;
  input: string;
  http_status: number;
  error: ErrorCode | null;
  message: string | null;
  request_id: string;
  data: Buffer | null;
  duration_ms: number;
  credits: number;
  done_seq: number;
}

const RESULT =
  'index, input::text AS input, http_status, error, message, request_id, data, duration_ms, credits, done_seq';

/**
 * The results of a batch, each as JSON text, in item order.
 * @param upTo only the first so many to finish, so that they are as many as a status that was read before says. Left out: what is finished
 *   while this runs may or may not be among them.
 */
export async function* readResults(store: Store, batchId: string, upTo?: number): AsyncGenerator<string> {
  let after = -1;
  for (;;) {
    const rows = await store.query<ResultRow>(
      `SELECT ${RESULT} FROM batch_items WHERE batch_id = $1 AND index > $2 AND state = 'done'
          AND ($3::int IS NULL OR done_seq <= $3) ORDER BY index LIMIT ${RESULTS_AT_ONCE}`,
      [batchId, after, upTo ?? null],
    );
    for (const row of rows) yield await toResult(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < RESULTS_AT_ONCE) return;
    after = last.index;
  }
}

/** Some results of a batch, each as JSON text, in item order. */
export async function pickResults(
  store: Pick<Store, 'query'>,
  batchId: string,
  indices: readonly number[],
): Promise<string[]> {
  const rows = await store.query<ResultRow>(
    `SELECT ${RESULT} FROM batch_items WHERE batch_id = $1 AND index = ANY($2::int[]) AND state = 'done' ORDER BY index`,
    [batchId, indices],
  );
  return Promise.all(rows.map(toResult));
}

/** Written by hand around texts that are JSON already: parsing megabytes only to write them again would cost more than all else. */
async function toResult(row: ResultRow): Promise<string> {
  const body = row.data === null ? null : await unpackText(row.data);
  const id = JSON.stringify(row.request_id);
  const data = body === null ? 'null' : `{"request_id":${id}${body === '{}' ? '}' : `,${body.slice(1)}`}`;
  const { index, http_status, error, message, duration_ms, credits } = row;
  const status = error === null ? 'ok' : 'error';
  return `{"index":${index},"input":${row.input},"status":"${status}","http_status":${http_status},"data":${data},"error":${JSON.stringify(error)},"message":${JSON.stringify(message)},"request_id":${id},"duration_ms":${duration_ms},"credits_charged":${credits}}`;
}

/** What the stream of events tells of a finished item. */
export interface ItemEvent {
  /** In the order of finishing, from 1. */
  readonly seq: number;
  readonly index: number;
  readonly status: 'ok' | 'error';
  readonly http_status: number;
  readonly error: ErrorCode | null;
  readonly request_id: string;
  readonly credits_charged: number;
}

/** Items that finished after the one with this number, in the order of finishing. */
export async function readEvents(store: Store, batchId: string, after: number, limit: number): Promise<ItemEvent[]> {
  const rows = await store.query<ResultRow>(
    `SELECT index, http_status, error, request_id, credits, done_seq FROM batch_items
      WHERE batch_id = $1 AND done_seq > $2 ORDER BY done_seq LIMIT $3`,
    [batchId, after, limit],
  );
  return rows.map(({ done_seq, index, http_status, error, request_id, credits }) => ({
    seq: done_seq,
    index,
    status: error === null ? 'ok' : 'error',
    http_status,
    error,
    request_id,
    credits_charged: credits,
  }));
}
