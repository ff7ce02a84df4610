import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import type { TestContext } from 'node:test';
import type { ErrorCode, LedgerKind } from '@asa/contract';
import { ApiError } from '@asa/contract';
import { openStore, type Store } from '@asa/store';
import { startTestStore } from '@asa/store/testing';
import { createAccounts, type Accounts, type Hold } from '../src/index.ts';
import { entryHash, GENESIS } from '../src/ledger/chain.ts';

export { eventually } from '@asa/store/testing';

export interface Clock {
  now: () => number;
  ms: number;
}

/** A clock that stands until it is moved. */
export function createClock(start = '2026-05-20T10:00:00.000Z'): Clock {
  const clock: Clock = { ms: Date.parse(start), now: () => clock.ms };
  return clock;
}

export interface House {
  store: Store;
  accounts: Accounts;
  clock: Clock;
  /** The same database as another process would see it. `log`: where its log goes; a line in it fails the test unless given. */
  node: (log?: () => void) => Promise<{ store: Store; accounts: Accounts; close: () => Promise<void> }>;
}

/** Accounts on a fresh database with a clock of the test. */
export async function startHouse(t: TestContext, start?: string): Promise<House> {
  const clock = createClock(start);
  const { store, close } = await startTestStore();
  const accounts = createAccounts({ store, now: clock.now, log: failOnLog });
  const closers: (() => Promise<void>)[] = [close, accounts.close];
  t.after(async () => {
    for (const closer of closers.toReversed()) await closer();
  });
  const node = async (log: (message: string, fields?: object) => void = failOnLog) => {
    const other = await openStore({ databaseUrl: store.databaseUrl, dataDir: tmpdir(), poolSize: 4 });
    const its = createAccounts({ store: other, now: clock.now, log });
    let closed = false;
    const end = async (): Promise<void> => {
      if (closed) return;
      closed = true;
      await its.close();
      await other.close();
    };
    closers.push(end);
    return { store: other, accounts: its, close: end };
  };
  return { store, accounts, clock, node };
}

const failOnLog = (message: string, fields?: object): never => assert.fail(`${message} ${JSON.stringify(fields)}`);

let made = 0;
/** A request id that no other test of this process uses. */
export const requestId = (): string => `req_${(++made).toString(16).padStart(12, '0')}`;

export async function hold(accounts: Accounts, workspaceId: string, credits: number): Promise<Hold> {
  const outcome = await accounts.ledger.hold({ requestId: requestId(), workspaceId, keyId: 'key_test', credits });
  assert.equal(outcome.status, 'held');
  return outcome.hold;
}

/** Checks that the promise rejects with an error of the table whose message matches. */
export async function rejects(promise: Promise<unknown>, code: ErrorCode, message: RegExp): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

/** What must be true of every ledger at any instant (contract section 6); the message names what is not. */
export async function checkBooks(store: Store): Promise<void> {
  const wrong = await store.query(
    `SELECT b.workspace_id, b.allowance_left, e.allowance, b.topup_left, e.topup, b.held, h.held AS open
       FROM balances b
       CROSS JOIN LATERAL (SELECT COALESCE(sum(allowance), 0)::bigint AS allowance, COALESCE(sum(topup), 0)::bigint AS topup
                             FROM ledger_entries WHERE workspace_id = b.workspace_id) e
       CROSS JOIN LATERAL (SELECT COALESCE(sum(allowance + topup), 0)::bigint AS held
                             FROM holds WHERE workspace_id = b.workspace_id) h
      WHERE b.allowance_left <> e.allowance OR b.topup_left <> e.topup OR b.held <> h.held
         OR b.allowance_left < 0 OR b.topup_left < 0 OR b.allowance_left > b.period_granted`,
  );
  assert.deepEqual(wrong, [], 'balances are the sums of their entries, and held is the sum of open holds');
  const requests = await store.query(
    `SELECT request_id, array_agg(kind ORDER BY id) AS kinds, bool_or(h.request_id IS NOT NULL) AS open
       FROM ledger_entries LEFT JOIN holds h USING (request_id) WHERE request_id IS NOT NULL GROUP BY request_id
     HAVING array_agg(kind ORDER BY id) <> CASE WHEN bool_or(h.request_id IS NOT NULL) THEN '{hold}'::text[] ELSE '{hold,release}' END
        AND array_agg(kind ORDER BY id) <> '{hold,release,capture}' AND array_agg(kind ORDER BY id) <> '{hold,release,capture,adjust}'`,
  );
  assert.deepEqual(requests, [], 'a request is open, or was released once and captured at most once');
  await checkChains(store);
}

/** Every entry of every workspace follows on the one before, and the balance knows the last one. */
async function checkChains(store: Store): Promise<void> {
  const rows = await store.query<ChainRow>(
    `SELECT workspace_id, seq, encode(hash, 'hex') AS hash, kind, amount, allowance, topup, period, request_id, key_id, reason, created_at
       FROM ledger_entries ORDER BY workspace_id, seq`,
  );
  const ends = new Map<string, { seq: number; hash: string; total: number }>();
  for (const row of rows) {
    const workspaceId = row.workspace_id;
    const { seq, hash, total } = ends.get(workspaceId) ?? { seq: 0, hash: GENESIS, total: 0 };
    const { kind, allowance, topup, period, request_id, key_id: keyId, reason } = row;
    const createdAt = row.created_at.toISOString();
    const facts = { kind, allowance, topup, period, requestId: request_id, keyId, reason };
    const entry = { workspaceId, seq: row.seq, ...facts, createdAt };
    assert.equal(row.seq, seq + 1, 'no number is left out');
    assert.equal(row.hash, entryHash(hash, entry), 'each hash follows from the one before');
    assert.ok(total + row.amount >= 0, 'at no entry was more taken than there was');
    ends.set(workspaceId, { seq: row.seq, hash: row.hash, total: total + row.amount });
  }
  const balances = await store.query<{ workspace_id: string; seq: number; hash: string }>(
    `SELECT workspace_id, seq, encode(hash, 'hex') AS hash FROM balances`,
  );
  for (const { workspace_id: id, seq, hash } of balances) {
    const { seq: last, hash: lastHash } = ends.get(id) ?? { seq: 0, hash: GENESIS };
    assert.deepEqual([seq, hash], [last, lastHash], 'the balance knows the end of its chain');
  }
}

interface ChainRow {
  workspace_id: string;
  seq: number;
  hash: string;
  kind: LedgerKind;
  amount: number;
  allowance: number;
  topup: number;
  period: number;
  request_id: string | null;
  key_id: string | null;
  reason: string | null;
  created_at: Date;
}
