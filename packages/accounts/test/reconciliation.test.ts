import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '@asa/store';
import { checkBooks, eventually, hold, startHouse } from './helpers.ts';

const trace = (store: Store, requestId: string, workspaceId: string, status: number, credits: number, at: number) =>
  store.query(
    `INSERT INTO traces (request_id, workspace_id, key, endpoint, received_at, status, credits, duration_ms, params, detail)
     VALUES ($1, $2, 'k', 'e', $3, $4, $5, 1, '{}', '{}')`,
    [requestId, workspaceId, new Date(at), status, credits],
  );

test('what was paid for and not known to have been answered is listed, and refunded on request', async (t) => {
  const { store, accounts, clock, node } = await startHouse(t);
  const { ledger, workspaces, reconciliation, answers } = accounts;
  const { id } = await workspaces.create({ name: 'w', plan: 'custom', credits: 1000 });
  const paid = async (from = accounts) => {
    const held = await hold(from, id, 5);
    await from.ledger.capture(held, 5, { answerDue: true });
    await trace(store, held.requestId, id, 200, 5, clock.ms);
    return held.requestId;
  };
  const doubtful = async () => {
    const { doubtful: all, answers_on_their_way: waiting } = await reconciliation.report(24);
    return { ids: all.map((one) => `${one.request_id} ${one.why}`), waiting };
  };
  const [sent, broken, waits] = [await paid(), await paid(), await paid()];
  // A result that nobody waits for, of a batch for example, is never in doubt.
  await ledger.capture(await hold(accounts, id, 5), 5);
  assert.deepEqual(await doubtful(), { ids: [], waiting: 3 });
  answers.note(sent, true);
  answers.note(broken, false);
  await eventually('both are noted', async () => (await doubtful()).waiting === 1);
  assert.deepEqual(await doubtful(), { ids: [`${broken} connection_broke`], waiting: 1 });

  // A process that dies with two answers on the wire.
  const other = await node();
  const lost = [await paid(other.accounts), await paid(other.accounts)];
  assert.deepEqual((await doubtful()).waiting, 3);
  await other.close();
  await eventually('it is known to be dead', async () => (await doubtful()).ids.length === 3);
  assert.deepEqual(await doubtful(), {
    ids: [`${broken} connection_broke`, ...lost.map((one) => `${one} process_died`)],
    waiting: 1,
  });
  // Its trace may be on its way to the database.
  assert.deepEqual((await reconciliation.report(24)).differences, []);
  clock.ms += 11_000;
  const { doubtful_credits, captures, differences } = await reconciliation.report(24);
  assert.deepEqual([doubtful_credits, captures], [15, 6]);
  assert.deepEqual(
    differences.map((one) => one.what),
    ['captured_without_trace'],
  );

  const before = await ledger.remaining(id);
  const [first = ''] = lost;
  const asked = [first, first, waits, sent, 'req_000000000000'];
  // Asked for by two at once, each is refunded once.
  const answered = await Promise.all([reconciliation.refund(asked), reconciliation.refund(asked)]);
  assert.equal(answered.flatMap((one) => one.refunded).length, 1);
  assert.equal(await ledger.remaining(id), before + 5);
  assert.deepEqual((await reconciliation.refund([first])).not_refunded, [first]);
  const all = await reconciliation.refund('all');
  assert.deepEqual([all.refunded.length, all.not_refunded], [2, []]);
  assert.equal(await ledger.remaining(id), before + 15);
  assert.deepEqual(await doubtful(), { ids: [], waiting: 1 });
  assert.equal((await reconciliation.report(24)).refunded, 3);
  await checkBooks(store);

  clock.ms += 91 * 86_400_000;
  assert.equal(await reconciliation.purge(), 1);
});

test('the report finds where ledger, traces and balances do not agree', async (t) => {
  const { store, accounts, clock } = await startHouse(t);
  const { ledger, workspaces, reconciliation } = accounts;
  const { id } = await workspaces.create({ name: 'w', plan: 'custom', credits: 1000 });
  const captured = async (status: number | null, charged = 5) => {
    const held = await hold(accounts, id, 5);
    await ledger.capture(held, 5);
    if (status !== null) await trace(store, held.requestId, id, status, charged, clock.ms);
    return held.requestId;
  };
  await captured(200);
  await captured(500);
  clock.ms += 48 * 3_600_000;
  const [failed, dearer, untraced] = [await captured(502), await captured(200, 10), await captured(null)];
  await captured(200);
  const undone = await hold(accounts, id, 5);
  await ledger.capture(undone, 5);
  await ledger.undo(undone);
  await trace(store, undone.requestId, id, 500, 0, clock.ms);
  await trace(store, 'req_00000000abcd', id, 200, 5, clock.ms);
  clock.ms += 11_000;
  const found = async (hours: number) =>
    (await reconciliation.report(hours)).differences.map((one) => `${one.request_id} ${one.what}`).toSorted();
  const recent = [
    `${failed} captured_without_success`,
    `${dearer} other_cost`,
    `${untraced} captured_without_trace`,
    'req_00000000abcd success_without_capture',
  ].toSorted();
  assert.deepEqual(await found(24), recent);
  assert.equal((await found(72)).length, 5);

  assert.deepEqual((await reconciliation.report(24)).balances, { checked: 1, wrong: [] });
  await store.query('UPDATE balances SET topup_left = topup_left + 1');
  assert.deepEqual((await reconciliation.report(24)).balances, { checked: 1, wrong: [id] });
  await store.query('UPDATE balances SET topup_left = topup_left - 1, seq = seq - 1');
  assert.deepEqual((await reconciliation.report(24)).balances.wrong, [id]);
});
