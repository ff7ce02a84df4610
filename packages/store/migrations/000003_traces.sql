-- What happened to requests, and pages that could not be read (contract sections 9 and 10).

CREATE TABLE traces (
  request_id text PRIMARY KEY,
  workspace_id text NOT NULL,
  -- Short prefix of the key.
  key text NOT NULL,
  endpoint text NOT NULL,
  received_at timestamptz(3) NOT NULL,
  status smallint NOT NULL,
  error text,
  credits bigint NOT NULL,
  duration_ms double precision NOT NULL,
  resolved_url text,
  -- As text in JSON form: read whole, never searched, and any text a caller sent fits.
  params json NOT NULL,
  -- Extractor, attempts and stages: only the trace of one request shows them.
  detail json NOT NULL
);
CREATE INDEX traces_newest ON traces (received_at, request_id);
CREATE INDEX traces_of_workspace ON traces (workspace_id, received_at, request_id);
CREATE INDEX traces_of_key ON traces (key, received_at, request_id);
CREATE INDEX traces_with_error ON traces (error, received_at, request_id) WHERE error IS NOT NULL;

CREATE TABLE tickets (
  -- Made from marketplace, page kind and fingerprint, so that it is one per failure.
  id text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('open', 'closed')),
  marketplace text NOT NULL,
  page_kind text NOT NULL,
  fingerprint text NOT NULL,
  count bigint NOT NULL CHECK (count > 0),
  first_seen timestamptz(3) NOT NULL,
  last_seen timestamptz(3) NOT NULL,
  -- Newest first.
  request_ids text[] NOT NULL,
  note text NOT NULL DEFAULT ''
);
CREATE INDEX tickets_newest ON tickets (first_seen, id);

-- The latest page of each ticket, compressed with zstd.
CREATE TABLE ticket_pages (
  ticket_id text PRIMARY KEY REFERENCES tickets ON DELETE CASCADE,
  page bytea NOT NULL
);
-- Compressing it a second time would only cost time.
ALTER TABLE ticket_pages ALTER COLUMN page SET STORAGE EXTERNAL;
