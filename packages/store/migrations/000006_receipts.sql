-- Keys that receipts are signed with (contract: receipts.ts). All nodes of an installation sign with the same one, so it is kept here.

CREATE TABLE receipt_keys (
  id text PRIMARY KEY,
  -- Raw public key, 32 bytes.
  public_key bytea NOT NULL CHECK (length(public_key) = 32),
  -- PKCS #8 in PEM; encrypted where a passphrase is set.
  private_key text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  -- Retired keys sign nothing new; their public half stays, to check old receipts.
  retired_at timestamptz(3)
);
-- One key is in use.
CREATE UNIQUE INDEX receipt_key_in_use ON receipt_keys ((true)) WHERE retired_at IS NULL;
