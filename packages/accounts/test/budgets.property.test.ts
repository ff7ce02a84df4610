import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '@asa/contract';
import type { Store } from '@asa/store';
import fc from 'fast-check';
import type { Hold } from '../src/index.ts';
import { checkBooks, requestId, startHouse } from './helpers.ts';

/**
 * Random requests on two nodes, with crashes at every point, days that pass, budgets that are raised and lowered, keys that are replaced:
 * no budget is ever exceeded, what is reserved is what is in flight, and in the end what is spent is what the ledger says.
 */

const KEYS = 2;
const operation = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      key: fc.nat(KEYS - 1),
      node: fc.nat(1),
      units: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pay' as const), which: fc.nat(1000), node: fc.nat(1), told: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('free' as const),
      which: fc.nat(1000),
      node: fc.nat(1),
      told: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const), node: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rotate' as const), key: fc.nat(KEYS - 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('budget' as const),
      key: fc.option(fc.nat(KEYS - 1)),
      day: fc.option(fc.nat(120)),
      month: fc.option(fc.nat(300)),
    }),
  },
);
interface Key {
  id: string;
  line: string;
}
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;
const rounds = fc.array(
  fc.record({
    minutes: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(700) }),
    operations: fc.array(operation, { maxLength: 14 }),
  }),
  { minLength: 1, maxLength: 8, size: 'max' },
);

test('budgets are never exceeded, and count what was paid', async (t) => {
  const { store, accounts, clock, node: startNode } = await startHouse(t);
  const nodes = [accounts, (await startNode()).accounts];
  let refused = 0;
  let accepted = 0;

  await fc.assert(
    fc.asyncProperty(rounds, async (plan) => {
      const { id } = await accounts.workspaces.create({ name: 'w', plan: 'custom', credits: 100_000 });
      await accounts.workspaces.patch(id, { budgets: { day: 100, month: 250 } });
      const keys: Key[] = [];
      for (let i = 0; i < KEYS; i += 1) {
        const made = await accounts.keys.create(id, { name: 'k', mode: 'live' });
        keys.push({ id: made.id, line: made.id });
      }
      await accounts.keys.patch(keys[0]?.id ?? '', { budgets: { day: 60 } });
      const flying: { hold: Hold; credits: number }[] = [];
      for (const { minutes, operations } of plan) {
        clock.ms += minutes * 60_000;
        // What is agreed changes first, so that it is known what may be spent in this round.
        const [changes, others] = [
          operations.filter((each) => each.do === 'budget'),
          operations.filter((each) => each.do !== 'budget'),
        ];
        await Promise.all(changes.map((each) => perform(each, id, keys, flying)));
        const before = await used(store, id);
        await Promise.all(others.map((each) => perform(each, id, keys, flying)));
        for (const { place, credits, gone } of await used(store, id)) {
          const earlier = before.find((one) => one.place === place)?.gone ?? 0;
          assert.ok(
            gone <= Math.max(credits, earlier),
            `${place}: ${gone} of ${credits} are gone, ${earlier} were before`,
          );
        }
        await checkReserved(store, id);
        await checkBooks(store);
      }
      for (const { hold } of flying.splice(0)) await accounts.ledger.release(hold);
      clock.ms += 120_000;
      for (const one of nodes) {
        await one.budgets.flush();
        await one.budgets.sweep();
      }
      await checkSpent(store, id);
    }),
    { numRuns: 12, endOnFailure: true },
  );
  assert.ok(refused > 5 && accepted > 40, `the plans reach both sides: ${refused} refused, ${accepted} accepted`);

  async function perform(
    each: Operation,
    id: string,
    keys: Key[],
    flying: { hold: Hold; credits: number }[],
  ): Promise<void> {
    const { ledger, budgets, workspaces, keys: keyring } = nodes['node' in each ? each.node : 0] ?? accounts;
    const which = 'which' in each ? each.which % Math.max(1, flying.length) : 0;
    switch (each.do) {
      case 'ask': {
        const { id: keyId, line } = keys[each.key] ?? { id: '', line: '' };
        const payer = { workspaceId: id, line, budgeted: true, shortPrefix: 'asa_live_AbCdEfGhIjKl' };
        const [request, credits] = [requestId(), each.units * 5];
        try {
          assert.equal(await budgets.reserve(payer, request, credits), 'reserved');
        } catch (error) {
          assert.ok(error instanceof ApiError && error.code === 'insufficient_credits', String(error));
          refused += 1;
          return;
        }
        accepted += 1;
        const outcome = await ledger.hold({ requestId: request, workspaceId: id, keyId, credits });
        assert.equal(outcome.status, 'held');
        flying.push({ hold: outcome.hold, credits });
        return;
      }
      case 'pay':
      case 'free': {
        const [one] = flying.splice(which, 1);
        if (one === undefined) return;
        const paid = each.do === 'free' ? 0 : Math.max(5, one.credits - 5);
        if (each.do === 'free') await ledger.release(one.hold);
        else await ledger.capture(one.hold, paid);
        // A process that dies here tells nobody; the ledger knows.
        if (each.told) budgets.settle(id, one.hold.requestId, paid);
        return;
      }
      case 'sweep':
        await budgets.sweep();
        return;
      case 'rotate': {
        const key = keys[each.key];
        if (key === undefined) return;
        // Two at once: the one that comes second finds that the key was revoked.
        const next = await keyring.rotate(key.id, 0).catch((error: unknown) => {
          assert.ok(error instanceof ApiError && error.code === 'invalid_params', String(error));
          return null;
        });
        if (next !== null) keys[each.key] = { id: next.id, line: key.line };
        return;
      }
      case 'budget': {
        const { day, month } = each;
        if (each.key === null) await workspaces.patch(id, { budgets: { day, month } });
        else await keyring.patch(keys[each.key]?.id ?? '', { budgets: { day, month } });
      }
    }
  }
});

const used = (store: Store, workspaceId: string): Promise<{ place: string; credits: number; gone: number }[]> =>
  store.query(
    `SELECT concat_ws(' ', c.owner_id, c.period, c.starts) AS place, b.credits, c.spent + c.reserved AS gone
       FROM budget_counters c JOIN budgets b USING (owner_id, period) WHERE b.workspace_id = $1`,
    [workspaceId],
  );

async function checkReserved(store: Store, workspaceId: string): Promise<void> {
  const wrong = await store.query(
    `SELECT c.*, r.open FROM budget_counters c JOIN budgets b USING (owner_id, period)
       CROSS JOIN LATERAL (
         SELECT COALESCE(sum(credits), 0)::bigint AS open FROM budget_reservations
          WHERE workspace_id = b.workspace_id AND c.owner_id IN (workspace_id, line)
            AND c.starts = CASE c.period WHEN 'day' THEN day ELSE month END) r
      WHERE b.workspace_id = $1 AND c.reserved <> r.open`,
    [workspaceId],
  );
  assert.deepEqual(wrong, [], 'what is reserved is the sum of the open reservations');
}

/** With nothing in flight: the counters say what the ledger says. */
async function checkSpent(store: Store, workspaceId: string): Promise<void> {
  const wrong = await store.query(
    `SELECT c.*, l.paid FROM budget_counters c JOIN budgets b USING (owner_id, period)
       CROSS JOIN LATERAL (
         SELECT COALESCE(-sum(e.amount), 0)::bigint AS paid FROM ledger_entries e JOIN api_keys k ON k.id = e.key_id
           JOIN ledger_entries h ON h.request_id = e.request_id AND h.kind = 'hold'
          WHERE e.workspace_id = b.workspace_id AND e.kind = 'capture' AND c.owner_id IN (e.workspace_id, k.line)
            AND date_trunc(c.period, h.created_at AT TIME ZONE 'UTC')::date = c.starts) l
      WHERE b.workspace_id = $1 AND (c.reserved <> 0 OR c.spent <> l.paid)`,
    [workspaceId],
  );
  assert.deepEqual(wrong, [], 'what is spent is what was captured');
}
