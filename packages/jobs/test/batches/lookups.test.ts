import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '@asa/store';
import { claim } from '../../src/items/claim.ts';
import { writeEndings, type Ending } from '../../src/items/write.ts';
import { owner, products, startHouse } from './house.ts';

/** What is looked at for one item must not grow with the items there are; a planner that knows no statistics yet is easily of another mind. */

const STORED = 5_000;
const TURNS = 10;

/** Rows of items that statements of the steady connection looked at so far. */
async function looked({ steady }: Store): Promise<number> {
  await steady.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await steady.query<{ n: number }>(
    `SELECT (s.seq_tup_read + sum(i.idx_tup_read))::bigint AS n
       FROM pg_stat_user_tables s JOIN pg_stat_user_indexes i USING (relid) WHERE s.relname = 'batch_items' GROUP BY s.seq_tup_read`,
  );
  return rows[0]?.n ?? Number.NaN;
}

test('a claim and a result look at a handful of items, however many there are', async (t) => {
  const { store, clock, make } = await startHouse(t);
  for (let made = 0; made < STORED; made += 1000) await make(owner('one'), products(1000));
  // Half of them are copies, which wait for one that is not done.
  await store.query(`UPDATE batch_items SET state = 'following', leader = 998 WHERE index % 2 = 1`);
  const before = await looked(store);
  for (let turn = 0; turn < TURNS; turn += 1) {
    const claimed = await claim(store, { claimIds: [`a${turn}`, `b${turn}`], now: clock.ms });
    assert.equal(claimed.length, 2);
    const endings = claimed.map(({ batchId, index, claimId }): Ending => ({
      kind: 'result',
      batchId,
      index,
      claimId,
      requestId: `req_${claimId}`,
      httpStatus: 404,
      error: 'not_found',
      message: 'There is no such product.',
      data: null,
      credits: 0,
      durationMs: 1,
      isLate: false,
    }));
    const hooks = { batchEnded: async () => {}, itemsDone: async () => {} };
    await writeEndings(store, hooks, endings, clock.ms);
  }
  const each = ((await looked(store)) - before) / TURNS;
  assert.ok(each > 0 && each < 200, `${each} rows were looked at for two items of ${STORED}`);
});
