import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ApiError } from '@asa/contract';
import type { Store } from '@asa/store';
import { commitGroup } from '../src/ledger/commit.ts';
import type { Op } from '../src/ledger/decide.ts';
import { createMemory } from '../src/ledger/memory.ts';
import { createLedger, type HoldOutcome, type Ledger } from '../src/ledger/ledger.ts';
import { checkBooks, createClock, eventually, requestId, startHouse } from './helpers.ts';

/** The group commit seen from outside: what shares a statement, and what one request's trouble does to its neighbours. */

const ask = (
  ledger: Ledger,
  workspaceId: string,
  more: { requestId?: string; keyId?: string; credits?: number } = {},
) => ledger.hold({ requestId: requestId(), workspaceId, keyId: 'key_test', credits: 5, ...more });
const statuses = (outcomes: readonly HoldOutcome[]): string[] => outcomes.map(({ status }) => status);

/** A store that counts the statements of groups. */
function counting(store: Store): { store: Store; count: () => number } {
  let count = 0;
  const query = (config: { name?: string; text: string }): unknown => {
    if (config.name === 'accounts_commit') count += 1;
    return store.steady.query(config);
  };
  return {
    store: { ...store, steady: Object.create(store.steady, { query: { value: query } }) as Store['steady'] },
    count: () => count,
  };
}

async function workspaces(t: TestContext, n: number) {
  const house = await startHouse(t);
  const ids: string[] = [];
  for (let i = 0; i < n; i += 1) {
    ids.push((await house.accounts.workspaces.create({ name: 'w', plan: 'custom', credits: 10_000 })).id);
  }
  return { ...house, ids, first: ids[0] ?? '', second: ids[1] ?? '' };
}

test('a lone request is one statement, and many at once share few', async (t) => {
  const { store, ids, first } = await workspaces(t, 3);
  const counted = counting(store);
  const ledger = createLedger(counted.store, createClock());
  await ask(ledger, first);
  assert.equal(counted.count(), 1);
  const outcome = await ask(ledger, first);
  assert.equal(outcome.status, 'held');
  await ledger.capture(outcome.hold, 5);
  assert.equal(counted.count(), 3);

  const before = counted.count();
  const outcomes = await Promise.all(Array.from({ length: 600 }, (_, i) => ask(ledger, ids[i % 3] ?? '')));
  assert.ok(outcomes.every(({ status }) => status === 'held'));
  assert.ok(counted.count() - before <= 4, `${counted.count() - before} statements for 600 holds`);
  const between = counted.count();
  const holds = outcomes.flatMap((each) => (each.status === 'held' ? [each.hold] : []));
  await Promise.all(holds.map((hold) => ledger.capture(hold, 5)));
  assert.ok(counted.count() - between <= 4);
  await checkBooks(store);
});

test('a workspace that is forgotten to make room for another one of its group is done all the same', async (t) => {
  const { store, first, second, clock } = await workspaces(t, 2);
  const parts = { store, now: clock.now, memory: createMemory(1) };
  const holdOf = (workspaceId: string): Op => ({
    do: 'hold',
    workspaceId,
    requestId: requestId(),
    keyId: 'key_test',
    credits: 5,
  });
  const answers: string[] = [];
  const group = async (...ids: string[]): Promise<string[]> => {
    const asked = new Map(ids.map((id) => [id, [holdOf(id)]]));
    return commitGroup(parts, asked, ({ workspaceId }, result) => {
      answers.push(`${workspaceId} ${'outcome' in result ? result.outcome.status : String(result.error)}`);
    });
  };
  assert.deepEqual(await group(first), []);
  // What is left is done alone, as if somebody else had changed it.
  assert.deepEqual(await group(first, second), [first]);
  assert.deepEqual(answers, [`${first} held`, `${second} held`]);
});

test('what cannot be stored fails alone', async (t) => {
  const { store, ids, first, second, clock } = await workspaces(t, 4);
  const ledger = createLedger(store, clock);
  const taken = requestId();
  // Another process is about to write the same id for another workspace: that shows only when it commits.
  const { promise: written, resolve: commit } = Promise.withResolvers<void>();
  const { promise: inserted, resolve: isInserted } = Promise.withResolvers<void>();
  const other = store.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO ledger_entries (workspace_id, seq, hash, kind, amount, allowance, topup, period, request_id, created_at)
       VALUES ('ws_elsewhere', 1, sha256(''), 'hold', -5, 0, -5, 0, $1, now())`,
      [taken],
    );
    isInserted();
    await written;
  });
  await inserted;
  const asked = [
    ...ids.flatMap((id) => Array.from({ length: 20 }, () => ask(ledger, id))),
    ask(ledger, first, { requestId: taken }),
    ask(ledger, second, { keyId: 'a NUL \0 byte' }),
    ask(ledger, 'ws_0000000000000000'),
    ask(ledger, first, { credits: 1_000_000 }),
    ask(ledger, second, { keyId: '"quotes", {braces} and \\' }),
    ask(ledger, second, { keyId: 'NULL' }),
    ...ids.flatMap((id) => Array.from({ length: 20 }, () => ask(ledger, id))),
  ];
  const settled = Promise.allSettled(asked);
  await eventually('the group waits for the other process', async () => {
    const rows = await store.query(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rows.length > 0;
  });
  commit();
  await other;
  const results = await settled;
  const told = results.map((result) => {
    if (result.status === 'fulfilled') return result.value.status;
    const reason: unknown = result.reason;
    return reason instanceof ApiError
      ? reason.code
      : /invalid byte sequence/.test(String(reason))
        ? 'NUL'
        : String(reason);
  });
  const own = Array<string>(80).fill('held');
  assert.deepEqual(told, [...own, 'duplicate', 'NUL', 'not_found', 'insufficient', 'held', 'held', ...own]);
  await store.query('ALTER TABLE ledger_entries DISABLE TRIGGER ledger_append_only');
  await store.query(`DELETE FROM ledger_entries WHERE workspace_id = 'ws_elsewhere'`);
  const [odd] = await store.query(
    `SELECT count(*) AS n FROM holds WHERE key_id IN ('NULL', '"quotes", {braces} and \\')`,
  );
  assert.deepEqual(odd, { n: 2 });
  await checkBooks(store);
});

test('an id that was used before is told alone, in a group too', async (t) => {
  const { store, ids, first, second, clock } = await workspaces(t, 3);
  const [ledger, later] = [createLedger(store, clock), createLedger(store, clock)];
  const used = requestId();
  assert.equal((await ask(ledger, first, { requestId: used })).status, 'held');
  const outcomes = await Promise.all([
    ...ids.map((id) => ask(later, id)),
    ask(later, second, { requestId: used }),
    ...ids.map((id) => ask(later, id)),
  ]);
  assert.deepEqual(statuses(outcomes), ['held', 'held', 'held', 'duplicate', 'held', 'held', 'held']);
  await checkBooks(store);
});

test('a balance that somebody else has locked holds up nobody but its own workspace', async (t) => {
  const { store, ids, first, second, clock } = await workspaces(t, 5);
  const ledger = createLedger(store, clock);
  await Promise.all(ids.map((id) => ask(ledger, id)));
  const { promise: over, resolve: release } = Promise.withResolvers<void>();
  const { promise: locked, resolve: isLocked } = Promise.withResolvers<void>();
  const other = store.transaction(async (tx) => {
    await tx.query('SELECT 1 FROM balances WHERE workspace_id = $1 FOR UPDATE', [first]);
    isLocked();
    await over;
  });
  await locked;
  let waiting = 40;
  const stuck = Array.from({ length: 40 }, async () => {
    const outcome = await ask(ledger, first);
    waiting -= 1;
    return outcome.status;
  });
  for (let i = 0; i < 20; i += 1) assert.equal((await ask(ledger, ids[1 + (i % 4)] ?? second)).status, 'held');
  assert.equal(waiting, 40);
  release();
  await other;
  assert.deepEqual([...new Set(await Promise.all(stuck))], ['held']);
  await checkBooks(store);
});

test('when the connection breaks everybody is told, and what was known is not believed any more', async (t) => {
  const { store, first, clock, accounts } = await workspaces(t, 1);
  const ledger = createLedger(store, clock);
  const held = await ask(ledger, first);
  assert.equal(held.status, 'held');
  const { promise: over, resolve: release } = Promise.withResolvers<void>();
  const { promise: locked, resolve: isLocked } = Promise.withResolvers<void>();
  const other = store.transaction(async (tx) => {
    await tx.query('SELECT 1 FROM balances WHERE workspace_id = $1 FOR UPDATE', [first]);
    isLocked();
    await over;
  });
  await locked;
  const asked = Promise.allSettled([ledger.capture(held.hold, 5), ask(ledger, first), ask(ledger, first)]);
  await eventually('they wait for the lock', async () => {
    const rows = await store.query<{ pid: number }>(
      `SELECT pg_terminate_backend(pid) AS pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rows.length > 0;
  });
  assert.deepEqual([...new Set((await asked).map(({ status }) => status))], ['rejected']);
  release();
  await other;
  await accounts.workspaces.credits(first, { amount: -9_990, reason: 'nearly nothing is left', idempotencyKey: null });
  assert.deepEqual(statuses(await Promise.all([ask(ledger, first), ask(ledger, first)])), ['held', 'insufficient']);
  await ledger.capture(held.hold, 5);
  await checkBooks(store);
});

test('credits that another process adds are seen at once, by those who were told there were none', async (t) => {
  const { store, clock, accounts, node } = await startHouse(t);
  const { id } = await accounts.workspaces.create({ name: 'w', plan: 'custom', credits: 4 });
  const other = await node();
  for (let round = 0; round < 3; round += 1) {
    assert.equal((await ask(accounts.ledger, id)).status, 'insufficient');
    await other.accounts.workspaces.credits(id, { amount: 5, reason: 'r', idempotencyKey: null });
    const outcome = await ask(accounts.ledger, id);
    assert.equal(outcome.status, 'held');
    await accounts.ledger.capture(outcome.hold, 5);
  }
  clock.ms += 1;
  await checkBooks(store);
});

test('more than may wait are refused, and the others are served', async (t) => {
  const { store, first, clock } = await workspaces(t, 1);
  const ledger = createLedger(store, clock, { waiting: 50, most: 8 });
  const results = await Promise.allSettled(Array.from({ length: 60 }, () => ask(ledger, first)));
  const refused = results.filter((result) => result.status === 'rejected');
  assert.equal(refused.length, 10);
  for (const { reason } of refused) assert.ok(reason instanceof ApiError && reason.code === 'capacity');
  assert.equal((await ask(ledger, first)).status, 'held');
  await checkBooks(store);
});
