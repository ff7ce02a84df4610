import type { Decision } from './decide.ts';

/**
 * The statements of the hot path. `COMMIT` does the work of a whole group of requests, of many workspaces, in one round trip. Named:
 * PostgreSQL plans each once per connection.
 *
 * What is written was decided before (decide.ts), for a state that is known by its hash: it stands for every entry that there ever was.
 * The row is locked, and only if it is still in that state (hash and month) is anything written; otherwise the workspace is told to be
 * stale, and nothing of it is. So the balance never comes from the row of the UPDATE itself: that one is the version from before the
 * statement had to wait for a lock.
 *
 * Rows that somebody else has locked are skipped, which reads as stale: no group waits for a lock while it holds others, so none can be
 * part of a deadlock, and one busy workspace does not hold up its neighbours.
 */
const commitText = (lock: string): string => `
WITH locked AS MATERIALIZED (
  SELECT w.*, b.hash = w.hash_was AND b.period = w.period_was AS agrees
    FROM unnest($1::text[], $2::bytea[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bytea[]) WITH ORDINALITY
           AS w (workspace_id, hash_was, period_was, allowance_left, topup_left, held, seq, hash, n)
    JOIN balances b ON b.workspace_id = w.workspace_id
   ORDER BY w.n ${lock}
), used AS MATERIALIZED (
  SELECT request_id FROM ledger_entries WHERE request_id = ANY($10::text[]) AND request_id IS NOT NULL
  UNION
  SELECT request_id FROM traces WHERE request_id = ANY($10::text[])
), agreed AS MATERIALIZED (
  SELECT CASE WHEN EXISTS (SELECT FROM used) THEN $9::varbit
              ELSE COALESCE(bit_or(set_bit($9::varbit, n::int - 1, agrees::int)), $9::varbit) END AS flags FROM locked
), spent AS (
  UPDATE balances b
     SET allowance_left = l.allowance_left, topup_left = l.topup_left, held = l.held, seq = l.seq, hash = l.hash
    FROM agreed, locked l
   WHERE b.workspace_id = l.workspace_id AND get_bit(agreed.flags, l.n::int - 1) = 1 AND l.hash <> l.hash_was
), entries AS MATERIALIZED (
  SELECT e.* FROM agreed,
         unnest($13::int[], $14::text[], $15::bigint[], $16::bytea[], $17::text[], $18::bigint[], $19::bigint[], $20::int[], $21::text[],
                $22::text[], $23::text[], $24::bool[]) WITH ORDINALITY
           AS e (place, workspace_id, seq, hash, kind, allowance, topup, period, request_id, key_id, reason, due, n)
   WHERE get_bit(agreed.flags, e.place - 1) = 1
), opened AS (
  INSERT INTO holds (request_id, workspace_id, key_id, node_id, allowance, topup, period, opened_at)
  SELECT request_id, workspace_id, key_id, $25, -allowance, -topup, period, $26 FROM entries WHERE kind = 'hold'
), closed AS (
  DELETE FROM holds h USING agreed, unnest($11::text[], $12::int[]) AS c (request_id, place)
   WHERE h.request_id = c.request_id AND get_bit(agreed.flags, c.place - 1) = 1
), due AS (
  INSERT INTO answers_due (request_id, workspace_id, node_id, captured_at)
  SELECT request_id, workspace_id, $25, $26 FROM entries WHERE due
), written AS (
  INSERT INTO ledger_entries (workspace_id, seq, hash, kind, amount, allowance, topup, period, request_id, key_id, reason, created_at)
  SELECT workspace_id, seq, hash, kind, allowance + topup, allowance, topup, period, request_id, key_id, reason, $26 FROM entries ORDER BY n
)
SELECT (SELECT flags FROM agreed) AS agreed, ARRAY(SELECT request_id FROM used) AS used`;

/** Answers one row: `agreed`, a bit for each workspace, 1 where it was written; `used`, request ids that were used before (then nothing was). */
export const COMMIT = { name: 'accounts_commit', text: commitText('FOR UPDATE OF b SKIP LOCKED') };

/** The same for a workspace whose row this transaction has locked already. */
export const COMMIT_LOCKED = commitText('FOR UPDATE OF b');

/** $1 workspace. Waits for the lock of its balance; what is read in later statements of the transaction cannot change any more. */
export const LOCK = 'SELECT 1 FROM balances WHERE workspace_id = $1 FOR UPDATE';

/** $1 workspaces, $2 request ids. Each workspace as it stands, with those of the holds that are open, all of one moment. */
export const LOAD = {
  name: 'accounts_load',
  text: `
SELECT b.workspace_id, b.allowance_left, b.topup_left, b.held, b.period, b.resets_at, b.seq, encode(b.hash, 'hex') AS hash,
       h.request_id, h.key_id, h.allowance, h.topup, h.period AS hold_period
  FROM balances b LEFT JOIN holds h ON h.workspace_id = b.workspace_id AND h.request_id = ANY($2::text[])
 WHERE b.workspace_id = ANY($1::text[])`,
};

export interface LoadedRow {
  workspace_id: string;
  allowance_left: number;
  topup_left: number;
  held: number;
  period: number;
  resets_at: Date;
  seq: number;
  hash: string;
  /** Null when none of the holds is open; then the four below are too. */
  request_id: string | null;
  key_id: string;
  allowance: number;
  topup: number;
  hold_period: number;
}

export interface CommitRow {
  agreed: string;
  used: string[];
}

/** The parameters of `COMMIT`: arrays as PostgreSQL writes them, which is several times cheaper than having the driver quote each value. */
export function commitValues(decisions: readonly Decision[], nodeId: string, now: number): unknown[] {
  const entries = decisions.flatMap((decision) => decision.entries);
  const places = decisions.flatMap(({ entries: own }, i) => own.map(() => i + 1));
  const after = decisions.map((decision) => decision.after);
  const before = decisions.map((decision) => decision.before);
  return [
    texts(after.map((state) => state.workspaceId)),
    hashes(before.map((state) => state.hash)),
    numbers(before.map((state) => state.period)),
    numbers(after.map((state) => state.allowance)),
    numbers(after.map((state) => state.topup)),
    numbers(after.map((state) => state.held)),
    numbers(after.map((state) => state.seq)),
    hashes(after.map((state) => state.hash)),
    '0'.repeat(decisions.length),
    texts(decisions.flatMap(({ opened }) => opened.map((hold) => hold.requestId))),
    texts(decisions.flatMap(({ closed }) => closed)),
    numbers(decisions.flatMap(({ closed }, i) => closed.map(() => i + 1))),
    numbers(places),
    texts(entries.map((entry) => entry.workspaceId)),
    numbers(entries.map((entry) => entry.seq)),
    hashes(entries.map((entry) => entry.hash)),
    texts(entries.map((entry) => entry.kind)),
    numbers(entries.map((entry) => entry.allowance)),
    numbers(entries.map((entry) => entry.topup)),
    numbers(entries.map((entry) => entry.period)),
    texts(entries.map((entry) => entry.requestId)),
    texts(entries.map((entry) => entry.keyId)),
    texts(entries.map((entry) => entry.reason)),
    `{${entries.map((entry) => (entry.due ? 't' : 'f')).join()}}`,
    nodeId,
    new Date(now),
  ];
}

const numbers = (values: readonly number[]): string => `{${values.join()}}`;
/** In an array a backslash is written twice. */
const hashes = (values: readonly string[]): string => (values.length === 0 ? '{}' : `{\\\\x${values.join(',\\\\x')}}`);

/** What is no word is quoted, and a word that would be read as null. */
const texts = (values: readonly (string | null)[]): string => `{${values.map(textOf).join()}}`;
const textOf = (value: string | null): string => {
  if (value === null) return 'NULL';
  return /^(?!null$)[\w-]+$/i.test(value) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
};
