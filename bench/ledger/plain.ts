/**
 * The plain way of a ledger: one statement that updates the balance row per request, as the service did it before there were groups
 * (without a chain). On tables of its own, made like the real ones.
 */
import type { Store } from '@asa/store';

const HOLD = {
  name: 'plain_hold',
  text: `
WITH locked AS MATERIALIZED (
  SELECT allowance_left, topup_left, held, period, resets_at FROM plain_balances WHERE workspace_id = $1 FOR UPDATE
), judged AS MATERIALIZED (
  SELECT LEAST(allowance_left, $3::bigint) AS allowance,
         $3::bigint - LEAST(allowance_left, $3::bigint) AS topup,
         allowance_left, topup_left, held, period,
         allowance_left + topup_left AS available,
         CASE WHEN resets_at <= $6 THEN 'reset'
              WHEN EXISTS (SELECT FROM plain_entries WHERE request_id = $2)
                OR EXISTS (SELECT FROM traces WHERE request_id = $2) THEN 'duplicate'
              WHEN allowance_left + topup_left < $3 THEN 'insufficient'
              ELSE 'held' END AS status
    FROM locked
), spent AS (
  UPDATE plain_balances b
     SET allowance_left = j.allowance_left - j.allowance, topup_left = j.topup_left - j.topup, held = j.held + $3
    FROM judged j WHERE b.workspace_id = $1 AND j.status = 'held'
), opened AS (
  INSERT INTO plain_holds (request_id, workspace_id, key_id, node_id, allowance, topup, period, opened_at)
  SELECT $2, $1, $4, $5, allowance, topup, period, $6 FROM judged WHERE status = 'held'
), written AS (
  INSERT INTO plain_entries (workspace_id, kind, amount, allowance, topup, period, request_id, key_id, created_at)
  SELECT $1, 'hold', -$3::bigint, -allowance, -topup, period, $2, $4, $6 FROM judged WHERE status = 'held'
)
SELECT status, allowance, topup, period, available FROM judged`,
};

const SETTLE = {
  name: 'plain_settle',
  text: `
WITH locked AS MATERIALIZED (
  SELECT allowance_left, topup_left, held, period FROM plain_balances WHERE workspace_id = $1 FOR UPDATE
), gone AS (
  DELETE FROM plain_holds h USING locked
   WHERE h.workspace_id = $1 AND h.request_id = ANY($2::text[]) AND h.allowance + h.topup >= $3::bigint
  RETURNING h.request_id, h.key_id, h.allowance, h.topup, h.period, locked.period AS period_now
), split AS MATERIALIZED (
  SELECT request_id, key_id, allowance, topup, period, period_now, LEAST(allowance, $3::bigint) AS paid_allowance FROM gone
), settled AS MATERIALIZED (
  SELECT *, $3::bigint - paid_allowance AS paid_topup,
         CASE WHEN period < period_now THEN allowance - paid_allowance ELSE 0 END AS expired
    FROM split
), written AS (
  INSERT INTO plain_entries (workspace_id, kind, amount, allowance, topup, period, request_id, key_id, reason, created_at)
  SELECT $1, kind, allowance + topup, allowance, topup, period, request_id, key_id, reason, $4 FROM (
    SELECT 1 AS step, 'release' AS kind, allowance, topup, period, request_id, key_id, NULL AS reason FROM settled
    UNION ALL
    SELECT 2, 'capture', -paid_allowance, -paid_topup, period, request_id, key_id, NULL FROM settled WHERE $3 > 0
    UNION ALL
    SELECT 3, 'adjust', -expired, 0, period, NULL, key_id, 'unused allowance of an earlier month expired (' || request_id || ')'
      FROM settled WHERE expired > 0
    ORDER BY step
  ) e
), returned AS (
  UPDATE plain_balances b SET allowance_left = s.allowance_left, topup_left = s.topup_left, held = s.held
    FROM (
      SELECT l.allowance_left + sum(t.allowance - t.paid_allowance - t.expired)::bigint AS allowance_left,
             l.topup_left + sum(t.topup - t.paid_topup)::bigint AS topup_left,
             l.held - sum(t.allowance + t.topup)::bigint AS held
        FROM settled t CROSS JOIN locked l GROUP BY l.allowance_left, l.topup_left, l.held
    ) s
   WHERE b.workspace_id = $1
  RETURNING s.allowance_left + s.topup_left AS remaining
)
SELECT (SELECT count(*) FROM settled) AS holds, (SELECT remaining FROM returned) AS remaining`,
};

/** Tables like the real ones as they were before the chain. */
export async function createPlainTables(store: Store): Promise<void> {
  for (const [plain, real] of [
    ['plain_balances', 'balances'],
    ['plain_holds', 'holds'],
    ['plain_entries', 'ledger_entries'],
  ]) {
    await store.query(`CREATE TABLE ${plain} (LIKE ${real} INCLUDING ALL)`);
  }
  await store.query('ALTER TABLE plain_balances SET (fillfactor = 50), DROP COLUMN seq, DROP COLUMN hash');
  await store.query('ALTER TABLE plain_entries DROP COLUMN seq, DROP COLUMN hash');
  await store.query('CREATE INDEX ON plain_entries (workspace_id, id)');
}

/** Gives the workspaces of the real tables the same balances and entries in the plain ones. */
export async function copyBalances(store: Store): Promise<void> {
  await store.query(
    `INSERT INTO plain_balances SELECT workspace_id, allowance_left, topup_left, held, period, resets_at, period_granted FROM balances
     ON CONFLICT DO NOTHING`,
  );
  await store.query(
    `INSERT INTO plain_entries (id, workspace_id, kind, amount, allowance, topup, period, reason, created_at) OVERRIDING SYSTEM VALUE
     SELECT -id, workspace_id, kind, amount, allowance, topup, period, reason, created_at FROM ledger_entries`,
  );
}

export interface PlainLedger {
  hold: (workspaceId: string, requestId: string, credits: number) => Promise<void>;
  capture: (workspaceId: string, requestId: string, credits: number) => Promise<void>;
}

export const createPlainLedger = (store: Store): PlainLedger => ({
  async hold(workspaceId, requestId, credits) {
    const values = [workspaceId, requestId, credits, 'key_bench', store.node.id, new Date()];
    const { rows } = await store.pool.query<{ status: string }>({ ...HOLD, values });
    if (rows[0]?.status !== 'held') throw new Error(`a hold ended as ${rows[0]?.status}`);
  },
  async capture(workspaceId, requestId, credits) {
    const values = [workspaceId, [requestId], credits, new Date()];
    const { rows } = await store.pool.query<{ holds: number }>({ ...SETTLE, values });
    if (rows[0]?.holds !== 1) throw new Error('a capture found no hold');
  },
});
