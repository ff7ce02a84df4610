-- Budgets of many requests of one workspace are reserved in one call: the lock, the round trip and the writing of the counters are paid once for
-- all of them. `asa_budget_reserve` stays for processes of the version before.

-- Each request is reserved in every budget that it counts in, or in none, in the order of the arrays. Answers nothing for those that were; for the
-- others, by their place in the arrays from 1: the budgets that it does not fit, or, where its id has a reservation already, a row of nulls.
CREATE FUNCTION asa_budget_reserve_all(
  p_workspace text, p_lines text[], p_requests text[], p_costs bigint[], p_unit bigint, p_at timestamptz
) RETURNS TABLE (n int, owner_id text, period text, starts date, credits bigint, spent bigint, reserved bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_day date := (p_at AT TIME ZONE 'UTC')::date;
  v_month date := date_trunc('month', p_at AT TIME ZONE 'UTC')::date;
  v_over boolean := false;
BEGIN
  PERFORM asa_budget_lock(p_workspace);
  INSERT INTO budget_counters (owner_id, period, starts, spent, reserved)
  SELECT DISTINCT b.owner_id, b.period, p.starts, 0, 0
    FROM (SELECT DISTINCT line FROM unnest(p_lines) AS l (line)) l
   CROSS JOIN LATERAL asa_budget_places(p_workspace, l.line, v_day, v_month) p
    JOIN budgets b USING (owner_id, period)
  ON CONFLICT DO NOTHING;

  PERFORM FROM (
    SELECT p.owner_id, p.period, p.starts, sum(a.cost) AS cost
      FROM (SELECT line, sum(cost) AS cost FROM unnest(p_lines, p_costs) AS a (line, cost) GROUP BY line) a
     CROSS JOIN LATERAL asa_budget_places(p_workspace, a.line, v_day, v_month) p GROUP BY 1, 2, 3
  ) s JOIN budget_counters c USING (owner_id, period, starts) JOIN budgets b USING (owner_id, period)
   WHERE c.spent + c.reserved + s.cost > b.credits;
  IF NOT FOUND THEN
    -- Where all of them fit together, each of them fits in its turn.
    RETURN QUERY
      WITH asked AS (
        SELECT a.*, row_number() OVER (PARTITION BY a.request ORDER BY a.n) = 1 AS is_first
          FROM unnest(p_lines, p_requests, p_costs) WITH ORDINALITY AS a (line, request, cost, n)
      ), opened AS (
        INSERT INTO budget_reservations (request_id, workspace_id, line, credits, day, month, opened_at)
        SELECT request, p_workspace, line, cost, v_day, v_month, p_at FROM asked WHERE is_first
        ON CONFLICT DO NOTHING
        RETURNING request_id, line, credits
      ), counted AS (
        UPDATE budget_counters c SET reserved = c.reserved + s.cost
          FROM (SELECT p.owner_id, p.period, p.starts, sum(o.cost)::bigint AS cost
                  FROM (SELECT line, sum(credits) AS cost FROM opened GROUP BY line) o
                 CROSS JOIN LATERAL asa_budget_places(p_workspace, o.line, v_day, v_month) p GROUP BY 1, 2, 3) s
         WHERE (c.owner_id, c.period, c.starts) = (s.owner_id, s.period, s.starts)
      )
      SELECT a.n::int, NULL::text, NULL::text, NULL::date, NULL::bigint, NULL::bigint, NULL::bigint
        FROM asked a LEFT JOIN opened o ON o.request_id = a.request
       WHERE NOT a.is_first OR o.request_id IS NULL;
    RETURN;
  END IF;

  FOR i IN 1 .. cardinality(p_requests) LOOP
    RETURN QUERY
      SELECT i, b.owner_id, b.period, c.starts, b.credits, c.spent, c.reserved
        FROM asa_budget_places(p_workspace, p_lines[i], v_day, v_month) p
        JOIN budget_counters c USING (owner_id, period, starts)
        JOIN budgets b USING (owner_id, period)
       WHERE c.spent + c.reserved + p_costs[i] > b.credits;
    IF FOUND THEN
      v_over := true;
      CONTINUE;
    END IF;
    INSERT INTO budget_reservations (request_id, workspace_id, line, credits, day, month, opened_at)
    VALUES (p_requests[i], p_workspace, p_lines[i], p_costs[i], v_day, v_month, p_at)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      n := i;
      RETURN NEXT;
      CONTINUE;
    END IF;
    UPDATE budget_counters c SET reserved = c.reserved + p_costs[i]
      FROM asa_budget_places(p_workspace, p_lines[i], v_day, v_month) p
     WHERE (c.owner_id, c.period, c.starts) = (p.owner_id, p.period, p.starts);
  END LOOP;
  IF v_over THEN
    PERFORM asa_budget_alert(p_workspace, p_unit, p_at);
  END IF;
END $$;
