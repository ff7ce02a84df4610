import type { BatchEndpoint } from '@asa/contract';
import type { Store, Tx } from '@asa/store';
import type { BatchOwner, Copied } from '../types.ts';
import { unpackText } from './compress.ts';

/** A try that this node has just claimed. */
export interface Claimed {
  readonly batchId: string;
  readonly index: number;
  readonly claimId: string;
  readonly tries: number;
  readonly input: Record<string, unknown>;
  readonly endpoint: BatchEndpoint;
  readonly owner: BatchOwner;
  readonly expiresAt: number;
  readonly copyOf: Copied | null;
}

interface Row {
  batch_id: string;
  index: number;
  claim_id: string;
  tries: number;
  input: Record<string, unknown>;
  endpoint: BatchEndpoint;
  principal: BatchOwner;
  expires_at: Date;
  leader: number | null;
  leader_request: string | null;
  leader_error: (Copied & { ok: false })['error'] | null;
  leader_message: string | null;
  leader_data: Buffer | null;
}

/** Whoever hands out turns holds this: "ASAturn" in ASCII. */
const TURNS_LOCK = '18387414078026350';

/** Taken by everything that changes which items may be claimed other than by adding some. Ends with the transaction. */
export async function lockTurns(tx: Tx): Promise<void> {
  // What is claimed is no loss when it is forgotten: nothing is paid for before the claim, too, is on the disk.
  await tx.query(LOCK, [TURNS_LOCK]);
}
const LOCK = {
  name: 'jobs_lock_turns',
  text: `SELECT pg_advisory_xact_lock($1), set_config('synchronous_commit', 'off', true)`,
};

/** Whether an item may be claimed now, and when the next one that waits for its time may be. One cheap look, without a lock. */
export async function lookForWork(store: Store, now: number): Promise<{ waiting: boolean; nextAt: number | null }> {
  const [row] = await store.query<{ waiting: boolean; next_at: Date | null }>(
    `SELECT EXISTS (SELECT FROM batch_items WHERE state = 'waiting') AS waiting,
            (SELECT min(ready_at) FROM batch_items WHERE state = 'delayed') AS next_at`,
  );
  const nextAt = row?.next_at?.getTime() ?? null;
  return { waiting: row?.waiting === true || (nextAt !== null && nextAt <= now), nextAt };
}

/**
 * Claims up to as many tries as there are ids, in the order of fair queueing: start-time fair queueing between workspaces (each has a virtual
 * time that advances by 1 / weight with every item; the lowest is served next, and one that was idle begins at the time of the one served
 * last), and turns within a workspace, which its batches were given side by side. A workspace never has more items at work than its ceiling.
 */
export async function claim(
  store: Store,
  { claimIds, now }: { readonly claimIds: readonly string[]; readonly now: number },
): Promise<Claimed[]> {
  const rows = await store.steadyTransaction(async (tx) => {
    await lockTurns(tx);
    const at = new Date(now);
    await tx.query(READY, [at]);
    return tx.query<Row>(CLAIM, [claimIds, claimIds.length, store.node.id, at]);
  });
  return Promise.all(rows.map(toClaimed));
}

const READY = {
  name: 'jobs_ready',
  text: `UPDATE batch_items SET state = 'waiting', ready_at = NULL WHERE state = 'delayed' AND ready_at <= $1`,
};

/**
 * The rows are found again by where they lie (nobody else moves an item that waits), because by its key the planner looks through all items there
 * are while its statistics say that there are few.
 */
const CLAIM = {
  name: 'jobs_claim',
  text: `
WITH RECURSIVE active AS (
  (SELECT workspace_id FROM batch_items WHERE state = 'waiting' ORDER BY workspace_id LIMIT 1)
  UNION ALL
  SELECT (SELECT i.workspace_id FROM batch_items i WHERE i.state = 'waiting' AND i.workspace_id > a.workspace_id ORDER BY i.workspace_id LIMIT 1)
    FROM active a WHERE a.workspace_id IS NOT NULL
), lanes AS (
  SELECT * FROM (
    SELECT l.workspace_id, GREATEST(l.vtime, c.vtime) AS vtime, l.weight,
           l.ceiling - (SELECT count(*) FROM batch_items b
                         WHERE b.workspace_id = l.workspace_id AND b.state IN ('running', 'settling', 'recovering')) AS room
      FROM active a JOIN batch_lanes l USING (workspace_id) CROSS JOIN batch_clock c
  ) l WHERE room > 0 ORDER BY vtime LIMIT $2
), candidates AS MATERIALIZED (
  SELECT l.workspace_id, i.batch_id, i.turn, i.row,
         l.vtime + (i.place - 1)::float8 / l.weight AS start, l.vtime + i.place::float8 / l.weight AS finish
    FROM lanes l CROSS JOIN LATERAL (
      SELECT batch_id, turn, ctid AS row, row_number() OVER (ORDER BY turn, batch_id, index) AS place
        FROM batch_items WHERE workspace_id = l.workspace_id AND state = 'waiting'
       ORDER BY turn, batch_id, index LIMIT LEAST(l.room, $2)
    ) i
   ORDER BY start, turn LIMIT $2
), claimed AS (
  UPDATE batch_items i SET state = 'running', claim_id = ($1::text[])[c.place], node_id = $3
    FROM (SELECT *, row_number() OVER (ORDER BY start, turn) AS place FROM candidates) c
   WHERE i.ctid = c.row AND i.claim_id IS NULL
  RETURNING i.batch_id, i.index, i.claim_id, i.tries, i.input, i.leader
), advanced AS (
  UPDATE batch_lanes l SET vtime = m.finish, turn = GREATEST(l.turn, m.turn)
    FROM (SELECT workspace_id, max(finish) AS finish, max(turn) AS turn FROM candidates GROUP BY workspace_id) m
   WHERE l.workspace_id = m.workspace_id
), clock AS (
  UPDATE batch_clock SET vtime = GREATEST(vtime, (SELECT max(start) FROM candidates)) WHERE EXISTS (SELECT FROM candidates)
), begun AS (
  UPDATE batches SET status = 'running', started_at = $4
   WHERE id = ANY(ARRAY(SELECT batch_id FROM candidates)) AND status = 'pending'
)
SELECT c.*, b.endpoint, b.principal, b.expires_at, l.request_id AS leader_request, l.error AS leader_error,
       l.message AS leader_message, l.data AS leader_data
  FROM claimed c JOIN batches b ON b.id = c.batch_id
  LEFT JOIN batch_items l ON l.batch_id = c.batch_id AND l.index = c.leader`,
};

async function toClaimed(row: Row): Promise<Claimed> {
  return {
    batchId: row.batch_id,
    index: row.index,
    claimId: row.claim_id,
    tries: row.tries,
    input: row.input,
    endpoint: row.endpoint,
    owner: row.principal,
    expiresAt: row.expires_at.getTime(),
    copyOf: row.leader === null ? null : await copied(row),
  };
}

async function copied(row: Row): Promise<Copied | null> {
  const { leader_request: requestId, leader_error: error, leader_message: message, leader_data: data } = row;
  if (requestId === null) return null;
  if (error !== null) return { ok: false, requestId, error, message: message ?? '' };
  return data === null ? null : { ok: true, requestId, body: await unpackText(data) };
}
