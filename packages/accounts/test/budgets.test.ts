import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '@asa/contract';
import { createAccounts, type Accounts, type Principal } from '../src/index.ts';
import { eventually, rejects, requestId, startHouse } from './helpers.ts';

type Payer = Principal;

async function payerOf(
  accounts: Accounts,
  workspaceId: string,
): Promise<{ payer: () => Promise<Payer>; keyId: string; short: string }> {
  const made = await accounts.keys.create(workspaceId, { name: 'k', mode: 'live' });
  const payer = async (): Promise<Payer> => {
    const found = await accounts.keys.identify(made.key);
    assert.ok(found.status === 'ok');
    return found.principal;
  };
  return { payer, keyId: made.id, short: made.short_prefix };
}

/** Reserves, holds, captures and settles, as the stages do. */
async function buy(accounts: Accounts, payer: Payer, credits: number): Promise<void> {
  const request = requestId();
  const reserved = await accounts.budgets.reserve(payer, request, credits);
  const { workspaceId, keyId } = payer;
  const outcome = await accounts.ledger.hold({ requestId: request, workspaceId, keyId, credits });
  assert.equal(outcome.status, 'held');
  await accounts.ledger.capture(outcome.hold, credits);
  if (reserved === 'reserved') accounts.budgets.settle(workspaceId, request, credits);
}

test('budgets of workspaces and keys', async (t) => {
  const { accounts, clock, node } = await startHouse(t, '2026-05-20T10:00:00.000Z');
  const { budgets, workspaces, keys } = accounts;
  const make = async () => {
    const { id } = await workspaces.create({ name: 'w', plan: 'custom', credits: 100_000 });
    return { id, ...(await payerOf(accounts, id)) };
  };
  const states = async (id: string) =>
    (await accounts.account({ workspaceId: id })).budgets.map(
      ({ scope, key, period, credits, spent, reserved, resets_at }) => ({
        what: `${scope} ${period}`,
        key,
        credits,
        spent,
        reserved,
        resets_at,
      }),
    );

  await t.test('without a budget nothing is reserved', async () => {
    const { payer } = await make();
    assert.equal(await budgets.reserve(await payer(), requestId(), 5), 'none');
    assert.equal(await budgets.left(await payer()), null);
  });

  await t.test('the message names the budget that ends last, and when it begins anew', async () => {
    const { id, payer, keyId, short } = await make();
    await workspaces.patch(id, { budgets: { day: 12, month: 1000 } });
    await buy(accounts, await payer(), 10);
    await budgets.flush();
    await rejects(
      budgets.reserve(await payer(), requestId(), 5),
      'insufficient_credits',
      /costs 5 credits, but the budget of the workspace is 12 credits a day: 10 are spent\. The next day begins 2026-05-21T00:00:00\.000Z/,
    );
    await keys.patch(keyId, { budgets: { month: 14 } });
    await rejects(
      budgets.reserve(await payer(), requestId(), 5),
      'insufficient_credits',
      new RegExp(
        `the budget of the key ${short} is 14 credits a month: 10 are spent\\. The next month begins 2026-06-01`,
      ),
    );
  });

  await t.test('days and months are those of UTC; a new one begins with nothing spent', async () => {
    const { id, payer } = await make();
    await workspaces.patch(id, { budgets: { day: 10, month: 15 } });
    clock.ms = Date.parse('2026-05-30T23:59:59.999Z');
    await buy(accounts, await payer(), 10);
    await budgets.flush();
    await rejects(budgets.reserve(await payer(), requestId(), 5), 'insufficient_credits', /a day/);
    clock.ms += 1;
    await buy(accounts, await payer(), 5);
    await budgets.flush();
    await rejects(
      budgets.reserve(await payer(), requestId(), 5),
      'insufficient_credits',
      /15 credits a month: 15 are spent/,
    );
    clock.ms = Date.parse('2026-06-01T00:00:00.000Z');
    await buy(accounts, await payer(), 10);
    assert.deepEqual(await states(id), [
      { what: 'workspace day', key: null, credits: 10, spent: 10, reserved: 0, resets_at: '2026-06-02T00:00:00.000Z' },
      {
        what: 'workspace month',
        key: null,
        credits: 15,
        spent: 10,
        reserved: 0,
        resets_at: '2026-07-01T00:00:00.000Z',
      },
    ]);
  });

  await t.test('a budget that is set later counts what was spent and what is in flight', async () => {
    const { id, payer, keyId } = await make();
    await buy(accounts, await payer(), 20);
    const flying = await accounts.ledger.hold({ requestId: requestId(), workspaceId: id, keyId, credits: 15 });
    assert.ok(flying.status === 'held');
    await workspaces.patch(id, { budgets: { day: 40 } });
    assert.deepEqual(
      (await states(id)).map(({ spent, reserved }) => ({ spent, reserved })),
      [{ spent: 20, reserved: 15 }],
    );
    assert.equal(await budgets.left(await payer()), 5);
    await rejects(
      budgets.reserve(await payer(), requestId(), 10),
      'insufficient_credits',
      /20 are spent and 15 are reserved/,
    );
    // It was held before there was a budget, so nobody settles its reservation; the ledger tells what came of it.
    await accounts.ledger.capture(flying.hold, 10);
    clock.ms += 61_000;
    await budgets.sweep();
    assert.equal(await budgets.left(await payer()), 10);
  });

  await t.test('what ended a moment ago leaves its room at once', async () => {
    const { id, payer } = await make();
    await workspaces.patch(id, { budgets: { day: 10 } });
    const one = await payer();
    for (let i = 0; i < 20; i += 1) {
      const request = requestId();
      assert.equal(await budgets.reserve(one, request, 10), 'reserved');
      budgets.settle(id, request, 0);
    }
  });

  await t.test('a budget that was taken away limits nothing', async () => {
    const { id, payer } = await make();
    await workspaces.patch(id, { budgets: { day: 0 } });
    await rejects(budgets.reserve(await payer(), requestId(), 5), 'insufficient_credits', /is 0 credits a day/);
    const changed = await workspaces.patch(id, { budgets: { day: null } });
    assert.deepEqual(changed.budgets, { day: null, month: null });
    assert.equal(await budgets.reserve(await payer(), requestId(), 5), 'none');
  });

  await t.test('a key and those that replace it have one budget', async () => {
    const { id, payer, keyId } = await make();
    await keys.patch(keyId, { budgets: { day: 10 } });
    await buy(accounts, await payer(), 5);
    const next = await keys.rotate(keyId, 3600);
    const found = await keys.identify(next.key);
    assert.ok(found.status === 'ok' && found.principal.budgeted);
    await buy(accounts, found.principal, 5);
    await budgets.flush();
    await rejects(
      budgets.reserve(await payer(), requestId(), 5),
      'insufficient_credits',
      /10 credits a day: 10 are spent/,
    );
    assert.deepEqual(
      (await keys.list(id)).map((key) => key.budgets),
      [
        { day: 10, month: null },
        { day: 10, month: null },
      ],
    );
  });

  await t.test('a stampede on two nodes never exceeds the budget, and uses it up', async () => {
    const { id, payer } = await make();
    const second = await payerOf(accounts, id);
    const other = await node();
    await workspaces.patch(id, { budgets: { day: 300 } });
    await keys.patch(second.keyId, { budgets: { day: 100 } });
    const [first, limited] = [await payer(), await second.payer()];
    const asked = Array.from({ length: 160 }, (_, i) => ({
      where: i % 2 === 0 ? accounts : other.accounts,
      who: i % 4 < 2 ? first : limited,
    }));
    const answers = await Promise.allSettled(asked.map(({ where, who }) => buy(where, who, 5)));
    const bought = (who: Payer): number =>
      answers.filter((answer, i) => answer.status === 'fulfilled' && asked[i]?.who === who).length;
    assert.equal(bought(limited), 20);
    assert.equal(bought(first), 40);
    await other.accounts.budgets.flush();
    assert.deepEqual(
      (await states(id)).map(({ what, spent, reserved }) => ({ what, spent, reserved })),
      [
        { what: 'workspace day', spent: 300, reserved: 0 },
        { what: 'key day', spent: 100, reserved: 0 },
      ],
    );
  });

  await t.test('what other nodes let through before they knew of a budget is counted soon after', async () => {
    const { id, payer } = await make();
    const other = await node();
    const stale = await payer();
    await workspaces.patch(id, { budgets: { day: 100 } });
    assert.equal(stale.budgeted, false);
    await buy(other.accounts, stale, 30);
    assert.equal(await budgets.left(await payer()), 100);
    clock.ms += 15_000;
    await budgets.sweep();
    assert.equal(await budgets.left(await payer()), 70);
  });
});

test('alerts at 50, 80 and 100 %, once each in a period', async (t) => {
  const { store, accounts: quiet, clock } = await startHouse(t, '2026-05-20T10:00:00.000Z');
  const told: { workspaceId: string; alert: Alert }[] = [];
  let fails = 0;
  const accounts = createAccounts({
    store,
    now: clock.now,
    onAlert: (workspaceId, alert) => {
      if (fails-- > 0) return Promise.reject(new Error('the queue is away'));
      told.push({ workspaceId, alert });
      return Promise.resolve(true);
    },
  });
  t.after(() => accounts.close());
  const { id } = await accounts.workspaces.create({ name: 'w', plan: 'custom', credits: 100_000 });
  const { payer, keyId, short } = await payerOf(accounts, id);
  const listed = async () =>
    (await accounts.alerts.list(id, { limit: 100, cursor: null })).items
      .map(({ scope, period, percent, spent }) => `${scope} ${period} ${percent} ${spent}`)
      .toReversed();

  await t.test('each when it is reached, however many requests reach it at once', async () => {
    await accounts.workspaces.patch(id, { budgets: { day: 100 } });
    await buy(accounts, await payer(), 45);
    await accounts.budgets.flush();
    assert.deepEqual(await listed(), []);
    const one = await payer();
    await Promise.all(Array.from({ length: 7 }, () => buy(accounts, one, 5)));
    await accounts.budgets.flush();
    assert.deepEqual(
      (await listed()).map((line) => line.replace(/\d+$/, '')),
      ['workspace day 50 ', 'workspace day 80 '],
    );
    await buy(accounts, one, 15);
    await accounts.budgets.flush();
    // 95 of 100: 5 more still fit.
    assert.equal((await listed()).length, 2);
    await buy(accounts, one, 5);
    await accounts.budgets.flush();
    assert.equal((await listed()).at(-1), 'workspace day 100 100');
    await rejects(accounts.budgets.reserve(one, requestId(), 5), 'insufficient_credits', /a day/);
    assert.equal((await listed()).length, 3);
  });

  await t.test('they are handed over once each', async () => {
    await accounts.alerts.deliver();
    assert.deepEqual(
      told.map(({ workspaceId, alert }) => [workspaceId, alert.percent, alert.budget, alert.period_start]),
      [50, 80, 100].map((percent) => [id, percent, 100, '2026-05-20']),
    );
    assert.equal(new Set(told.map(({ alert }) => alert.id)).size, 3);
    await accounts.alerts.deliver();
    assert.equal(told.length, 3);
  });

  await t.test(
    'a new day has alerts of its own, and a key too; what cannot be handed over is tried again',
    async () => {
      clock.ms = Date.parse('2026-05-21T00:00:00.000Z');
      await accounts.keys.patch(keyId, { budgets: { month: 112 } });
      fails = 1;
      await buy(accounts, await payer(), 10);
      await accounts.budgets.flush();
      // Of 112 credits 110 are spent: nothing fits any more.
      assert.deepEqual((await listed()).slice(3), ['key month 50 100', 'key month 80 100', 'key month 100 110']);
      await eventually('the key is told', async () => {
        await accounts.alerts.deliver().catch(() => undefined);
        return told.length === 6;
      });
      assert.equal(told.at(-1)?.alert.key, short);
      const [newest] = (await accounts.alerts.list(id, { limit: 1, cursor: null })).items;
      assert.equal(newest?.delivered_at, new Date(clock.ms).toISOString());
    },
  );

  await t.test('without anybody to tell they are listed, page by page', async () => {
    const first = await quiet.alerts.list(id, { limit: 4, cursor: null });
    const second = await quiet.alerts.list(id, { limit: 4, cursor: first.nextCursor });
    assert.deepEqual([first.items.length, second.items.length, second.nextCursor], [4, 2, null]);
    await rejects(quiet.alerts.list('ws_0000000000000000', { limit: 1, cursor: null }), 'not_found', /workspace/);
  });
});
