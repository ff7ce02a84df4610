import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucketCapacity, CREDITS_PER_UNIT, limitsOf, PLAN_NAMES, PLANS, planRow, TOP_UP } from '../src/index.ts';

test('the plans are those of contract section 6', () => {
  const table = PLAN_NAMES.map((name) => {
    const { allowance, price, concurrency, rps, burst_rps, exitCountryOfChoice } = planRow(name);
    return [
      name,
      allowance.requests,
      allowance.credits,
      price.usd_from,
      concurrency,
      rps,
      burst_rps,
      exitCountryOfChoice,
    ];
  });
  assert.deepEqual(table, [
    ['free', 1_000, 5_000, 0, 50, 2, 10, false],
    ['vibe', 27_000, 135_000, 19, 100, 10, 40, true],
    ['pro', 82_000, 410_000, 49, 200, 25, 60, true],
    ['custom', 0, 0, 100, 300, 50, 100, true],
  ]);
  assert.equal(TOP_UP.credits, TOP_UP.requests * CREDITS_PER_UNIT);
});

test('a bucket lets the burst rate last 3 seconds', () => {
  assert.equal(bucketCapacity(PLANS.free), 25);
  assert.equal(bucketCapacity(PLANS.pro), 106);
  assert.equal(bucketCapacity({ rps: 5, burst_rps: 2 }), 1);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }), (rps, burst) => {
      const capacity = bucketCapacity({ rps, burst_rps: burst });
      assert.ok(capacity >= 1);
      // What comes in 3 s at the burst rate fits into the full bucket and what flows in meanwhile; a second more would not, beyond the first.
      assert.ok(3 * burst <= capacity + 3 * rps);
      if (burst > rps) assert.equal(capacity, 3 * (burst - rps) + 1);
    }),
  );
});

test('what is set for a workspace holds, the rest is the plan’s', () => {
  assert.deepEqual(limitsOf('free', {}), { rps: 2, burst_rps: 10, concurrency: 50 });
  assert.deepEqual(limitsOf('free', { concurrency: 7 }), { rps: 2, burst_rps: 10, concurrency: 7 });
  assert.deepEqual(limitsOf('free', { rps: 3 }), { rps: 3, burst_rps: 10, concurrency: 50 });
  assert.deepEqual(limitsOf('custom', { rps: 500 }), { rps: 500, burst_rps: 1000, concurrency: 300 });
  assert.deepEqual(limitsOf('pro', { rps: 1, burst_rps: 1 }), { rps: 1, burst_rps: 1, concurrency: 200 });
});
