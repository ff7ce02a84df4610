import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLANS, type PlanName } from '@asa/contract';
import fc from 'fast-check';
import { anniversary, periodAt } from '../src/calendar.ts';
import { checkBooks, hold, startHouse } from './helpers.ts';

/** The monthly reset at its edges: the last days of months, leap years, plans that change around it. */

const at = (text: string): number => Date.parse(text);

test('workspaces that began on the last days of a month', async (t) => {
  const { store, accounts, clock } = await startHouse(t);
  for (const [began, resets] of [
    ['2027-01-29T12:00:00.000Z', ['2027-02-28T12', '2027-03-29T12', '2027-04-29T12']],
    ['2028-01-29T12:00:00.000Z', ['2028-02-29T12', '2028-03-29T12', '2028-04-29T12']],
    ['2028-01-31T23:59:59.999Z', ['2028-02-29T23', '2028-03-31T23', '2028-04-30T23']],
    ['2028-02-29T00:00:00.000Z', ['2028-03-29T00', '2028-04-29T00', '2028-05-29T00']],
    ['2027-12-31T00:00:00.001Z', ['2028-01-31T00', '2028-02-29T00', '2028-03-31T00']],
  ] as const) {
    clock.ms = at(began);
    const { id } = await accounts.workspaces.create({ name: 'w', plan: 'free', credits: 7 });
    await accounts.workspaces.credits(id, { amount: -1000, reason: 'used', idempotencyKey: null });
    for (const expected of resets) {
      const { resets_at, allowance_left } = await accounts.ledger.credits(id);
      assert.equal(resets_at.slice(0, 13), expected, `${began}: the next reset`);
      assert.equal(resets_at.slice(11), began.slice(11), 'at the time of day of the beginning');
      clock.ms = at(resets_at) - 1;
      assert.equal((await accounts.ledger.credits(id)).allowance_left, allowance_left, 'not a millisecond before');
      clock.ms += 1;
      const after = await accounts.ledger.credits(id);
      assert.deepEqual([after.allowance_left, after.topup_left], [PLANS.free.allowance.credits, 7]);
    }
  }
  await checkBooks(store);
});

const MINUTE = 60_000;
const plan = fc.constantFrom<PlanName>('free', 'vibe', 'pro');
const step = fc.oneof(
  fc.record({
    do: fc.constant('wait' as const),
    minutes: fc.oneof(fc.nat(60), fc.integer({ min: 20 * 1440, max: 70 * 1440 })),
  }),
  // To the edge of the next reset: just before it, on it, just after it.
  fc.record({ do: fc.constant('edge' as const), off: fc.integer({ min: -1, max: 1 }) }),
  fc.record({ do: fc.constant('plan' as const), plan }),
  fc.record({ do: fc.constant('spend' as const), units: fc.integer({ min: 1, max: 2000 }) }),
);

test('each month grants the largest allowance that its plans had, once', async (t) => {
  const { store, accounts, clock } = await startHouse(t);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2028-12-31T23:59:00Z') }),
      plan,
      fc.array(step, { minLength: 1, maxLength: 12 }),
      async (began, first, steps) => {
        clock.ms = began;
        const { id } = await accounts.workspaces.create({ name: 'w', plan: first, credits: 11 });
        let held: PlanName = first;
        /** Period -> what it should have been granted. */
        const granted = new Map([[0, PLANS[first].allowance.credits]]);
        for (const each of steps) {
          if (each.do === 'wait') clock.ms += each.minutes * MINUTE;
          if (each.do === 'edge')
            clock.ms = Math.max(clock.ms, anniversary(began, periodAt(began, clock.ms) + 1) + each.off);
          const period = periodAt(began, clock.ms);
          // Whatever is done first in a month grants it by the plan that holds then.
          if (!granted.has(period)) granted.set(period, PLANS[held].allowance.credits);
          if (each.do === 'plan') {
            held = each.plan;
            await accounts.workspaces.patch(id, { plan: held });
            granted.set(period, Math.max(granted.get(period) ?? 0, PLANS[held].allowance.credits));
          } else if (each.do === 'spend') {
            const credits = Math.min(each.units * 5, (await accounts.ledger.credits(id)).total - 11);
            if (credits > 0) await accounts.ledger.capture(await hold(accounts, id, credits), credits);
          }
          const now = await accounts.ledger.credits(id);
          assert.equal(now.topup_left, 11, 'topped-up credits neither expire nor are spent before the allowance');
          assert.equal(at(now.resets_at), anniversary(began, period + 1));
        }
        const rows = await store.query<{ period: number; credits: number }>(
          `SELECT period, sum(amount)::bigint AS credits FROM ledger_entries WHERE workspace_id = $1 AND kind = 'grant' GROUP BY period ORDER BY period`,
          [id],
        );
        assert.deepEqual(
          rows.map((row) => [row.period, row.credits]),
          [...granted].toSorted(([a], [b]) => a - b),
        );
      },
    ),
    { numRuns: 25, endOnFailure: true },
  );
  await checkBooks(store);
});
