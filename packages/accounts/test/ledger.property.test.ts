import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '@asa/contract';
import fc from 'fast-check';
import { HoldLost, type Accounts, type Hold } from '../src/index.ts';
import { checkBooks, requestId, startHouse } from './helpers.ts';

/**
 * Random interleavings on several workspaces and two nodes: rounds of operations that run at the same time, with the books checked after
 * every round, and the answers the callers got compared with the ledger at the end.
 */

const WORKSPACES = 3;
const workspace = fc.nat(WORKSPACES - 1);
const which = fc.nat(1000);
const node = fc.nat(1);

const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      workspace,
      node,
      credits: fc.integer({ min: 1, max: 50 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('capture' as const), which, node, share: fc.integer({ min: 1, max: 100 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), which, node }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('undo' as const), which, node }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const), node }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('credits' as const),
      workspace,
      node,
      amount: fc.integer({ min: -80, max: 80 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('allowance' as const), workspace, node, allowance: fc.nat(150) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const), workspace, node }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;
const rounds = fc.array(
  fc.record({
    days: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(40)),
    operations: fc.array(operation, { maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 8, size: 'max' },
);

/** A hold and everything that its callers were told. */
interface Known {
  hold: Hold;
  captured: number[];
  undone: boolean;
}

/** More was to be taken than there was, or nothing. */
const refused = (error: unknown): void => assert.ok(error instanceof ApiError && error.code === 'invalid_params');

test('the books are right at any instant, and every caller was told the truth', async (t) => {
  const { store, accounts, clock, node: startNode } = await startHouse(t);
  const other = await startNode();
  const nodes: Accounts[] = [accounts, other.accounts];

  await fc.assert(
    fc.asyncProperty(rounds, async (plan) => {
      const ids: string[] = [];
      for (let i = 0; i < WORKSPACES; i += 1) {
        ids.push((await accounts.workspaces.create({ name: 'w', plan: 'custom', allowance: 60, credits: 60 })).id);
      }
      const known: Known[] = [];
      for (const { days, operations } of plan) {
        clock.ms += days * 86_400_000;
        await Promise.all(operations.map((each) => perform(each, ids, known)));
        await checkBooks(store);
      }
      await checkAnswers(known);
    }),
    { numRuns: 40, endOnFailure: true },
  );

  async function perform(each: Operation, ids: readonly string[], known: Known[]): Promise<void> {
    const { ledger, workspaces } = nodes['node' in each ? each.node : 0] ?? accounts;
    const workspaceId = ids['workspace' in each ? each.workspace : 0] ?? '';
    const one = 'which' in each ? known[each.which % Math.max(1, known.length)] : undefined;
    switch (each.do) {
      case 'hold': {
        const outcome = await ledger.hold({ requestId: requestId(), workspaceId, keyId: 'k', credits: each.credits });
        assert.notEqual(outcome.status, 'duplicate');
        if (outcome.status === 'held') known.push({ hold: outcome.hold, captured: [], undone: false });
        else assert.ok(outcome.status === 'insufficient' && outcome.available < each.credits);
        return;
      }
      case 'capture': {
        if (one === undefined) return;
        const cost = Math.max(1, Math.floor(((one.hold.allowance + one.hold.topup) * each.share) / 100));
        try {
          await ledger.capture(one.hold, cost);
          one.captured.push(cost);
        } catch (error) {
          assert.ok(error instanceof HoldLost, String(error));
        }
        return;
      }
      case 'release':
        if (one !== undefined) await ledger.release(one.hold);
        return;
      case 'undo':
        if (one === undefined) return;
        one.undone = true;
        await ledger.undo(one.hold);
        return;
      case 'crash':
        // As after a kill -9 of the process that had opened it: nobody's hold, for the next sweep.
        await store.query(`UPDATE holds SET node_id = 'node_0000000000000000' WHERE request_id = $1`, [
          one?.hold.requestId ?? '',
        ]);
        return;
      case 'sweep':
        await ledger.sweep();
        return;
      case 'credits':
        await workspaces
          .credits(workspaceId, { amount: each.amount, reason: 'r', idempotencyKey: null })
          .catch(refused);
        return;
      case 'allowance':
        await workspaces.patch(workspaceId, { allowance: each.allowance });
        return;
      case 'read': {
        const { balance, items, nextCursor } = await ledger.entries(workspaceId, { limit: 100, cursor: null });
        if (nextCursor === null)
          assert.equal(
            balance,
            items.reduce((sum, entry) => sum + entry.amount, 0),
          );
      }
    }
  }

  async function checkAnswers(known: readonly Known[]): Promise<void> {
    for (const { hold, captured, undone } of known) {
      const rows = await store.query<{ kind: string; amount: number }>(
        'SELECT kind, amount FROM ledger_entries WHERE request_id = $1 ORDER BY id',
        [hold.requestId],
      );
      const sums = Object.groupBy(rows, (row) => row.kind);
      assert.ok(captured.length <= 1, 'a hold is captured at most once');
      assert.deepEqual(
        (sums['capture'] ?? []).map((row) => -row.amount),
        captured,
        'whoever was told that it is captured finds it so, and nobody else',
      );
      if (undone) assert.equal(sums['adjust']?.[0]?.amount ?? 0, captured[0] ?? 0, 'undone costs nothing');
      else assert.equal(sums['adjust'], undefined);
    }
  }
});
