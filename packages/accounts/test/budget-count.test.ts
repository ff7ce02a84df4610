import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countPaid, recount } from '../src/budgets/count.ts';
import type { Hold } from '../src/index.ts';
import { checkBooks, hold, startHouse } from './helpers.ts';

const DAY_MS = 86_400_000;

test('a budget is counted by ranges of the chain, and what happens meanwhile is counted too', async (t) => {
  const { store, accounts, clock } = await startHouse(t, '2026-04-30T22:00:00.000Z');
  const { ledger, workspaces, budgets } = accounts;
  const { id } = await workspaces.create({ name: 'w', plan: 'custom', credits: 10_000 });
  const pay = async (credits = 5): Promise<Hold> => {
    const held = await hold(accounts, id, credits);
    await ledger.capture(held, credits);
    return held;
  };
  // Of last month, and one that was held in it and paid in this one.
  await pay(1000);
  const late = await hold(accounts, id, 500);
  clock.ms += DAY_MS;
  await ledger.capture(late, 500);
  const refunded = await pay(10);
  const refundedLater = await pay(20);
  await ledger.undo(refunded);
  await ledger.release(await hold(accounts, id, 7));
  await pay(40);
  clock.ms += DAY_MS;
  for (let i = 0; i < 5; i += 1) await pay();

  const sums = async (entriesAtOnce: number) => {
    const { paid } = await countPaid(store, id, clock.ms, entriesAtOnce);
    const days = Map.groupBy(paid, (row) => row.day);
    const sum = (rows: typeof paid): number => rows.reduce((all, { credits }) => all + credits, 0);
    return Object.fromEntries([...days].map(([day, rows]) => [day, sum(rows)]));
  };
  const expected = { '2026-05-01': 60, '2026-05-02': 25 };
  for (const entriesAtOnce of [1, 3, 1000]) assert.deepEqual(await sums(entriesAtOnce), expected);

  await t.test('between the count and the lock', async () => {
    await workspaces.patch(id, { budgets: { day: 5000, month: 9000 } });
    const payer = { workspaceId: id, line: 'key_test', budgeted: true, shortPrefix: 'k' };
    const unsettled = await hold(accounts, id, 100);
    assert.equal(await budgets.reserve(payer, unsettled.requestId, 100), 'reserved');
    await ledger.capture(unsettled, 100);
    const flying = await hold(accounts, id, 15);
    const counted = await countPaid(store, id, clock.ms, 2);
    await pay(30);
    await ledger.capture(flying, 15);
    await ledger.undo(refundedLater);
    await recount(store, counted);

    const counters = () =>
      store.query(
        `SELECT period, starts::text, spent, reserved FROM budget_counters WHERE spent + reserved > 0 ORDER BY period, starts`,
      );
    const first = { period: 'day', starts: '2026-05-01', spent: 40, reserved: 0 };
    assert.deepEqual(await counters(), [
      first,
      { period: 'day', starts: '2026-05-02', spent: 70, reserved: 100 },
      { period: 'month', starts: '2026-05-01', spent: 110, reserved: 100 },
    ]);
    budgets.settle(id, unsettled.requestId, 100);
    await budgets.flush();
    const settled = [
      first,
      { period: 'day', starts: '2026-05-02', spent: 170, reserved: 0 },
      { period: 'month', starts: '2026-05-01', spent: 210, reserved: 0 },
    ];
    assert.deepEqual(await counters(), settled);
    // Counted once more, 15 s after the change.
    clock.ms += 16_000;
    await budgets.sweep();
    assert.deepEqual(await counters(), settled);

    // Given back later, out of the budgets too.
    await ledger.undo(unsettled);
    await budgets.sweep();
    assert.deepEqual(await counters(), [
      first,
      { period: 'day', starts: '2026-05-02', spent: 70, reserved: 0 },
      { period: 'month', starts: '2026-05-01', spent: 110, reserved: 0 },
    ]);
  });
  await checkBooks(store);
});
