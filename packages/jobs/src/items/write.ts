import { BATCH_LIMITS, type ErrorCode } from '@asa/contract';
import type { Store, Tx } from '@asa/store';
import type { BatchHooks } from '../seam.ts';
import { endIfOver, type BatchRow, BATCH_COLUMNS, hookedOf } from '../batches/row.ts';

/** What is to be written of a try. Each is written only while the try is still this one's. */
export type Ending = Try & (Result | Again);

interface Try {
  readonly batchId: string;
  readonly index: number;
  readonly claimId: string;
}

/** The item's result, which is final. */
interface Result {
  readonly kind: 'result';
  readonly requestId: string;
  readonly httpStatus: number;
  readonly error: ErrorCode | null;
  readonly message: string | null;
  /** Compressed; null on an error, and for a result that was kept before. */
  readonly data: Buffer | null;
  readonly credits: number;
  readonly durationMs: number;
  /** The time of the batch was over before. */
  readonly isLate: boolean;
}

/** The item is to be tried again. */
interface Again {
  readonly kind: 'again';
  /** When; null: at once. */
  readonly at: number | null;
  /** Whether the try that ended counts among those it has. */
  readonly counts: boolean;
}

/** What one transaction wrote. */
export interface Written {
  /** Batches with new results. */
  readonly batches: readonly string[];
  /** Items that can be claimed now: copies of finished ones, and items tried again at once. */
  readonly freed: boolean;
}

/**
 * Writes the endings of tries in one transaction, durable when it resolves: results, in the order of finishing, with the counts of their
 * batches; copies whose original is done become claimable; a batch whose last item this was ends, and its webhook is told.
 */
export async function writeEndings(
  store: Store,
  hooks: BatchHooks,
  endings: readonly Ending[],
  now: number,
): Promise<Written> {
  return store.transaction(async (tx) => {
    const ids = [...new Set(endings.map((ending) => ending.batchId))].toSorted();
    // First and in one order, so that two transactions never wait for each other crosswise.
    const batches = await tx.query<BatchRow>(
      `SELECT ${BATCH_COLUMNS} FROM batches WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
      [ids],
    );
    let freed = false;
    for (const batch of batches) {
      const own = endings.filter((ending) => ending.batchId === batch.id);
      const results = own.filter((ending) => ending.kind === 'result');
      const again = own.filter((ending) => ending.kind === 'again');
      freed = (await putBack(tx, batch, again)) || freed;
      const done = await writeResults(tx, batch, results);
      const free = await count(tx, batch, done, now);
      freed = freed || free;
      if (batch.webhook_items && done.length > 0) {
        const hooked = hookedOf(batch);
        if (hooked !== null)
          await hooks.itemsDone(
            tx,
            hooked,
            done.map(({ index }) => index),
          );
      }
      await endIfOver(tx, hooks, batch.id, now);
    }
    await announce(tx, ids);
    return { batches: ids, freed };
  });
}

interface Done {
  index: number;
  ok: boolean;
  credits: number;
  late: boolean;
}

async function writeResults(tx: Tx, batch: BatchRow, results: readonly (Try & Result)[]): Promise<Done[]> {
  if (results.length === 0) return [];
  const rows = await tx.query<Omit<Done, 'late'>>(
    `WITH given AS (
       SELECT * FROM unnest($3::int[], $4::text[], $5::text[], $6::smallint[], $7::text[], $8::text[], $9::bytea[], $10::bigint[], $11::float8[])
         WITH ORDINALITY AS g (index, claim_id, request_id, http_status, error, message, data, credits, duration_ms, place)
     ), own AS (
       SELECT g.*, row_number() OVER (ORDER BY g.place) AS rank FROM given g
        WHERE EXISTS (SELECT FROM batch_items i WHERE i.batch_id = $1 AND i.index = g.index AND i.claim_id = g.claim_id
                         AND i.state IN ('running', 'settling', 'recovering'))
     )
     UPDATE batch_items i
        SET state = 'done', request_id = o.request_id, http_status = o.http_status, error = o.error, message = o.message,
            data = CASE WHEN o.error IS NULL THEN COALESCE(o.data, i.data) END, credits = o.credits, duration_ms = o.duration_ms,
            draft = NULL, claim_id = NULL, node_id = NULL, done_seq = $2 + o.rank
       FROM own o WHERE i.batch_id = $1 AND i.index = o.index AND i.claim_id = o.claim_id
     RETURNING i.index, i.error IS NULL AS ok, i.credits`,
    [
      batch.id,
      batch.processed_count,
      results.map((result) => result.index),
      results.map((result) => result.claimId),
      results.map((result) => result.requestId),
      results.map((result) => result.httpStatus),
      results.map((result) => result.error),
      results.map((result) => result.message),
      results.map((result) => result.data),
      results.map((result) => result.credits),
      results.map((result) => result.durationMs),
    ],
  );
  const late = new Set(results.filter((result) => result.isLate).map((result) => result.index));
  return rows.map((row) => ({ ...row, late: late.has(row.index) }));
}

/** Counts the results; copies of what is done may be claimed. Answers whether there were some. */
async function count(tx: Tx, batch: BatchRow, done: readonly Done[], now: number): Promise<boolean> {
  if (done.length === 0) return false;
  const succeeded = done.filter(({ ok }) => ok).length;
  await tx.query(
    `UPDATE batches SET processed_count = processed_count + $2, success_count = success_count + $3, failure_count = failure_count + $2 - $3,
            credits_charged = credits_charged + $4,
            status = CASE WHEN $5 AND status IN ('pending', 'running') THEN 'failed' ELSE status END,
            started_at = COALESCE(started_at, $6)
      WHERE id = $1`,
    [
      batch.id,
      done.length,
      succeeded,
      done.reduce((sum, { credits }) => sum + credits, 0),
      done.some(({ late }) => late),
      new Date(now),
    ],
  );
  const freed = await tx.query(
    `UPDATE batch_items SET state = 'waiting' WHERE batch_id = $1 AND state = 'following' AND leader = ANY($2::int[]) RETURNING index`,
    [batch.id, done.map(({ index }) => index)],
  );
  return freed.length > 0;
}

/** Items whose batch was cancelled meanwhile are not tried again. Answers whether one may be claimed at once. */
async function putBack(tx: Tx, batch: BatchRow, again: readonly (Try & Again)[]): Promise<boolean> {
  if (again.length === 0) return false;
  const cancelled = batch.status === 'cancelled';
  const state = (at: number | null): string => (cancelled ? 'cancelled' : at === null ? 'waiting' : 'delayed');
  const rows = await tx.query<{ state: string }>(
    `UPDATE batch_items i
        SET state = g.state, ready_at = g.ready_at, tries = LEAST(i.tries + g.counts::int, ${BATCH_LIMITS.retries}),
            claim_id = NULL, node_id = NULL, request_id = NULL, data = NULL, draft = NULL
       FROM unnest($2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::bool[]) AS g (index, claim_id, state, ready_at, counts)
      WHERE i.batch_id = $1 AND i.index = g.index AND i.claim_id = g.claim_id AND i.state IN ('running', 'settling', 'recovering')
     RETURNING i.state`,
    [
      batch.id,
      again.map(({ index }) => index),
      again.map(({ claimId }) => claimId),
      again.map(({ at }) => state(at)),
      again.map(({ at }) => (at === null || cancelled ? null : new Date(at))),
      again.map(({ counts }) => counts),
    ],
  );
  return rows.some((row) => row.state === 'waiting');
}

/** The channel on which nodes tell each other that something happened to batches; the text is a batch's id. */
export const CHANNEL = 'asa_batches';

/** Wakes every node when the transaction is committed. */
export async function announce(tx: Tx, batchIds: readonly string[]): Promise<void> {
  await tx.query(`SELECT pg_notify('${CHANNEL}', id) FROM unnest($1::text[]) AS id`, [batchIds]);
}
