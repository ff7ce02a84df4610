/**
 * The two statements of the hot path. Each locks the balance first, then the hold, so that they never wait for each other crosswise, and
 * does all of its work in one round trip. Named: PostgreSQL plans each once per connection.
 *
 * The new balance is computed from the locked row, never from the row of the UPDATE itself: that one is the version from before the
 * statement had to wait for its lock, and PostgreSQL checks the constraints on what comes of it before it takes the newer one.
 */

/**
 * $1 workspace, $2 request id, $3 credits, $4 key, $5 node, $6 now. Answers one row, or none when there is no such workspace. `reset`:
 * nothing was done, the monthly reset is due first.
 */
export const HOLD = {
  name: 'accounts_hold',
  text: `
WITH locked AS MATERIALIZED (
  SELECT allowance_left, topup_left, held, period, resets_at FROM balances WHERE workspace_id = $1 FOR UPDATE
), judged AS MATERIALIZED (
  SELECT LEAST(allowance_left, $3::bigint) AS allowance,
         $3::bigint - LEAST(allowance_left, $3::bigint) AS topup,
         allowance_left, topup_left, held, period,
         allowance_left + topup_left AS available,
         CASE WHEN resets_at <= $6 THEN 'reset'
              WHEN EXISTS (SELECT FROM ledger_entries WHERE request_id = $2)
                OR EXISTS (SELECT FROM traces WHERE request_id = $2) THEN 'duplicate'
              WHEN allowance_left + topup_left < $3 THEN 'insufficient'
              ELSE 'held' END AS status
    FROM locked
), spent AS (
  UPDATE balances b
     SET allowance_left = j.allowance_left - j.allowance, topup_left = j.topup_left - j.topup, held = j.held + $3
    FROM judged j WHERE b.workspace_id = $1 AND j.status = 'held'
), opened AS (
  INSERT INTO holds (request_id, workspace_id, key_id, node_id, allowance, topup, period, opened_at)
  SELECT $2, $1, $4, $5, allowance, topup, period, $6 FROM judged WHERE status = 'held'
), written AS (
  INSERT INTO ledger_entries (workspace_id, kind, amount, allowance, topup, period, request_id, key_id, created_at)
  SELECT $1, 'hold', -$3::bigint, -allowance, -topup, period, $2, $4, $6 FROM judged WHERE status = 'held'
)
SELECT status, allowance, topup, period, available FROM judged`,
};

/**
 * $1 workspace, $2 request ids, $3 credits to capture of each (0: release), $4 now. Settles those of the holds that are still open and
 * answers how many that were, and what can be spent afterwards. What comes back into an allowance of an earlier month expires at once.
 */
export const SETTLE = {
  name: 'accounts_settle',
  text: `
WITH locked AS MATERIALIZED (
  SELECT allowance_left, topup_left, held, period FROM balances WHERE workspace_id = $1 FOR UPDATE
), gone AS (
  DELETE FROM holds h USING locked
   WHERE h.workspace_id = $1 AND h.request_id = ANY($2::text[]) AND h.allowance + h.topup >= $3::bigint
  RETURNING h.request_id, h.key_id, h.allowance, h.topup, h.period, locked.period AS period_now
), split AS MATERIALIZED (
  SELECT request_id, key_id, allowance, topup, period, period_now, LEAST(allowance, $3::bigint) AS paid_allowance FROM gone
), settled AS MATERIALIZED (
  SELECT *, $3::bigint - paid_allowance AS paid_topup,
         CASE WHEN period < period_now THEN allowance - paid_allowance ELSE 0 END AS expired
    FROM split
), written AS (
  INSERT INTO ledger_entries (workspace_id, kind, amount, allowance, topup, period, request_id, key_id, reason, created_at)
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
  UPDATE balances b SET allowance_left = s.allowance_left, topup_left = s.topup_left, held = s.held
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
