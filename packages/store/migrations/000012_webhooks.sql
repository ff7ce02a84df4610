-- Events that are sent to callers (contract section 8). All times are UTC.

-- Where events go. One for each batch with a webhook, and at most one more of each workspace, for its alerts.
CREATE TABLE webhook_endpoints (
  -- The id of the batch, if it is one of a batch.
  id uuid PRIMARY KEY,
  workspace_id text NOT NULL,
  batch_id uuid UNIQUE REFERENCES batches ON DELETE CASCADE,
  url text NOT NULL,
  -- To sign with, so it must be readable; a second one while it is exchanged.
  secret text NOT NULL,
  old_secret text,
  old_secret_until timestamptz(3),
  created_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX webhook_endpoints_alerts ON webhook_endpoints (workspace_id) WHERE batch_id IS NULL;

-- Events, each once, whatever happens to whoever sends it.
CREATE TABLE webhook_messages (
  -- webhook-id: the same in every attempt.
  id text PRIMARY KEY,
  endpoint_id uuid NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
  workspace_id text NOT NULL,
  -- Workspace and host of the target: those of one lane wait for each other, others do not.
  lane text NOT NULL,
  event text NOT NULL,
  -- Which of the events of this kind: the index of an item, the name of an alert.
  subject text NOT NULL DEFAULT '',
  -- Null: made from the batch when it is sent.
  body text,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
  -- Failed attempts of this round; a redelivery begins a new one.
  attempts smallint NOT NULL DEFAULT 0,
  -- Somebody asked for this round.
  manual boolean NOT NULL DEFAULT false,
  -- When it is sent next. While it is being sent: when whoever sends it is given up.
  due_at timestamptz(3) NOT NULL,
  claim uuid,
  created_at timestamptz(3) NOT NULL,
  delivered_at timestamptz(3),
  last_error text,
  UNIQUE (endpoint_id, event, subject)
) WITH (fillfactor = 70);
CREATE INDEX webhook_messages_due ON webhook_messages (due_at) WHERE state = 'pending';
CREATE INDEX webhook_messages_newest ON webhook_messages (endpoint_id, created_at, id);

CREATE TABLE webhook_attempts (
  message_id text NOT NULL REFERENCES webhook_messages ON DELETE CASCADE,
  -- From 1, over all rounds.
  n integer NOT NULL,
  manual boolean NOT NULL,
  started_at timestamptz(3) NOT NULL,
  duration_ms double precision NOT NULL,
  -- Of the answer; null when there was none.
  status smallint,
  error text,
  response text NOT NULL,
  PRIMARY KEY (message_id, n)
);
