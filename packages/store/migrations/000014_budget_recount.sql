-- Counting a budget anew reads every charge of the month, which takes seconds where there are many. That is done before the lock now, up to a
-- place in the chain; under the lock only what came after it is read. The count without a place stays for processes of the version before.

-- What requests were charged by the entries of a range of a chain, refunds taken off, by line and by the day in which they were held.
-- p_month: only those that were held then or later.
CREATE FUNCTION asa_budget_paid(p_workspace text, p_after bigint, p_upto bigint, p_month timestamptz)
RETURNS TABLE (line text, day date, credits bigint) LANGUAGE sql STABLE AS $$
  SELECT COALESCE(k.line, h.key_id, ''), (h.created_at AT TIME ZONE 'UTC')::date, sum(-e.amount)::bigint
    FROM ledger_entries e
    JOIN ledger_entries h ON h.request_id = e.request_id AND h.kind = 'hold'
    LEFT JOIN api_keys k ON k.id = h.key_id
   WHERE e.workspace_id = p_workspace AND e.seq > p_after AND e.seq <= p_upto
     AND e.kind IN ('capture', 'adjust') AND e.request_id IS NOT NULL AND h.created_at >= p_month
   GROUP BY 1, 2
$$;

-- p_seq: the place up to which charges are counted already; p_lines, p_days, p_paid: what they came to (asa_budget_paid of the month of p_at).
CREATE FUNCTION asa_budget_recount(
  p_workspace text, p_unit bigint, p_at timestamptz, p_seq bigint, p_lines text[], p_days date[], p_paid bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_month timestamptz := date_trunc('month', p_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
BEGIN
  PERFORM asa_budget_lock(p_workspace);
  DELETE FROM budget_counters c USING budgets b
   WHERE b.workspace_id = p_workspace AND (c.owner_id, c.period) = (b.owner_id, b.period);
  -- One statement, one moment: a hold is either still open in it, or its capture is among the entries.
  WITH opened AS (
    INSERT INTO budget_reservations (request_id, workspace_id, line, credits, day, month, opened_at)
    SELECT h.request_id, h.workspace_id, COALESCE(k.line, h.key_id), h.allowance + h.topup,
           (h.opened_at AT TIME ZONE 'UTC')::date, date_trunc('month', h.opened_at AT TIME ZONE 'UTC')::date, h.opened_at
      FROM holds h LEFT JOIN api_keys k ON k.id = h.key_id WHERE h.workspace_id = p_workspace
    ON CONFLICT DO NOTHING
    RETURNING request_id, line, day, month, credits
  ), open AS (
    SELECT request_id, line, day, month, credits FROM budget_reservations WHERE workspace_id = p_workspace
    UNION ALL SELECT * FROM opened
  ), paid AS (
    SELECT a.line, a.day, a.credits FROM unnest(p_lines, p_days, p_paid) AS a (line, day, credits)
    UNION ALL
    SELECT * FROM asa_budget_paid(p_workspace, p_seq, 9223372036854775807, v_month)
    UNION ALL
    -- Charged, but its reservation is not settled yet: it counts as reserved until it is.
    SELECT COALESCE(k.line, h.key_id, ''), (h.created_at AT TIME ZONE 'UTC')::date, e.amount
      FROM open o
      JOIN ledger_entries e ON e.request_id = o.request_id AND e.kind IN ('capture', 'adjust')
      JOIN ledger_entries h ON h.request_id = o.request_id AND h.kind = 'hold'
      LEFT JOIN api_keys k ON k.id = h.key_id
     WHERE h.created_at >= v_month
  ), counted AS (
    SELECT p.owner_id, p.period, p.starts, 0 AS spent, o.credits AS reserved
      FROM open o CROSS JOIN LATERAL asa_budget_places(p_workspace, o.line, o.day, o.month) p
    UNION ALL
    SELECT p.owner_id, p.period, p.starts, d.credits, 0
      FROM paid d CROSS JOIN LATERAL asa_budget_places(p_workspace, d.line, d.day, date_trunc('month', d.day)::date) p
  )
  INSERT INTO budget_counters (owner_id, period, starts, spent, reserved)
  SELECT owner_id, period, starts, sum(c.spent)::bigint, sum(c.reserved)::bigint
    FROM counted c JOIN budgets b USING (owner_id, period)
   WHERE b.workspace_id = p_workspace GROUP BY owner_id, period, starts;
  UPDATE budgets SET recount_at = NULL WHERE workspace_id = p_workspace AND recount_at <= p_at;
  PERFORM asa_budget_alert(p_workspace, p_unit, p_at);
END $$;
