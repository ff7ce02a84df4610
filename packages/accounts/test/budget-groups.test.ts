import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '@asa/store';
import fc from 'fast-check';
import { createReserver, type Reserved } from '../src/budgets/reserve.ts';
import { requestId, startHouse } from './helpers.ts';

/** Requests that ask for room in their budgets at the same moment share a call, and get what each would have got alone. */

/** A store that counts the calls. */
function counting(store: Store): { store: Store; count: () => number } {
  let count = 0;
  const query = (config: { text: string }): unknown => {
    count += 1;
    return store.pool.query(config);
  };
  return {
    store: { ...store, pool: Object.create(store.pool, { query: { value: query } }) as Store['pool'] },
    count: () => count,
  };
}

const LINES = ['one', 'two', 'none'];

test('a group is done as its requests would be one after another', async (t) => {
  const { store, accounts, clock } = await startHouse(t);
  const { store: counted, count } = counting(store);
  const reserve = createReserver(counted, clock.now);
  const seen = new Set<string>();
  const group = fc.array(
    fc.record({ line: fc.nat(2), units: fc.integer({ min: 1, max: 4 }), again: fc.option(fc.nat(40), { freq: 4 }) }),
    { minLength: 1, maxLength: 12 },
  );
  const limits = fc.record({
    workspace: fc.integer({ min: 0, max: 60 }),
    one: fc.integer({ min: 0, max: 30 }),
    two: fc.integer({ min: 0, max: 30 }),
  });

  await fc.assert(
    fc.asyncProperty(fc.array(group, { minLength: 1, maxLength: 4 }), limits, async (groups, units) => {
      const { id } = await accounts.workspaces.create({ name: 'w', plan: 'custom', credits: 1000 });
      const lines = LINES.map((line) => `${id}-${line}`);
      await accounts.workspaces.patch(id, { budgets: { day: units.workspace * 5 } });
      for (const [i, most] of [units.one, units.two].entries()) {
        await store.query(
          `INSERT INTO budgets (owner_id, period, workspace_id, credits) VALUES ($1, 'month', $2, $3)`,
          [lines[i], id, most * 5],
        );
      }
      // Said once more, without a database.
      const room = [units.one * 5, units.two * 5, Infinity];
      let all = units.workspace * 5;
      const taken: string[] = [];
      for (const asked of groups) {
        const expected: Reserved['status'][] = [];
        const before = count();
        const outcomes = asked.map(({ line, units: n, again }) => {
          const known = again === null ? undefined : taken[again];
          const request = known ?? requestId();
          const cost = n * 5;
          const left = room[line] ?? 0;
          if (cost > all || cost > left) expected.push('over');
          else if (known !== undefined) expected.push('duplicate');
          else {
            expected.push('reserved');
            all -= cost;
            room[line] = left - cost;
            taken.push(request);
          }
          return reserve({ workspaceId: id, line: lines[line] ?? '', requestId: request, credits: cost });
        });
        const got = (await Promise.all(outcomes)).map(({ status }) => status);
        assert.deepEqual(got, expected);
        for (const status of got) seen.add(status);
        assert.equal(count() - before, 1, 'one call');
      }
      const rows = await store.query<{ owner_id: string; reserved: number }>(
        'SELECT c.owner_id, c.reserved FROM budget_counters c JOIN budgets b USING (owner_id, period) WHERE b.workspace_id = $1',
        [id],
      );
      const left = new Map([
        [id, units.workspace * 5 - all],
        [lines[0], units.one * 5 - (room[0] ?? 0)],
        [lines[1], units.two * 5 - (room[1] ?? 0)],
      ]);
      for (const { owner_id: owner, reserved } of rows) assert.equal(reserved, left.get(owner), owner);
    }),
    { numRuns: 40, endOnFailure: true },
  );
  assert.deepEqual([...seen].toSorted(), ['duplicate', 'over', 'reserved']);
});

test('a failed call fails all of its group and nobody else, and the next one is asked again', async (t) => {
  const { store, accounts, clock } = await startHouse(t);
  const { id } = await accounts.workspaces.create({ name: 'w', plan: 'custom', credits: 1000 });
  await accounts.workspaces.patch(id, { budgets: { day: 100 } });
  let broken = true;
  const query = (config: { text: string }): unknown =>
    broken ? Promise.reject(new Error('Connection terminated')) : store.pool.query(config);
  const pool = Object.create(store.pool, { query: { value: query } }) as Store['pool'];
  const reserve = createReserver({ ...store, pool }, clock.now);
  const ask = () => reserve({ workspaceId: id, line: 'none', requestId: requestId(), credits: 5 });
  const failed = await Promise.allSettled([ask(), ask(), ask()]);
  assert.deepEqual(
    failed.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  broken = false;
  assert.deepEqual(await Promise.all([ask(), ask()]), [{ status: 'reserved' }, { status: 'reserved' }]);
});
