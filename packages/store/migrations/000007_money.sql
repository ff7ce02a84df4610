-- Keys that take the place of others, budgets with their alerts, automatic top-ups. Times are UTC; credits are whole numbers.

ALTER TABLE api_keys
  -- From then on a key that was replaced is revoked.
  ADD COLUMN revokes_at timestamptz(3),
  -- The first key of a line of replacements: budgets are of the line, so that a new key is no new budget.
  ADD COLUMN line text;
UPDATE api_keys SET line = id;
ALTER TABLE api_keys ALTER COLUMN line SET NOT NULL;

CREATE TABLE budgets (
  -- A workspace, or a line of keys.
  owner_id text NOT NULL,
  period text NOT NULL CHECK (period IN ('day', 'month')),
  workspace_id text NOT NULL REFERENCES workspaces,
  -- Most that may be spent in a day or a calendar month of UTC.
  credits bigint NOT NULL CHECK (credits >= 0),
  -- Until all processes know of it some requests go uncounted: at this time it is counted anew out of the ledger.
  recount_at timestamptz(3),
  PRIMARY KEY (owner_id, period)
);
CREATE INDEX budgets_of_workspace ON budgets (workspace_id);

-- What of a budget is gone. `reserved` is always the sum of the open reservations of that owner and period.
CREATE TABLE budget_counters (
  owner_id text NOT NULL,
  period text NOT NULL,
  -- First day of the period.
  starts date NOT NULL,
  spent bigint NOT NULL CHECK (spent >= 0),
  reserved bigint NOT NULL CHECK (reserved >= 0),
  PRIMARY KEY (owner_id, period, starts)
) WITH (fillfactor = 50);

-- What requests in flight may cost. Whoever deletes one is the one who counts it as spent or not.
CREATE TABLE budget_reservations (
  request_id text PRIMARY KEY,
  workspace_id text NOT NULL,
  line text NOT NULL,
  credits bigint NOT NULL CHECK (credits > 0),
  day date NOT NULL,
  month date NOT NULL,
  opened_at timestamptz(3) NOT NULL
);
CREATE INDEX budget_reservations_of_workspace ON budget_reservations (workspace_id);
CREATE INDEX budget_reservations_by_age ON budget_reservations (opened_at);

-- What was to be told to a workspace, once each.
CREATE TABLE alerts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id text NOT NULL,
  owner_id text NOT NULL,
  period text NOT NULL,
  starts date NOT NULL,
  percent integer NOT NULL,
  budget bigint NOT NULL,
  spent bigint NOT NULL,
  created_at timestamptz(3) NOT NULL,
  -- When it was handed over for delivery, and whether there was anybody to deliver it to.
  handled_at timestamptz(3),
  delivered boolean,
  UNIQUE (owner_id, period, starts, percent)
);
CREATE INDEX alerts_of_workspace ON alerts (workspace_id, id);
CREATE INDEX alerts_to_handle ON alerts (id) WHERE handled_at IS NULL;

-- All that changes the budgets of a workspace happens one after another. Nothing here waits for the disk: a hold is written after its
-- reservation and is durable before anything is fetched, and with it all that was written before; a settlement that is lost with the
-- machine leaves its reservation, which is settled out of the ledger.
CREATE FUNCTION asa_budget_lock(p_workspace text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(p_workspace, 4705));
  PERFORM set_config('synchronous_commit', 'off', true);
END $$;

-- The owners and periods that a request counts in.
CREATE FUNCTION asa_budget_places(p_workspace text, p_line text, p_day date, p_month date)
RETURNS TABLE (owner_id text, period text, starts date) LANGUAGE sql IMMUTABLE AS $$
  VALUES (p_workspace, 'day', p_day), (p_workspace, 'month', p_month), (p_line, 'day', p_day), (p_line, 'month', p_month)
$$;

-- Notes what is to be told of the counters of a workspace, each thing once. A budget is at 100 % when no unit fits any more.
CREATE FUNCTION asa_budget_alert(p_workspace text, p_unit bigint, p_at timestamptz) RETURNS void LANGUAGE sql AS $$
  INSERT INTO alerts (workspace_id, owner_id, period, starts, percent, budget, spent, created_at)
  SELECT b.workspace_id, b.owner_id, b.period, c.starts, p.percent, b.credits, c.spent, p_at
    FROM budgets b JOIN budget_counters c USING (owner_id, period) CROSS JOIN unnest(ARRAY[50, 80, 100]) AS p (percent)
   WHERE b.workspace_id = p_workspace
     AND c.starts IN ((p_at AT TIME ZONE 'UTC')::date, date_trunc('month', p_at AT TIME ZONE 'UTC')::date)
     AND (c.spent * 100 >= b.credits * p.percent OR p.percent = 100 AND c.spent + p_unit > b.credits)
   ORDER BY b.owner_id, b.period, p.percent
  ON CONFLICT DO NOTHING
$$;

-- Reserves the cost of a request in every budget that it counts in, or in none: then it answers those that it does not fit.
CREATE FUNCTION asa_budget_reserve(
  p_workspace text, p_line text, p_request text, p_cost bigint, p_unit bigint, p_at timestamptz
) RETURNS TABLE (owner_id text, period text, starts date, credits bigint, spent bigint, reserved bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_day date := (p_at AT TIME ZONE 'UTC')::date;
  v_month date := date_trunc('month', p_at AT TIME ZONE 'UTC')::date;
BEGIN
  PERFORM asa_budget_lock(p_workspace);
  INSERT INTO budget_counters (owner_id, period, starts, spent, reserved)
  SELECT b.owner_id, b.period, p.starts, 0, 0
    FROM budgets b JOIN asa_budget_places(p_workspace, p_line, v_day, v_month) p USING (owner_id, period)
  ON CONFLICT DO NOTHING;
  RETURN QUERY
    SELECT b.owner_id, b.period, c.starts, b.credits, c.spent, c.reserved
      FROM asa_budget_places(p_workspace, p_line, v_day, v_month) p
      JOIN budget_counters c USING (owner_id, period, starts)
      JOIN budgets b USING (owner_id, period)
     WHERE c.spent + c.reserved + p_cost > b.credits;
  IF FOUND THEN
    PERFORM asa_budget_alert(p_workspace, p_unit, p_at);
    RETURN;
  END IF;
  UPDATE budget_counters c SET reserved = c.reserved + p_cost
    FROM asa_budget_places(p_workspace, p_line, v_day, v_month) p
   WHERE (c.owner_id, c.period, c.starts) = (p.owner_id, p.period, p.starts);
  INSERT INTO budget_reservations (request_id, workspace_id, line, credits, day, month, opened_at)
  VALUES (p_request, p_workspace, p_line, p_cost, v_day, v_month, p_at);
END $$;

-- Ends reservations of a workspace: what was paid is spent, the rest is free again. Those that ended before stay as they are.
CREATE FUNCTION asa_budget_settle(p_workspace text, p_requests text[], p_paid bigint[], p_unit bigint, p_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM asa_budget_lock(p_workspace);
  WITH gone AS (
    DELETE FROM budget_reservations r USING unnest(p_requests, p_paid) AS n (request_id, paid)
     WHERE r.request_id = n.request_id AND r.workspace_id = p_workspace
    RETURNING r.line, r.day, r.month, r.credits, n.paid
  ), sums AS (
    SELECT p.owner_id, p.period, p.starts, sum(g.credits)::bigint AS freed, sum(g.paid)::bigint AS paid
      FROM gone g CROSS JOIN LATERAL asa_budget_places(p_workspace, g.line, g.day, g.month) p GROUP BY 1, 2, 3
  )
  UPDATE budget_counters c SET reserved = c.reserved - s.freed, spent = c.spent + s.paid
    FROM sums s WHERE (c.owner_id, c.period, c.starts) = (s.owner_id, s.period, s.starts);
  PERFORM asa_budget_alert(p_workspace, p_unit, p_at);
END $$;

-- Counts the budgets of a workspace anew out of the ledger. Holds without a reservation (their requests began before the budget) get one.
-- A request counts in the day and month in which it was held.
CREATE FUNCTION asa_budget_recount(p_workspace text, p_unit bigint, p_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_month timestamp := date_trunc('month', p_at AT TIME ZONE 'UTC');
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
    SELECT COALESCE(k.line, e.key_id, '') AS line, (h.created_at AT TIME ZONE 'UTC')::date AS day, -e.amount AS credits
      FROM ledger_entries e
      JOIN ledger_entries h ON h.request_id = e.request_id AND h.kind = 'hold'
      LEFT JOIN api_keys k ON k.id = e.key_id
     WHERE e.workspace_id = p_workspace AND e.kind = 'capture'
       AND e.created_at >= v_month AT TIME ZONE 'UTC' AND h.created_at >= v_month AT TIME ZONE 'UTC'
       AND NOT EXISTS (SELECT FROM open WHERE open.request_id = e.request_id)
       AND NOT EXISTS (SELECT FROM ledger_entries r WHERE r.request_id = e.request_id AND r.kind = 'adjust')
  ), counted AS (
    SELECT p.owner_id, p.period, p.starts, 0 AS spent, o.credits AS reserved
      FROM open o CROSS JOIN LATERAL asa_budget_places(p_workspace, o.line, o.day, o.month) p
    UNION ALL
    SELECT p.owner_id, p.period, p.starts, d.credits, 0
      FROM paid d CROSS JOIN LATERAL asa_budget_places(p_workspace, d.line, d.day, v_month::date) p
  )
  INSERT INTO budget_counters (owner_id, period, starts, spent, reserved)
  SELECT owner_id, period, starts, sum(c.spent)::bigint, sum(c.reserved)::bigint
    FROM counted c JOIN budgets b USING (owner_id, period)
   WHERE b.workspace_id = p_workspace GROUP BY owner_id, period, starts;
  UPDATE budgets SET recount_at = NULL WHERE workspace_id = p_workspace AND recount_at <= p_at;
  PERFORM asa_budget_alert(p_workspace, p_unit, p_at);
END $$;

-- Credits bought automatically. The id is what the provider knows the payment by: however often it is asked, it takes the money once.
CREATE TABLE top_ups (
  id text PRIMARY KEY,
  workspace_id text NOT NULL REFERENCES workspaces,
  provider text NOT NULL,
  credits bigint NOT NULL CHECK (credits > 0),
  cents bigint NOT NULL CHECK (cents > 0),
  -- The month of the workspace that it counts in, for its cap.
  period integer NOT NULL,
  -- open: the provider was asked, or is about to be; its answer is not known.
  state text NOT NULL CHECK (state IN ('open', 'paid', 'failed')),
  -- Why it failed, for the workspace to read.
  reason text,
  payment_id text,
  created_at timestamptz(3) NOT NULL,
  -- When the provider was asked last.
  asked_at timestamptz(3) NOT NULL,
  decided_at timestamptz(3)
);
-- Of a stampede of requests one opens it; the others wait for that one.
CREATE UNIQUE INDEX top_up_open ON top_ups (workspace_id) WHERE state = 'open';
CREATE INDEX top_ups_of_workspace ON top_ups (workspace_id, created_at);

-- What the payment provider `test` knows: its books, as those of a real one are kept elsewhere.
CREATE TABLE test_payments (
  idempotency_key text PRIMARY KEY,
  payment_id text NOT NULL,
  cents bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('paid', 'declined', 'pending')),
  -- How often it was asked for this payment.
  asked integer NOT NULL,
  created_at timestamptz(3) NOT NULL
);
