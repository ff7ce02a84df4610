-- Requests that were paid for and whose answer is not known to have left: written with the capture, deleted a moment after the answer has
-- left. What a process that is gone left behind here was paid for and perhaps never seen (the reconciliation report).
CREATE TABLE answers_due (
  request_id text PRIMARY KEY,
  workspace_id text NOT NULL,
  node_id text NOT NULL,
  captured_at timestamptz(3) NOT NULL,
  -- The connection broke while the answer was on its way.
  cut boolean NOT NULL DEFAULT false
);
CREATE INDEX answers_due_of_node ON answers_due (node_id);
