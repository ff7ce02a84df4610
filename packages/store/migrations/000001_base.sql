-- Facts about this installation as a whole, one a row.
CREATE TABLE asa_meta (
  key text PRIMARY KEY,
  value jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO asa_meta (key, value) VALUES ('cluster', jsonb_build_object('id', gen_random_uuid(), 'created_at', now()));
