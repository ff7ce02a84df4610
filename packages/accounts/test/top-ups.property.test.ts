import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TestPayments } from '../src/index.ts';
import { checkBooks } from './helpers.ts';
import { hold, startShop } from './shop.ts';

/**
 * Stampedes of random size on two nodes, with a provider that succeeds, declines, answers twice, hangs or loses charges: whatever it does,
 * what was paid is credited once, the cap holds, and nobody buys what is not needed.
 */

const stampede = fc.record({
  costs: fc.array(
    fc.integer({ min: 1, max: 10 }).map((units) => units * 5),
    { minLength: 1, maxLength: 40 },
  ),
  pack: fc.integer({ min: 5, max: 400 }),
  cap: fc.integer({ min: 0, max: 1200 }),
  behaviours: fc.array(
    fc.constantFrom<TestPayments>('succeed', 'succeed', 'twice', 'decline', 'hang', 'lost', 'pending'),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
});

test('a stampede buys what it needs, pays once for each, and never more than the cap', async (t) => {
  const { store, clock, accounts, other, how, workspace } = await startShop(t, { topUpWaitMs: 120, topUpChargeMs: 40 });
  await fc.assert(
    fc.asyncProperty(stampede, async ({ costs, pack, cap, behaviours }) => {
      const id = await workspace({ pack, monthly_cap: cap });
      for (const behaviour of behaviours) {
        how.next = behaviour;
        await Promise.all(costs.map((cost, i) => hold(i % 2 === 0 ? accounts : other, id, cost)));
        const [open] = await store.query<{ open: number }>(
          `SELECT count(*) AS open FROM top_ups WHERE workspace_id = $1 AND state = 'open'`,
          [id],
        );
        assert.ok((open?.open ?? 9) <= 1, 'one at a time');
        // What the stampede left open is looked up before the next one comes.
        how.next = 'succeed';
        clock.ms += 900_001;
        await Promise.all([accounts.topUps.recover(), other.topUps.recover()]);
        await Promise.all([accounts.topUps.settled(), other.topUps.settled()]);
      }
      await checkBooks(store);
      const [sums] = await store.query<
        Record<'bought' | 'paid' | 'entries' | 'credited' | 'unpaid' | 'missing', number>
      >(
        `SELECT COALESCE(sum(t.credits) FILTER (WHERE t.state <> 'failed'), 0)::bigint AS bought,
                count(*) FILTER (WHERE t.state = 'paid') AS paid,
                (SELECT count(*) FROM ledger_entries WHERE workspace_id = $1 AND kind = 'topup') AS entries,
                (SELECT COALESCE(sum(amount), 0)::bigint FROM ledger_entries WHERE workspace_id = $1 AND kind = 'topup') AS credited,
                count(*) FILTER (WHERE t.state = 'paid' AND p.state IS DISTINCT FROM 'paid') AS unpaid,
                count(*) FILTER (WHERE t.state <> 'paid' AND p.state = 'paid') AS missing
           FROM top_ups t LEFT JOIN test_payments p ON p.idempotency_key = t.id WHERE t.workspace_id = $1`,
        [id],
      );
      assert.ok(sums !== undefined);
      assert.ok(sums.bought <= cap, `${sums.bought} of ${cap}`);
      assert.equal(sums.entries, sums.paid, 'one entry for each that was paid');
      assert.equal(sums.unpaid, 0, 'nothing is credited that was not paid');
      assert.equal(sums.missing, 0, 'nothing that was paid is missing');
      const needed = costs.reduce((sum, cost) => sum + cost, 0);
      const [first] = behaviours;
      if (behaviours.length === 1 && (first === 'succeed' || first === 'twice') && pack >= needed && cap >= pack) {
        assert.equal(sums.paid, 1, 'exactly one for a stampede that it covers');
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
});
