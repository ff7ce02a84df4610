-- Batches, their items, and the order in which workspaces take turns (contract section 8). All times are UTC.

CREATE TABLE batches (
  id uuid PRIMARY KEY,
  workspace_id text NOT NULL,
  -- Who made it, as the items run for: key id, short prefix, mode, plan and what the plan allows.
  principal json NOT NULL,
  mode text NOT NULL CHECK (mode IN ('live', 'test')),
  endpoint text NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'running', 'complete', 'failed', 'cancelled')),
  total_count integer NOT NULL CHECK (total_count > 0),
  -- Items with a result; each is counted by the statement that makes its result final.
  processed_count integer NOT NULL DEFAULT 0 CHECK (processed_count <= total_count),
  success_count integer NOT NULL DEFAULT 0,
  failure_count integer NOT NULL DEFAULT 0,
  credits_charged bigint NOT NULL DEFAULT 0,
  -- What the batch may cost at most; null: no bound of its own.
  max_credits bigint CHECK (max_credits >= 0),
  created_at timestamptz(3) NOT NULL,
  started_at timestamptz(3),
  completed_at timestamptz(3),
  -- Items without a result by then get an error.
  expires_at timestamptz(3) NOT NULL,
  webhook_url text,
  webhook_secret text,
  -- Whether an event is wanted for each item, too.
  webhook_items boolean NOT NULL DEFAULT false,
  webhook_delivery_status text NOT NULL DEFAULT 'none' CHECK (webhook_delivery_status IN ('none', 'pending', 'delivered', 'failed')),
  webhook_delivered_at timestamptz(3),
  webhook_last_error text,
  idempotency_key text,
  -- SHA-256 of the body it was made with.
  body_hash bytea NOT NULL,
  CHECK (processed_count = success_count + failure_count)
) WITH (fillfactor = 50);
CREATE INDEX batches_newest ON batches (workspace_id, created_at, id);
CREATE UNIQUE INDEX batches_idempotency ON batches (workspace_id, mode, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX batches_open ON batches (workspace_id, expires_at) WHERE completed_at IS NULL;
CREATE INDEX batches_ended ON batches (completed_at) WHERE completed_at IS NOT NULL;

CREATE TABLE batch_items (
  batch_id uuid NOT NULL REFERENCES batches ON DELETE CASCADE,
  index integer NOT NULL,
  workspace_id text NOT NULL,
  -- waiting: may be claimed. delayed: waits for ready_at. following: waits for its leader. running: claimed by a node.
  -- settling: its result is stored and about to be paid for. recovering: taken from a node that is gone. done, cancelled: final.
  state text NOT NULL CHECK (state IN ('waiting', 'delayed', 'following', 'running', 'settling', 'recovering', 'done', 'cancelled')),
  -- Its place among the items of its workspace.
  turn bigint NOT NULL,
  ready_at timestamptz(3),
  -- The first item of the batch that asks for the same; null for that one itself.
  leader integer,
  input json NOT NULL,
  -- What it may cost at most.
  max_cost integer NOT NULL,
  tries smallint NOT NULL DEFAULT 0,
  -- One try of it: whoever writes for a try must still have it.
  claim_id text,
  node_id text,
  request_id text,
  http_status smallint,
  error text,
  message text,
  -- The answer's body without its request id, as JSON compressed with zstd.
  data bytea,
  duration_ms double precision,
  credits bigint NOT NULL DEFAULT 0,
  -- What is still to be written of a result that is being paid for.
  draft json,
  -- In the order of finishing, from 1.
  done_seq integer,
  PRIMARY KEY (batch_id, index)
) WITH (fillfactor = 70);
ALTER TABLE batch_items ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE INDEX batch_items_waiting ON batch_items (workspace_id, turn) WHERE state = 'waiting';
CREATE INDEX batch_items_delayed ON batch_items (ready_at) WHERE state = 'delayed';
CREATE INDEX batch_items_at_work ON batch_items (workspace_id) WHERE state IN ('running', 'settling', 'recovering');
CREATE INDEX batch_items_following ON batch_items (batch_id, leader) WHERE state = 'following';
CREATE UNIQUE INDEX batch_items_done ON batch_items (batch_id, done_seq) WHERE done_seq IS NOT NULL;

-- How workspaces share the workers: each has a virtual time, which advances by 1 / weight with every item it is served.
CREATE TABLE batch_lanes (
  workspace_id text PRIMARY KEY,
  vtime double precision NOT NULL,
  -- The turn of the item served last; a new batch begins here.
  turn bigint NOT NULL,
  weight integer NOT NULL CHECK (weight > 0),
  -- Items at work at most.
  ceiling integer NOT NULL CHECK (ceiling > 0)
);
-- The virtual time of the lane served last: where a lane that was idle begins.
CREATE TABLE batch_clock (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), vtime double precision NOT NULL);
INSERT INTO batch_clock (vtime) VALUES (0);
