import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AccountAnswer, Workspace } from '@asa/contract';
import { checkBooks, hold, rejects, startHouse } from './helpers.ts';

test('workspaces are made, read, listed and changed', async (t) => {
  const { store, accounts, clock } = await startHouse(t);
  const { workspaces, ledger } = accounts;
  t.afterEach(() => checkBooks(store));

  await t.test('a workspace starts with its allowance and its opening top-up', async () => {
    const made = await workspaces.create({ name: 'shop', plan: 'free', credits: 70, limits: { rps: 4 } });
    assert.deepEqual(made, {
      id: made.id,
      name: 'shop',
      plan: 'free',
      credits: { allowance_left: 5000, topup_left: 70, held: 0, total: 5070 },
      limits: { rps: 4, burst_rps: 10, concurrency: 50 },
      auto_top_up: { enabled: false, threshold: 0, pack: 5000, monthly_cap: 0 },
      budgets: { day: null, month: null },
      created_at: new Date(clock.ms).toISOString(),
    });
    Workspace.parse(made);
    assert.deepEqual(await workspaces.get(made.id), made);
    const { balance, items } = await ledger.entries(made.id, { limit: 10, cursor: null });
    assert.equal(balance, 5070);
    assert.deepEqual(
      items.map(({ kind, amount }) => [kind, amount]),
      [
        ['topup', 70],
        ['grant', 5000],
      ],
    );
  });

  await t.test('custom starts with nothing, and with what is agreed', async () => {
    const bare = await workspaces.create({ name: 'c', plan: 'custom' });
    assert.deepEqual(bare.credits, { allowance_left: 0, topup_left: 0, held: 0, total: 0 });
    assert.deepEqual(bare.limits, { rps: 50, burst_rps: 100, concurrency: 300 });
    const agreed = await workspaces.create({ name: 'c', plan: 'custom', allowance: 1_000_000, limits: { rps: 200 } });
    assert.equal(agreed.credits.allowance_left, 1_000_000);
    assert.deepEqual(agreed.limits, { rps: 200, burst_rps: 400, concurrency: 300 });
    await rejects(
      workspaces.create({ name: 'x', plan: 'pro', allowance: 5 }),
      'invalid_params',
      /allowance of its own/,
    );
    await rejects(workspaces.create({ name: 'x', plan: 'custom', allowance: 0.5 }), 'invalid_params', /allowance 0.5/);
  });

  await t.test('changes keep what they leave out', async () => {
    const { id } = await workspaces.create({ name: 'a', plan: 'free', limits: { rps: 3 } });
    const changed = await workspaces.patch(id, {
      auto_top_up: { enabled: true, threshold: 100 },
      limits: { concurrency: 9 },
    });
    assert.deepEqual(changed.auto_top_up, { enabled: true, threshold: 100, pack: 5000, monthly_cap: 0 });
    assert.deepEqual(changed.limits, { rps: 3, burst_rps: 10, concurrency: 9 });
    const renamed = await workspaces.patch(id, { name: 'b' });
    assert.deepEqual(renamed, { ...changed, name: 'b' });
  });

  await t.test('a larger plan grants the difference once, a smaller one takes nothing back', async () => {
    const { id } = await workspaces.create({ name: 'a', plan: 'free' });
    await hold(accounts, id, 1000);
    const left = async (plan: 'free' | 'vibe' | 'pro') => (await workspaces.patch(id, { plan })).credits.allowance_left;
    assert.equal(await left('vibe'), 134_000);
    assert.equal(await left('free'), 134_000);
    assert.equal(await left('vibe'), 134_000, 'back again: nothing more this month');
    assert.equal(await left('pro'), 409_000);
    await left('free');
    clock.ms = Date.parse('2026-06-20T10:00:00Z');
    assert.equal(
      (await workspaces.get(id)).credits.allowance_left,
      5000,
      'the smaller plan starts with the next month',
    );
    assert.equal((await workspaces.get(id)).limits.rps, 2);
  });

  await t.test('unknown workspaces are not found', async () => {
    for (const id of ['ws_0000000000000000', 'x', 'ws_\0']) {
      await rejects(workspaces.get(id), 'not_found', /no workspace/);
      await rejects(workspaces.patch(id, { name: 'x' }), 'not_found', /no workspace/);
      await rejects(
        workspaces.credits(id, { amount: 1, reason: 'x', idempotencyKey: null }),
        'not_found',
        /no workspace/,
      );
      await rejects(ledger.entries(id, { limit: 1, cursor: null }), 'not_found', /no workspace/);
      await rejects(ledger.credits(id), 'not_found', /no workspace/);
    }
    await rejects(workspaces.create({ name: 'a\0', plan: 'free' }), 'invalid_params', /NUL/);
  });

  await t.test('the list is paged, newest first, and steady while workspaces are made', async () => {
    const before = await workspaces.list({ limit: 100, cursor: null });
    const made: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      if (i % 3 === 0) clock.ms += 1;
      made.push((await workspaces.create({ name: `${i}`, plan: 'custom' })).id);
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof workspaces.list>> = await workspaces.list({ limit: 3, cursor });
      seen.push(...page.items.map((row) => row.id));
      assert.ok(page.items.length <= 3);
      assert.match(page.nextCursor ?? 'x', /^[\w-]{1,512}$/);
      cursor = page.nextCursor;
      clock.ms += 1;
      await workspaces.create({ name: 'later', plan: 'custom' });
    } while (cursor !== null);
    assert.equal(seen.length, 7 + before.items.length);
    assert.deepEqual(new Set(seen), new Set([...made, ...before.items.map((row) => row.id)]));
    assert.deepEqual(
      seen.slice(7),
      before.items.map((row) => row.id),
    );
  });
});

test('credits are topped up and taken away', async (t) => {
  const { store, accounts } = await startHouse(t);
  const { workspaces, ledger } = accounts;
  const { id } = await workspaces.create({ name: 'a', plan: 'free' });
  const change = (amount: number, idempotencyKey: string | null = null, reason = 'because') =>
    workspaces.credits(id, { amount, reason, idempotencyKey });
  const pots = async () => {
    const { allowance_left, topup_left } = await ledger.credits(id);
    return [allowance_left, topup_left];
  };
  t.afterEach(() => checkBooks(store));

  await t.test('a positive amount goes to the top-up, a negative one comes from the allowance first', async () => {
    assert.deepEqual(await pots(), [5000, 0]);
    const entry = await change(300);
    assert.deepEqual(entry, {
      id: entry.id,
      kind: 'topup',
      amount: 300,
      reason: 'because',
      created_at: entry.created_at,
    });
    assert.equal((await change(-4900)).kind, 'adjust');
    assert.deepEqual(await pots(), [100, 300]);
    await change(-150);
    assert.deepEqual(await pots(), [0, 250]);
  });

  await t.test('never below 0', async () => {
    await rejects(change(-251), 'invalid_params', /amount -251: the workspace has only 250/);
    await rejects(change(0), 'invalid_params', /amount 0/);
    await rejects(change(1.5), 'invalid_params', /amount 1.5/);
    await rejects(change(4e15), 'invalid_params', /at most 4000000000000000/);
    await rejects(change(5, null, 'a\0b'), 'invalid_params', /reason .*NUL/);
    assert.deepEqual(await pots(), [0, 250]);
    await change(-250);
    assert.deepEqual(await pots(), [0, 0]);
  });

  await t.test('an Idempotency-Key makes one entry, also when it comes many times at once', async () => {
    const entries = await Promise.all(Array.from({ length: 8 }, () => change(40, 'order 17')));
    assert.equal(new Set(entries.map((entry) => entry.id)).size, 1);
    assert.deepEqual(await pots(), [0, 40]);
    await rejects(change(41, 'order 17'), 'invalid_params', /"order 17" was used before .*amount 40/);
    await rejects(change(40, 'order 17', 'other'), 'invalid_params', /"order 17"/);
    await rejects(change(40, ''), 'invalid_params', /Idempotency-Key/);
    await rejects(change(40, 'ü'), 'invalid_params', /Idempotency-Key/);
    const other = await workspaces.create({ name: 'b', plan: 'custom' });
    await workspaces.credits(other.id, { amount: 7, reason: 'because', idempotencyKey: 'order 17' });
    assert.equal((await ledger.credits(other.id)).total, 7, 'a key is the workspace’s own');
  });

  await t.test('the ledger is paged, newest first, with the balance', async () => {
    const all = await ledger.entries(id, { limit: 100, cursor: null });
    assert.equal(all.nextCursor, null);
    assert.equal(
      all.balance,
      all.items.reduce((sum, entry) => sum + entry.amount, 0),
    );
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof ledger.entries>> = await ledger.entries(id, { limit: 2, cursor });
      seen.push(...page.items.map((entry) => entry.id));
      cursor = page.nextCursor;
      await change(1);
    } while (cursor !== null);
    assert.deepEqual(
      seen,
      all.items.map((entry) => entry.id),
    );
    const foreign = (await workspaces.list({ limit: 1, cursor: null })).nextCursor;
    assert.ok(foreign !== null);
    for (const bad of [foreign, 'x', '', btoa('["ledger"]'), btoa('["ledger","1"]'), btoa('["ledger",1,2]')]) {
      await rejects(
        ledger.entries(id, { limit: 2, cursor: bad }),
        'invalid_params',
        /cursor ".*" is not a next_cursor/,
      );
    }
  });
});

test('usage is counted per day and key, and the account tells it', async (t) => {
  const { accounts, clock, node } = await startHouse(t);
  const { workspaces, keys, usage } = accounts;
  const { id } = await workspaces.create({ name: 'a', plan: 'vibe' });
  const one = await keys.create(id, { name: 'one', mode: 'live' });
  clock.ms += 1;
  const two = await keys.create(id, { name: 'two', mode: 'test' });
  const call = (keyId: string, succeeded: boolean, credits: number) =>
    usage.record({ keyId, workspaceId: id, at: clock.ms, succeeded, credits });
  const found = await keys.identify(one.key);
  assert.ok(found.status === 'ok');
  for (let i = 0; i < 3; i += 1) call(one.id, true, 5);
  call(one.id, false, 0);
  call(two.id, true, 0);
  clock.ms += 86_400_000;
  call(one.id, true, 25);
  const other = await node();
  other.accounts.usage.record({ keyId: one.id, workspaceId: id, at: clock.ms, succeeded: true, credits: 5 });
  await other.accounts.close();
  await keys.revoke(two.id);

  const account = await accounts.account(found.principal);
  AccountAnswer.parse({ request_id: 'req_000000000000', ...account });
  assert.deepEqual(account, {
    workspace: id,
    plan: 'vibe',
    credits: { allowance_left: 135_000, topup_left: 0, held: 0, total: 135_000, resets_at: '2026-06-20T10:00:00.000Z' },
    limits: { rps: 10, burst_rps: 40, concurrency: 100 },
    budgets: [],
    auto_top_up: { enabled: false, threshold: 0, pack: 5000, monthly_cap: 0, bought_this_month: 0, last: null },
    alerts: [],
    keys: await keys.list(id),
    usage: [
      { date: '2026-05-21', key: one.short_prefix, requests: 2, succeeded: 2, credits: 30 },
      { date: '2026-05-20', key: one.short_prefix, requests: 4, succeeded: 3, credits: 15 },
      { date: '2026-05-20', key: two.short_prefix, requests: 1, succeeded: 1, credits: 0 },
    ],
  });

  clock.ms = Date.parse('2026-06-19T00:00:00Z');
  assert.equal((await accounts.account(found.principal)).usage.length, 1, '30 days are shown');
  assert.equal(await usage.purge(), 0);
  clock.ms = Date.parse('2026-08-18T23:00:00Z');
  assert.equal(await usage.purge(), 0, 'usage is kept for 90 days');
  clock.ms = Date.parse('2026-08-20T00:00:00Z');
  assert.equal(await usage.purge(), 3);
});

test('the default workspace is made once, also when nodes start together', async (t) => {
  const { accounts, node } = await startHouse(t);
  const others = await Promise.all([node(), node()]);
  const made = await Promise.all(
    [accounts, ...others.map((other) => other.accounts)].map((each) => each.ensureDefault()),
  );
  const [first, ...more] = made.filter((keys) => keys !== null);
  assert.ok(first !== undefined);
  assert.deepEqual(more, []);
  const { items } = await accounts.workspaces.list({ limit: 10, cursor: null });
  assert.deepEqual(
    items.map((row) => [row.id, row.name, row.plan]),
    [[first.workspaceId, 'default', 'pro']],
  );
  for (const [key, mode] of [
    [first.liveKey, 'live'],
    [first.testKey, 'test'],
  ] as const) {
    const found = await accounts.keys.identify(key);
    assert.ok(found.status === 'ok');
    assert.deepEqual([found.principal.workspaceId, found.principal.mode], [first.workspaceId, mode]);
  }
  assert.equal(await accounts.ensureDefault(), null);
});
