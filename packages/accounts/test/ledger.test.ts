import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLANS } from '@asa/contract';
import { HoldLost, type Accounts } from '../src/index.ts';
import { checkBooks, hold, rejects, requestId, startHouse } from './helpers.ts';

test('holds, captures and releases', async (t) => {
  const { store, accounts, node } = await startHouse(t);
  const { ledger, workspaces } = accounts;
  /** A workspace with 20 credits of allowance and 30 of top-up. */
  const make = async (): Promise<string> =>
    (await workspaces.create({ name: 'w', plan: 'custom', allowance: 20, credits: 30 })).id;
  const state = async (id: string) => {
    const { allowance_left, topup_left, held, total } = await ledger.credits(id);
    assert.equal(total, allowance_left + topup_left);
    return [allowance_left, topup_left, held];
  };
  const kinds = async (id: string) => {
    const { items } = await ledger.entries(id, { limit: 100, cursor: null });
    return items.toReversed().map(({ kind, amount }) => `${kind} ${amount}`);
  };
  t.afterEach(() => checkBooks(store));

  await t.test('the allowance is spent first, and what is not used goes back where it came from', async () => {
    const id = await make();
    const small = await hold(accounts, id, 15);
    assert.deepEqual([small.allowance, small.topup], [15, 0]);
    const large = await hold(accounts, id, 25);
    assert.deepEqual([large.allowance, large.topup], [5, 20]);
    assert.deepEqual(await state(id), [0, 10, 40]);
    assert.equal((await ledger.capture(large, 10)).remaining, 25);
    assert.deepEqual(await state(id), [0, 25, 15], 'the cost took the allowance first');
    await ledger.release(small);
    assert.deepEqual(await state(id), [15, 25, 0]);
    assert.deepEqual(await kinds(id), [
      'grant 20',
      'topup 30',
      'hold -15',
      'hold -25',
      'release 25',
      'capture -10',
      'release 15',
    ]);
    assert.equal(await ledger.remaining(id), 40);
    const { items } = await ledger.entries(id, { limit: 2, cursor: null });
    assert.equal(items[1]?.request_id, large.requestId);
  });

  await t.test('what is not there is not held', async () => {
    const id = await make();
    await hold(accounts, id, 46);
    const outcome = await ledger.hold({ requestId: requestId(), workspaceId: id, keyId: 'k', credits: 5 });
    assert.deepEqual(outcome, { status: 'insufficient', available: 4 });
    assert.deepEqual(await state(id), [0, 4, 46]);
    await hold(accounts, id, 4);
    const again = { requestId: requestId(), workspaceId: id, keyId: 'k', credits: 5 };
    assert.equal((await ledger.hold(again)).status, 'insufficient');
    await workspaces.credits(id, { amount: 5, reason: 'more', idempotencyKey: null });
    assert.equal((await ledger.hold(again)).status, 'held', 'an id that held nothing may be used');
  });

  await t.test('many at once never take more than there is', async () => {
    const id = await make();
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () =>
        ledger.hold({ requestId: requestId(), workspaceId: id, keyId: 'k', credits: 5 }),
      ),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'held').length, 10);
    assert.deepEqual(await state(id), [0, 0, 50]);
  });

  await t.test('a hot workspace that is nearly empty: whoever is told that there is enough gets it', async () => {
    const id = await make();
    const other = await node();
    const client = async ({ ledger: its }: Accounts, n: number): Promise<number> => {
      let spent = 0;
      for (let i = 0; i < 25; i += 1) {
        const outcome = await its.hold({ requestId: requestId(), workspaceId: id, keyId: 'k', credits: 5 + (n % 4) });
        if (outcome.status !== 'held') continue;
        if (i % 8 === n % 8) {
          await its.capture(outcome.hold, 1);
          spent += 1;
        } else await its.release(outcome.hold);
      }
      return spent;
    };
    const spent = await Promise.all(Array.from({ length: 12 }, (_, n) => client(n % 2 ? accounts : other.accounts, n)));
    const sum = spent.reduce((a, b) => a + b, 0);
    assert.ok(sum > 0);
    assert.equal(await ledger.remaining(id), 50 - sum);
  });

  await t.test('credits are whole numbers, at least 1, at most what is held', async () => {
    const id = await make();
    for (const credits of [0, -5, 0.5, Number.NaN, 2 ** 53]) {
      await assert.rejects(ledger.hold({ requestId: requestId(), workspaceId: id, keyId: 'k', credits }), RangeError);
    }
    const held = await hold(accounts, id, 10);
    for (const credits of [0, -1, 11, 2.5]) await assert.rejects(ledger.capture(held, credits), RangeError);
    await ledger.capture(held, 10);
    await rejects(
      ledger.hold({ requestId: requestId(), workspaceId: 'ws_0000000000000000', keyId: 'k', credits: 5 }),
      'not_found',
      /no workspace/,
    );
  });

  await t.test(
    'a request id is used once: not while it is held, not when it was, not by another workspace',
    async () => {
      const [one, two] = [await make(), await make()];
      const held = await hold(accounts, one, 5);
      const again = (workspaceId: string) =>
        ledger.hold({ requestId: held.requestId, workspaceId, keyId: 'k', credits: 5 });
      const other = await node();
      const elsewhere = (workspaceId: string) =>
        other.accounts.ledger.hold({ requestId: held.requestId, workspaceId, keyId: 'k', credits: 5 });
      for (const id of [one, two]) {
        assert.deepEqual(await again(id), { status: 'duplicate' });
        assert.deepEqual(await elsewhere(id), { status: 'duplicate' });
      }
      await ledger.release(held);
      for (const id of [one, two]) assert.deepEqual(await again(id), { status: 'duplicate' });

      const id = requestId();
      const race = await Promise.all(
        [accounts, other.accounts].flatMap((each) =>
          [one, two].map((workspaceId) => each.ledger.hold({ requestId: id, workspaceId, keyId: 'k', credits: 5 })),
        ),
      );
      assert.deepEqual(race.map(({ status }) => status).toSorted(), ['duplicate', 'duplicate', 'duplicate', 'held']);
    },
  );

  await t.test('a request id with a trace is a duplicate', async () => {
    const [id, used] = [await make(), requestId()];
    await store.query(
      `INSERT INTO traces (request_id, workspace_id, key, endpoint, received_at, status, credits, duration_ms, params, detail)
       VALUES ($1, 'w', 'k', 'e', now(), 400, 0, 1, '{}', '{}')`,
      [used],
    );
    const outcome = await ledger.hold({ requestId: used, workspaceId: id, keyId: 'k', credits: 5 });
    assert.deepEqual(outcome, { status: 'duplicate' });
    assert.deepEqual(await state(id), [20, 30, 0]);
  });

  await t.test('of two captures of one hold one wins, the other learns that it lost', async () => {
    const id = await make();
    for (let round = 0; round < 5; round += 1) {
      const held = await hold(accounts, id, 5);
      const results = await Promise.allSettled([1, 2, 3].map(() => ledger.capture(held, 5)));
      const lost = results.filter((result) => result.status === 'rejected');
      assert.equal(lost.length, 2);
      for (const { reason } of lost) assert.ok(reason instanceof HoldLost);
    }
    assert.deepEqual(await state(id), [0, 25, 0]);
  });

  await t.test('a capture and a release that race end as one of them', async () => {
    const id = await make();
    for (let round = 0; round < 10; round += 1) {
      const held = await hold(accounts, id, 5);
      const before = await ledger.remaining(id);
      const [captured] = await Promise.allSettled([ledger.capture(held, 5), ledger.release(held)]);
      const after = await ledger.remaining(id);
      assert.equal(after, captured.status === 'fulfilled' ? before : before + 5);
      if (captured.status === 'rejected') assert.ok(captured.reason instanceof HoldLost);
      else await workspaces.credits(id, { amount: 5, reason: 'again', idempotencyKey: null });
    }
  });

  await t.test('undo costs nothing, whatever happened before, and may be repeated', async () => {
    const id = await make();
    const before = await state(id);
    const [open, released, captured] = [
      await hold(accounts, id, 5),
      await hold(accounts, id, 5),
      await hold(accounts, id, 25),
    ];
    await ledger.release(released);
    await ledger.capture(captured, 25);
    for (let round = 0; round < 2; round += 1) {
      await Promise.all([open, released, captured, captured].map((held) => ledger.undo(held)));
      assert.deepEqual(await state(id), before);
    }
    await assert.rejects(ledger.capture(open, 5), HoldLost);
    assert.equal((await kinds(id)).filter((entry) => entry === 'adjust 25').length, 1);
  });

  await t.test('the database itself refuses what must not be', async () => {
    const id = await make();
    const held = await hold(accounts, id, 5);
    for (const sql of [
      `UPDATE ledger_entries SET amount = 0 WHERE workspace_id = '${id}'`,
      `DELETE FROM ledger_entries WHERE workspace_id = '${id}'`,
      'TRUNCATE ledger_entries',
    ]) {
      await assert.rejects(store.query(sql), /append-only/);
    }
    for (const column of ['allowance_left', 'topup_left', 'held']) {
      await assert.rejects(store.query(`UPDATE balances SET ${column} = -1 WHERE workspace_id = '${id}'`), /check/);
    }
    const entry = `INSERT INTO ledger_entries (workspace_id, seq, hash, kind, amount, allowance, topup, period, request_id, created_at) VALUES ('${id}', 99, sha256('')`;
    await assert.rejects(store.query(`${entry}, 'hold', -5, -5, 0, 0, '${held.requestId}', now())`), /ledger_once/);
    await assert.rejects(store.query(`${entry}, 'capture', 5, 5, 0, 0, 'req_x', now())`), /check/);
    await assert.rejects(store.query(`${entry}, 'release', 5, 5, 5, 0, 'req_x', now())`), /check/);
    await assert.rejects(store.query(`${entry}, 'gift', 5, 5, 0, 0, 'req_x', now())`), /check/);
    await ledger.release(held);
  });
});

test('the allowance resets at the anniversary', async (t) => {
  const began = '2026-01-31T08:00:00.000Z';
  const { store, accounts, clock, node } = await startHouse(t, began);
  const { ledger, workspaces } = accounts;
  const at = (text: string): void => {
    clock.ms = Date.parse(text);
  };
  const { credits: free } = PLANS.free.allowance;
  t.afterEach(() => checkBooks(store));
  t.beforeEach(() => at(began));

  await t.test('what is unused expires, a new one is granted, the top-up stays', async () => {
    const { id } = await workspaces.create({ name: 'a', plan: 'free', credits: 100 });
    await ledger.capture(await hold(accounts, id, 4000), 4000);
    at('2026-02-28T07:59:59.999Z');
    assert.deepEqual(await ledger.credits(id), {
      allowance_left: 1000,
      topup_left: 100,
      held: 0,
      total: 1100,
      resets_at: '2026-02-28T08:00:00.000Z',
    });
    at('2026-02-28T08:00:00.000Z');
    assert.deepEqual(await ledger.credits(id), {
      allowance_left: free,
      topup_left: 100,
      held: 0,
      total: free + 100,
      resets_at: '2026-03-31T08:00:00.000Z',
    });
    const { items } = await ledger.entries(id, { limit: 2, cursor: null });
    assert.deepEqual(
      items.map(({ kind, amount, reason }) => [kind, amount, reason]),
      [
        ['grant', free, 'allowance of the month from 2026-02-28T08:00:00.000Z'],
        ['adjust', -1000, 'unused allowance expired'],
      ],
    );
  });

  await t.test('also for a hold, which takes of the new one', async () => {
    const { id } = await workspaces.create({ name: 'a', plan: 'free' });
    await hold(accounts, id, free);
    at('2026-02-28T07:59:59.999Z');
    const late = { requestId: requestId(), workspaceId: id, keyId: 'k', credits: 5 };
    assert.deepEqual(await ledger.hold(late), { status: 'insufficient', available: 0 });
    at('2026-02-28T08:00:00.000Z');
    assert.equal((await hold(accounts, id, 5)).allowance, 5);
    assert.equal(await ledger.remaining(id), free - 5);
  });

  await t.test('a larger plan in a later month grants the difference to that month', async () => {
    const { id } = await workspaces.create({ name: 'a', plan: 'vibe' });
    await workspaces.patch(id, { plan: 'free' });
    at('2026-02-28T08:00:00.000Z');
    assert.equal(await ledger.remaining(id), free);
    const { credits } = await workspaces.patch(id, { plan: 'vibe' });
    assert.equal(credits.total, PLANS.vibe.allowance.credits);
  });

  await t.test('once, however many ask at the same time on however many nodes, and whoever asks', async () => {
    const { id } = await workspaces.create({ name: 'a', plan: 'free' });
    const other = await node();
    const ask = () =>
      [accounts, other.accounts].flatMap((each) => [
        each.ledger.credits(id),
        each.ledger.remaining(id),
        each.workspaces.get(id),
        hold(each, id, 5),
        each.ledger.entries(id, { limit: 1, cursor: null }),
        each.workspaces.credits(id, { amount: 5, reason: 'x', idempotencyKey: null }),
        each.workspaces.patch(id, { name: 'b' }),
        each.workspaces.list({ limit: 5, cursor: null }),
      ]);
    for (const month of ['2026-02-28T08:00:00Z', '2026-05-12T00:00:00Z']) {
      at(month);
      await Promise.all(ask());
      const grants = await store.query<{ n: number }>(
        `SELECT count(*) AS n FROM ledger_entries WHERE workspace_id = $1 AND kind = 'grant' AND created_at = $2`,
        [id, new Date(clock.ms)],
      );
      assert.equal(grants[0]?.n, 1, 'months that nobody asked in are skipped');
      const { allowance_left, held } = await ledger.credits(id);
      assert.equal(allowance_left, free - (month.includes('-02-') ? held : held / 2));
    }
    assert.equal((await ledger.credits(id)).resets_at, '2026-05-31T08:00:00.000Z');
  });

  await t.test('a hold of the month before gives nothing to the next', async () => {
    const { id } = await workspaces.create({ name: 'a', plan: 'custom', allowance: 50, credits: 100 });
    const [released, captured, undone, mixed] = [
      await hold(accounts, id, 10),
      await hold(accounts, id, 10),
      await hold(accounts, id, 10),
      await hold(accounts, id, 60),
    ];
    await ledger.capture(undone, 10);
    at('2026-02-28T08:00:00Z');
    assert.deepEqual(await ledger.credits(id), {
      ...(await ledger.credits(id)),
      allowance_left: 50,
      topup_left: 60,
      held: 80,
    });
    await ledger.release(released);
    await ledger.capture(captured, 5);
    await ledger.undo(undone);
    const { allowance_left, topup_left, held } = await ledger.credits(id);
    assert.deepEqual([allowance_left, topup_left, held], [50, 60, 60]);
    assert.equal((await ledger.capture(mixed, 30)).remaining, 140, 'the old allowance paid 20, the top-up 10');
    assert.deepEqual(await ledger.credits(id), {
      ...(await ledger.credits(id)),
      allowance_left: 50,
      topup_left: 90,
      held: 0,
    });
  });
});
