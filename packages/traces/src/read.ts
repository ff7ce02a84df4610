import {
  decodeCursor,
  encodeCursor,
  listPage,
  type ErrorCode,
  type ListPage,
  type ListQuery,
  type Trace,
  type TraceSummary,
} from '@asa/contract';
import type { Store } from '@asa/store';

/** Which traces a list shows; null or absent: all. */
export interface TraceQuery extends ListQuery {
  readonly workspaceId?: string | null;
  /** HTTP status of the answer. */
  readonly status?: number | null;
  readonly error?: ErrorCode | null;
  /** Short prefix of the key. */
  readonly key?: string | null;
}

const LIST = 'requests';
const SUMMARY = `request_id, workspace_id, key, endpoint, params, received_at, status, error, credits, duration_ms, resolved_url`;

interface Row {
  request_id: string;
  workspace_id: string;
  key: string;
  endpoint: string;
  params: Trace['params'];
  received_at: Date;
  status: number;
  error: ErrorCode | null;
  credits: number;
  duration_ms: number;
  resolved_url: string | null;
}

/** One trace with everything it has; null when there is none, or when it is another workspace's. */
export async function readTrace(store: Store, requestId: string, workspaceId: string | null): Promise<Trace | null> {
  if (requestId.includes('\0')) return null;
  const [row] = await store.query<Row & { detail: Pick<Trace, 'extractor' | 'attempts' | 'stages'> }>(
    `SELECT ${SUMMARY}, detail FROM traces WHERE request_id = $1 AND ($2::text IS NULL OR workspace_id = $2)`,
    [requestId, workspaceId],
  );
  return row === undefined ? null : { ...toSummary(row), ...row.detail };
}

/**
 * A page of traces, newest first by the time the requests were received. A request that was received before the cursor's and ends later
 * shows up in its place, so a reader of later pages sees it too.
 */
export async function listTraces(store: Store, query: TraceQuery): Promise<ListPage<TraceSummary>> {
  const { limit, cursor } = query;
  const values: unknown[] = [];
  const next = (value: unknown): string => `$${values.push(value)}`;
  const where: string[] = [];
  for (const [column, value] of Object.entries({
    workspace_id: query.workspaceId,
    status: query.status,
    error: query.error,
    key: query.key,
  })) {
    if (typeof value === 'string' && value.includes('\0')) return { items: [], nextCursor: null };
    if (value !== undefined && value !== null) where.push(`${column} = ${next(value)}`);
  }
  const before = decodeCursor(LIST, ['number', 'text'], cursor);
  if (before !== null) where.push(`(received_at, request_id) < (${next(new Date(before[0]))}, ${next(before[1])})`);
  const rows = await store.query<Row>(
    `SELECT ${SUMMARY} FROM traces ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
      ORDER BY received_at DESC, request_id DESC LIMIT ${next(limit + 1)}`,
    values,
  );
  return listPage(rows, limit, toSummary, (row) => encodeCursor(LIST, [row.received_at.getTime(), row.request_id]));
}

const toSummary = (row: Row): TraceSummary => ({
  request_id: row.request_id,
  workspace: row.workspace_id,
  key: row.key,
  endpoint: row.endpoint,
  params: row.params,
  received_at: row.received_at.toISOString(),
  status: row.status,
  error: row.error,
  credits: row.credits,
  duration_ms: row.duration_ms,
  resolved_url: row.resolved_url,
});
