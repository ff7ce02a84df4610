import assert from 'node:assert/strict';
import { test } from 'node:test';
import { topUpCents } from '@asa/contract';
import type { Store } from '@asa/store';
import { createAccounts, testWebhook, WebhookRefused, type Accounts } from '../src/index.ts';
import { checkBooks, eventually } from './helpers.ts';
import { hold, SECRET, startShop } from './shop.ts';

const payments = (store: Store, workspaceId: string) =>
  store.query<{ state: string; asked: number; cents: number }>(
    `SELECT p.state, p.asked, p.cents FROM test_payments p JOIN top_ups t ON t.id = p.idempotency_key
      WHERE t.workspace_id = $1 ORDER BY p.created_at`,
    [workspaceId],
  );
const topUps = async (accounts: Accounts, id: string) =>
  (await accounts.topUps.list(id, { limit: 100, cursor: null })).items.map(
    ({ state, credits }) => `${state} ${credits}`,
  );
const total = async (accounts: Accounts, id: string): Promise<number> => (await accounts.ledger.credits(id)).total;

test('credits are bought when a request needs them', async (t) => {
  const { store, clock, accounts, other, how, workspace } = await startShop(t);

  await t.test('one pack, paid once, in the ledger with its price', async () => {
    const id = await workspace();
    assert.equal(await hold(accounts, id, 5), 'held');
    assert.equal(await total(accounts, id), 995);
    assert.deepEqual(await topUps(accounts, id), ['paid 1000']);
    assert.deepEqual(await payments(store, id), [{ state: 'paid', asked: 1, cents: 18 }]);
    const { items } = await accounts.ledger.entries(id, { limit: 10, cursor: null });
    assert.match(
      items.find((entry) => entry.kind === 'topup')?.reason ?? '',
      /^automatic top-up top_[0-9a-f]{16} \(test, pay_top_/,
    );
    assert.deepEqual((await accounts.account({ workspaceId: id })).auto_top_up.bought_this_month, 1000);
  });

  await t.test('a stampede on two nodes buys one pack', async () => {
    const id = await workspace();
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, i) => hold(i % 2 === 0 ? accounts : other, id, 5)),
    );
    assert.ok(outcomes.every((outcome) => outcome === 'held'));
    assert.deepEqual(await topUps(accounts, id), ['paid 1000']);
    assert.deepEqual(await payments(store, id), [{ state: 'paid', asked: 1, cents: 18 }]);
    assert.equal(await total(accounts, id), 0);
    await checkBooks(store);
  });

  await t.test('a stampede that needs more buys as many as it needs, up to the cap and not beyond', async () => {
    const id = await workspace({ pack: 50, monthly_cap: 160 });
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, i) => hold(i % 2 === 0 ? accounts : other, id, 5)),
    );
    const held = outcomes.filter((outcome) => outcome === 'held').length;
    assert.equal(held, 30);
    assert.match(
      outcomes.find((outcome) => outcome !== 'held') ?? '',
      /would buy 50 credits, but is capped at 160 a month, of which 150 are used/,
    );
    assert.deepEqual(await topUps(accounts, id), ['paid 50', 'paid 50', 'paid 50']);
    // The cap is a month's: the next one begins with the next allowance.
    clock.ms += 31 * 86_400_000;
    assert.equal(await hold(accounts, id, 5), 'held');
    await checkBooks(store);
  });

  await t.test('a request that costs more than a pack buys several at once', async () => {
    const id = await workspace({ pack: 20 });
    assert.equal(await hold(accounts, id, 50), 'held');
    assert.deepEqual(await topUps(accounts, id), ['paid 60']);
  });

  await t.test('what could not be credited is not paid for', async () => {
    const id = await workspace({ pack: 5_000_000, monthly_cap: 10_000_000 });
    for (let i = 0; i < 4000; i += 1000) {
      await accounts.workspaces.credits(id, { amount: 999_999_999_999_000, reason: 'r', idempotencyKey: null });
    }
    await accounts.workspaces.patch(id, { auto_top_up: { threshold: 4_000_000_000_000_001 } });
    accounts.topUps.poke(id);
    await accounts.topUps.settled();
    assert.deepEqual(await topUps(accounts, id), []);
  });

  await t.test('off, or without a provider: nothing is bought, and the reason is told', async () => {
    const off = await workspace({ enabled: false });
    assert.equal(await hold(accounts, off, 5), 'automatic top-up is off');
    const without = createAccounts({ store, now: clock.now });
    assert.match(await hold(without, await workspace(), 5), /not possible: no payment provider is set up here/);
    await without.close();
  });

  await t.test('declined: told, and the provider is left alone for longer each time', async () => {
    const id = await workspace();
    how.next = 'decline';
    assert.match(await hold(accounts, id, 5), /the automatic top-up failed: the payment was declined/);
    for (let i = 0; i < 5; i += 1)
      assert.match(await hold(accounts, id, 5), /failed \(the payment was declined\); the next one is tried after/);
    assert.equal((await payments(store, id)).length, 1);
    clock.ms += 60_000;
    assert.match(await hold(other, id, 5), /the payment was declined/);
    clock.ms += 60_000;
    assert.match(await hold(accounts, id, 5), /is tried after/);
    clock.ms += 60_000;
    how.next = 'succeed';
    assert.equal(await hold(accounts, id, 5), 'held');
    assert.deepEqual(await topUps(accounts, id), ['paid 1000', 'failed 1000', 'failed 1000']);
  });

  await t.test('a provider that answers twice, by its answer and by two webhooks, is credited once', async () => {
    const id = await workspace();
    how.next = 'twice';
    assert.equal(await hold(accounts, id, 5), 'held');
    how.next = 'succeed';
    const [bought] = (await accounts.topUps.list(id, { limit: 1, cursor: null })).items;
    const { body, headers } = testWebhook(SECRET, bought?.id ?? '', { status: 'paid', paymentId: 'p' }, clock.ms);
    const told = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? accounts : other).topUps.webhook(body, headers)),
    );
    assert.deepEqual(new Set(told), new Set(['already']));
    assert.equal(await total(accounts, id), 995);
    await checkBooks(store);
  });

  await t.test('webhooks that are not the provider’s change nothing', async () => {
    const id = await workspace();
    const { body, headers } = testWebhook(SECRET, 'top_0000000000000000', { status: 'paid', paymentId: 'p' }, clock.ms);
    assert.equal(await accounts.topUps.webhook(body, headers), 'ignored');
    const refused = (sent: Uint8Array, with_: Record<string, string>) =>
      assert.rejects(accounts.topUps.webhook(sent, with_), WebhookRefused);
    await refused(body, {});
    await refused(Buffer.from(body.toString().replace('0000', '1111')), headers);
    await refused(body, testWebhook('another secret', 'x', { status: 'paid', paymentId: 'p' }, clock.ms).headers);
    const old = testWebhook(SECRET, 'top_0000000000000000', { status: 'paid', paymentId: 'p' }, clock.ms - 301_000);
    await refused(old.body, old.headers);
    assert.equal(await total(accounts, id), 0);
  });
});

test('what is open after a crash or a silence is ended by asking the provider', async (t) => {
  const { store, clock, accounts, other, how, workspace } = await startShop(t, { topUpWaitMs: 150, topUpChargeMs: 60 });

  for (const [next, what] of [
    ['hang', 'it took the money and did not answer'],
    ['lost', 'it never heard of it'],
  ] as const) {
    await t.test(`${what}: the request is refused in time, and the credits come later, paid once`, async () => {
      const id = await workspace();
      how.next = next;
      const started = performance.now();
      assert.match(await hold(accounts, id, 5), /an automatic top-up of 1000 credits has been under way since/);
      assert.ok(performance.now() - started < 5000);
      assert.match(await hold(other, id, 5), /under way/);
      assert.deepEqual(await topUps(accounts, id), ['open 1000']);
      how.next = 'succeed';
      assert.equal(await accounts.topUps.recover(), 0, 'not before its time');
      clock.ms += 30_001;
      const ended = await Promise.all([accounts.topUps.recover(), other.topUps.recover()]);
      assert.equal(ended[0] + ended[1], 1);
      assert.deepEqual(await payments(store, id), [{ state: 'paid', asked: 1, cents: 18 }]);
      assert.equal(await total(accounts, id), 1000);
      await checkBooks(store);
    });
  }

  await t.test('a process that dies between payment and credit: another one credits it, once', async () => {
    const id = await workspace();
    how.next = 'succeed';
    // The money is taken; the process dies before it can write that down.
    await store.query(
      `INSERT INTO top_ups (id, workspace_id, provider, credits, cents, period, state, created_at, asked_at)
       VALUES ('top_00000000000000aa', $1, 'test', 1000, 18, 0, 'open', $2, $2)`,
      [id, new Date(clock.ms)],
    );
    await store.query(`INSERT INTO test_payments VALUES ('top_00000000000000aa', 'pay_1', 18, 'paid', 1, $1)`, [
      new Date(clock.ms),
    ]);
    clock.ms += 30_001;
    await Promise.all([accounts.topUps.recover(), other.topUps.recover()]);
    assert.equal(await total(accounts, id), 1000);
    clock.ms += 60_000;
    await Promise.all([accounts.topUps.recover(), other.topUps.recover()]);
    assert.equal(await total(accounts, id), 1000);
    await checkBooks(store);
  });

  await t.test('one that tells later is credited by its webhook, once', async () => {
    const id = await workspace();
    how.next = 'pending';
    assert.match(await hold(accounts, id, 5), /under way/);
    how.next = 'succeed';
    const [open] = (await accounts.topUps.list(id, { limit: 1, cursor: null })).items;
    assert.equal(open?.state, 'open');
    const { body, headers } = testWebhook(SECRET, open.id, { status: 'paid', paymentId: 'p' }, clock.ms);
    const told = await Promise.all([accounts.topUps.webhook(body, headers), other.topUps.webhook(body, headers)]);
    assert.deepEqual(told.toSorted(), ['already', 'credited']);
    assert.equal(await total(accounts, id), 1000);
    assert.equal(await hold(accounts, id, 5), 'held');
  });

  await t.test('one that was given up and paid after all is credited', async () => {
    const id = await workspace();
    how.next = 'lost';
    await hold(accounts, id, 5);
    await accounts.workspaces.patch(id, { auto_top_up: { enabled: false } });
    clock.ms += 30_001;
    assert.equal(await accounts.topUps.recover(), 0, 'it may still be on its way');
    clock.ms += 600_000;
    assert.equal(await accounts.topUps.recover(), 1);
    const [given] = (await accounts.topUps.list(id, { limit: 1, cursor: null })).items;
    assert.deepEqual([given?.state, given?.reason], ['failed', 'the provider never heard of it']);
    const { body, headers } = testWebhook(SECRET, given?.id ?? '', { status: 'paid', paymentId: 'p' }, clock.ms);
    assert.equal(await accounts.topUps.webhook(body, headers), 'credited');
    assert.equal(await total(accounts, id), 1000);
    how.next = 'succeed';
  });
});

test('credits are bought in the background when few are left', async (t) => {
  const { accounts, other, how, clock, workspace } = await startShop(t);
  const id = await workspace({ threshold: 100, pack: 500, monthly_cap: 1000 });

  await t.test('one pack, however often and wherever it is noticed', async () => {
    await accounts.workspaces.credits(id, { amount: 99, reason: 'r', idempotencyKey: null });
    for (let i = 0; i < 50; i += 1) (i % 2 === 0 ? accounts : other).topUps.poke(id);
    await Promise.all([accounts.topUps.settled(), other.topUps.settled()]);
    assert.equal(await total(accounts, id), 599);
    accounts.topUps.poke(id);
    await accounts.topUps.settled();
    assert.deepEqual(await topUps(accounts, id), ['paid 500'], 'at the threshold nothing is bought');
  });

  await t.test('after a refusal it is quiet for a while', async () => {
    how.next = 'decline';
    clock.ms += 1;
    await accounts.workspaces.credits(id, { amount: -590, reason: 'r', idempotencyKey: null });
    for (let i = 0; i < 5; i += 1) {
      accounts.topUps.poke(id);
      await accounts.topUps.settled();
    }
    assert.deepEqual(await topUps(accounts, id), ['failed 500', 'paid 500']);
    how.next = 'succeed';
    clock.ms += 60_000;
    accounts.topUps.poke(id);
    await eventually('the next one', async () => (await total(accounts, id)) === 509);
  });
});

test('a part of a cent counts as one', () => {
  assert.deepEqual([5000, 10_000, 1, 56, 1000, 5_000_001].map(topUpCents), [90, 180, 1, 2, 18, 90_001]);
});
