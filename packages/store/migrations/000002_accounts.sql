-- Workspaces, their keys, and what they may spend (contract sections 5, 6 and 10). All times are UTC; credits are whole numbers.

CREATE TABLE workspaces (
  id text PRIMARY KEY,
  name text NOT NULL,
  plan text NOT NULL,
  -- A month's allowance in credits where it is agreed for this workspace; null: the plan's.
  allowance_credits bigint CHECK (allowance_credits >= 0),
  -- Ceilings that were set for this workspace; null: the plan's.
  rps integer CHECK (rps > 0),
  burst_rps integer CHECK (burst_rps > 0),
  concurrency integer CHECK (concurrency > 0),
  auto_top_up jsonb NOT NULL,
  -- To the millisecond, as the process counts: the allowance resets at its anniversaries.
  created_at timestamptz(3) NOT NULL
);
CREATE INDEX workspaces_newest ON workspaces (created_at, id);

CREATE TABLE api_keys (
  id text PRIMARY KEY,
  workspace_id text NOT NULL REFERENCES workspaces,
  -- What a key is looked up by; the hash decides.
  short_prefix text NOT NULL UNIQUE,
  -- SHA-256 of the whole key, which is stored nowhere.
  hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  mode text NOT NULL CHECK (mode IN ('live', 'test')),
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  last_used_at timestamptz(3),
  revoked_at timestamptz(3)
);
CREATE INDEX api_keys_of_workspace ON api_keys (workspace_id);

-- One row per workspace, changed by every hold and capture: small, and with room for updates in place.
CREATE TABLE balances (
  workspace_id text PRIMARY KEY REFERENCES workspaces,
  -- What can be spent: the sum of the workspace's ledger entries, in its two pots. Bounded so that JavaScript counts it exactly.
  allowance_left bigint NOT NULL CHECK (allowance_left >= 0),
  topup_left bigint NOT NULL CHECK (topup_left BETWEEN 0 AND 4000000000000000),
  -- The sum of the workspace's open holds.
  held bigint NOT NULL CHECK (held >= 0),
  -- Months since the workspace began, and when the next one does.
  period integer NOT NULL CHECK (period >= 0),
  resets_at timestamptz(3) NOT NULL,
  -- Allowance granted in this period so far: going back and forth between plans grants no month twice.
  period_granted bigint NOT NULL CHECK (period_granted >= 0)
) WITH (fillfactor = 50);

-- Append-only. No foreign keys: an entry is only ever made out of a locked balance, and a check per entry would cost the hot path.
CREATE TABLE ledger_entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id text NOT NULL,
  kind text NOT NULL,
  amount bigint NOT NULL CHECK (amount = allowance + topup),
  -- The two pots' parts of the amount, and the period that the allowance's part belongs to.
  allowance bigint NOT NULL,
  topup bigint NOT NULL,
  period integer NOT NULL,
  request_id text,
  key_id text,
  reason text,
  idempotency_key text,
  created_at timestamptz(3) NOT NULL,
  CHECK (CASE kind
    WHEN 'grant' THEN allowance > 0 AND topup = 0 AND request_id IS NULL
    WHEN 'topup' THEN allowance = 0 AND topup > 0 AND request_id IS NULL
    WHEN 'hold' THEN allowance <= 0 AND topup <= 0 AND amount < 0 AND request_id IS NOT NULL
    WHEN 'capture' THEN allowance <= 0 AND topup <= 0 AND amount < 0 AND request_id IS NOT NULL
    WHEN 'release' THEN allowance >= 0 AND topup >= 0 AND amount > 0 AND request_id IS NOT NULL
    WHEN 'adjust' THEN amount <> 0
    ELSE false
  END)
);
-- Each request is held, captured, released and refunded at most once, ever.
CREATE UNIQUE INDEX ledger_once ON ledger_entries (request_id, kind) WHERE request_id IS NOT NULL;
CREATE UNIQUE INDEX ledger_idempotency ON ledger_entries (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX ledger_of_workspace ON ledger_entries (workspace_id, id);

CREATE FUNCTION asa_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: % is not allowed', TG_OP;
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION asa_refuse_change();

-- Open holds only: settling one deletes its row, and whoever deletes it is the one who settles.
CREATE TABLE holds (
  request_id text PRIMARY KEY,
  workspace_id text NOT NULL,
  key_id text NOT NULL,
  -- The process that will settle it (store.node.id).
  node_id text NOT NULL,
  allowance bigint NOT NULL CHECK (allowance >= 0),
  topup bigint NOT NULL CHECK (topup >= 0),
  -- The period whose allowance it took.
  period integer NOT NULL,
  opened_at timestamptz(3) NOT NULL
);
CREATE INDEX holds_of_node ON holds (node_id);

CREATE TABLE usage_days (
  key_id text NOT NULL,
  day date NOT NULL,
  workspace_id text NOT NULL,
  requests bigint NOT NULL,
  succeeded bigint NOT NULL,
  credits bigint NOT NULL,
  PRIMARY KEY (key_id, day)
);
CREATE INDEX usage_of_workspace ON usage_days (workspace_id, day);
