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
 * batches; copies whose original is done become claimable; a batch whose last item this was ends, and its webhook is told. So many statements,
 * however many batches they are of.
 */
export async function writeEndings(
  store: Store,
  hooks: BatchHooks,
  endings: readonly Ending[],
  now: number,
): Promise<Written> {
  return store.steadyTransaction(async (tx) => {
    const ids = [...new Set(endings.map((ending) => ending.batchId))].toSorted();
    // First and in one order, so that two transactions never wait for each other crosswise.
    const rows = await tx.query<BatchRow>(LOCK, [ids]);
    const batches = new Map(rows.map((row) => [row.id, row]));
    const backAtOnce = await putBack(
      tx,
      batches,
      endings.filter((ending) => ending.kind === 'again'),
    );
    const done = await writeResults(
      tx,
      endings.filter((ending) => ending.kind === 'result'),
    );
    const copies = await count(tx, done, now);
    for (const [id, items] of Map.groupBy(done, (item) => item.batch_id)) {
      const batch = batches.get(id);
      const hooked = batch?.webhook_items === true ? hookedOf(batch) : null;
      const indices = items.map(({ index }) => index);
      if (hooked !== null) await hooks.itemsDone(tx, hooked, indices);
    }
    await endIfOver(tx, hooks, ids, now);
    await announce(tx, ids);
    return { batches: ids, freed: backAtOnce || copies };
  });
}

const LOCK = {
  name: 'jobs_lock_batches',
  text: `SELECT ${BATCH_COLUMNS} FROM batches WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
};

interface Done {
  batch_id: string;
  index: number;
  ok: boolean;
  credits: number;
  late: boolean;
}

const RESULTS = {
  name: 'jobs_results',
  text: `WITH given AS (
       SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::text[], $8::bytea[], $9::bigint[],
                            $10::float8[], $11::bool[])
         WITH ORDINALITY AS g (batch_id, index, claim_id, request_id, http_status, error, message, data, credits, duration_ms, late, place)
     ), own AS (
       SELECT g.*, b.processed_count + row_number() OVER (PARTITION BY g.batch_id ORDER BY g.place) AS seq
         FROM given g JOIN batches b ON b.id = g.batch_id
        WHERE EXISTS (SELECT FROM batch_items i WHERE i.batch_id = g.batch_id AND i.index = g.index AND i.claim_id = g.claim_id
                         AND i.state IN ('running', 'settling', 'recovering'))
     )
     UPDATE batch_items i
        SET state = 'done', request_id = o.request_id, http_status = o.http_status, error = o.error, message = o.message,
            data = CASE WHEN o.error IS NULL THEN COALESCE(o.data, i.data) END, credits = o.credits, duration_ms = o.duration_ms,
            draft = NULL, claim_id = NULL, node_id = NULL, done_seq = o.seq
       FROM own o WHERE i.batch_id = o.batch_id AND i.index = o.index AND i.claim_id = o.claim_id
     RETURNING i.batch_id, i.index, i.error IS NULL AS ok, i.credits, o.late`,
};

async function writeResults(tx: Tx, results: readonly (Try & Result)[]): Promise<Done[]> {
  if (results.length === 0) return [];
  return tx.query<Done>(RESULTS, [
    results.map((result) => result.batchId),
    results.map((result) => result.index),
    results.map((result) => result.claimId),
    results.map((result) => result.requestId),
    results.map((result) => result.httpStatus),
    results.map((result) => result.error),
    results.map((result) => result.message),
    results.map((result) => result.data),
    results.map((result) => result.credits),
    results.map((result) => result.durationMs),
    results.map((result) => result.isLate),
  ]);
}

const COUNT = {
  name: 'jobs_count',
  text: `UPDATE batches b
        SET processed_count = b.processed_count + d.items, success_count = b.success_count + d.succeeded,
            failure_count = b.failure_count + d.items - d.succeeded, credits_charged = b.credits_charged + d.credits,
            status = CASE WHEN d.late AND b.status IN ('pending', 'running') THEN 'failed' ELSE b.status END,
            started_at = COALESCE(b.started_at, $5)
       FROM (SELECT batch_id, count(*) AS items, count(*) FILTER (WHERE ok) AS succeeded, sum(credits) AS credits, bool_or(late) AS late
               FROM unnest($1::uuid[], $2::bool[], $3::bigint[], $4::bool[]) AS g (batch_id, ok, credits, late) GROUP BY batch_id) d
      WHERE b.id = d.batch_id`,
};

const FREE_COPIES = {
  name: 'jobs_free_copies',
  // Found by the index for each: joined, the planner would look through the copies of all batches. Their batch is locked, so they stay where they are.
  text: `UPDATE batch_items i SET state = 'waiting'
      WHERE i.ctid = ANY(ARRAY(
              SELECT f.row FROM unnest($1::uuid[], $2::int[]) AS g (batch_id, index) CROSS JOIN LATERAL (
                SELECT ctid AS row FROM batch_items WHERE batch_id = g.batch_id AND leader = g.index AND state = 'following' OFFSET 0) f))
     RETURNING i.index`,
};

/** Counts the results; copies of what is done may be claimed. Answers whether there were some. */
async function count(tx: Tx, done: readonly Done[], now: number): Promise<boolean> {
  if (done.length === 0) return false;
  const items = [done.map((item) => item.batch_id), done.map((item) => item.index)];
  await tx.query(COUNT, [
    items[0],
    done.map(({ ok }) => ok),
    done.map(({ credits }) => credits),
    done.map(({ late }) => late),
    new Date(now),
  ]);
  const freed = await tx.query(FREE_COPIES, items);
  return freed.length > 0;
}

const PUT_BACK = {
  name: 'jobs_put_back',
  text: `UPDATE batch_items i
        SET state = g.state, ready_at = g.ready_at, tries = LEAST(i.tries + g.counts::int, ${BATCH_LIMITS.retries}),
            claim_id = NULL, node_id = NULL, request_id = NULL, data = NULL, draft = NULL
       FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::bool[])
              AS g (batch_id, index, claim_id, state, ready_at, counts)
      WHERE i.batch_id = g.batch_id AND i.index = g.index AND i.claim_id = g.claim_id
        AND i.state IN ('running', 'settling', 'recovering')
     RETURNING i.state`,
};

/** Items whose batch was cancelled meanwhile are not tried again. Answers whether one may be claimed at once. */
async function putBack(
  tx: Tx,
  batches: ReadonlyMap<string, BatchRow>,
  again: readonly (Try & Again)[],
): Promise<boolean> {
  if (again.length === 0) return false;
  const isCancelled = ({ batchId }: Try): boolean => batches.get(batchId)?.status === 'cancelled';
  const stateOf = (one: Try & Again): string =>
    isCancelled(one) ? 'cancelled' : one.at === null ? 'waiting' : 'delayed';
  const rows = await tx.query<{ state: string }>(PUT_BACK, [
    again.map(({ batchId }) => batchId),
    again.map(({ index }) => index),
    again.map(({ claimId }) => claimId),
    again.map(stateOf),
    again.map((one) => (one.at === null || isCancelled(one) ? null : new Date(one.at))),
    again.map(({ counts }) => counts),
  ]);
  return rows.some((row) => row.state === 'waiting');
}

/** The channel on which nodes tell each other that something happened to batches; the text is a batch's id. */
export const CHANNEL = 'asa_batches';

const ANNOUNCE = {
  name: 'jobs_announce',
  text: `SELECT pg_notify('${CHANNEL}', id) FROM unnest($1::text[]) AS id`,
};

/** Wakes every node when the transaction is committed. */
export async function announce(tx: Tx, batchIds: readonly string[]): Promise<void> {
  await tx.query(ANNOUNCE, [batchIds]);
}
