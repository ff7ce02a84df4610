-- The ledger as a chain per workspace: every entry has a number and a hash over the hash before it and itself, so that an export can be
-- checked offline, by anybody (accounts/README.md says how). The last number and hash are kept with the balance: whoever changes a balance
-- holds the lock of its row and knows what to go on from.
ALTER TABLE ledger_entries ADD COLUMN seq bigint, ADD COLUMN hash bytea;
ALTER TABLE balances
  ADD COLUMN seq bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  ADD COLUMN hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CHECK (length(hash) = 32);

-- Entries that exist get their place in the order in which they were made. The text of an entry is the one of chain.ts.
ALTER TABLE ledger_entries DISABLE TRIGGER ledger_append_only;
DO $$
DECLARE
  entry record;
  workspace text := '';
  number bigint;
  last bytea;
BEGIN
  FOR entry IN SELECT * FROM ledger_entries ORDER BY workspace_id, id LOOP
    IF entry.workspace_id <> workspace THEN
      workspace := entry.workspace_id;
      number := 0;
      last := decode(repeat('00', 32), 'hex');
    END IF;
    number := number + 1;
    last := sha256(convert_to(encode(last, 'hex') || concat('[',
      concat_ws(',',
        to_json(entry.workspace_id)::text, number, to_json(entry.kind)::text, entry.amount, entry.allowance, entry.topup, entry.period,
        COALESCE(to_json(entry.request_id)::text, 'null'), COALESCE(to_json(entry.key_id)::text, 'null'),
        COALESCE(to_json(entry.reason)::text, 'null'),
        to_json(to_char(entry.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text),
      ']'), 'UTF8'));
    UPDATE ledger_entries SET seq = number, hash = last WHERE id = entry.id;
    UPDATE balances SET seq = number, hash = last WHERE workspace_id = workspace;
  END LOOP;
END $$;
ALTER TABLE ledger_entries ENABLE TRIGGER ledger_append_only;

ALTER TABLE ledger_entries
  ALTER COLUMN seq SET NOT NULL,
  ALTER COLUMN hash SET NOT NULL,
  ADD CHECK (length(hash) = 32);
CREATE UNIQUE INDEX ledger_chain ON ledger_entries (workspace_id, seq);
DROP INDEX ledger_of_workspace;
