import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '@asa/store';
import { claim } from '../../src/items/claim.ts';
import { writeEndings, type Ending } from '../../src/items/write.ts';
import { owner, products, startHouse, type House } from './house.ts';

/** What is looked at for one item must not grow with the items there are; a planner that knows no statistics yet is easily of another mind. */

const STORED = 5_000;
const OPEN = 300;
const TURNS = 10;

/** Rows of a table that statements of the steady connection looked at so far. */
async function looked({ steady }: Store, table: string): Promise<number> {
  await steady.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await steady.query<{ n: number }>(
    `SELECT (s.seq_tup_read + sum(i.idx_tup_read))::bigint AS n
       FROM pg_stat_user_tables s JOIN pg_stat_user_indexes i USING (relid) WHERE s.relname = $1 GROUP BY s.seq_tup_read`,
    [table],
  );
  return rows[0]?.n ?? Number.NaN;
}

/** Claims two items and writes their results, so many times. */
async function work({ store, clock }: House): Promise<void> {
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
}

test('a claim and a result look at a handful of items, however many there are', async (t) => {
  const house = await startHouse(t);
  const { store, make } = house;
  for (let made = 0; made < STORED; made += 1000) await make(owner('one'), products(1000));
  // Half of them are copies, which wait for one that is not done.
  await store.query(`UPDATE batch_items SET state = 'following', leader = 998 WHERE index % 2 = 1`);
  const before = await looked(store, 'batch_items');
  await work(house);
  const each = ((await looked(store, 'batch_items')) - before) / TURNS;
  assert.ok(each > 0 && each < 200, `${each} rows were looked at for two items of ${STORED}`);
});

test('a claim and a result look at a handful of batches, however many are open', async (t) => {
  const house = await startHouse(t);
  const { store, make } = house;
  const id = await make(owner('idle'), products(1));
  await store.query(`UPDATE batch_items SET state = 'done'`);
  await store.query(
    `INSERT INTO batches SELECT (json_populate_record(b, json_build_object('id', gen_random_uuid()))).*
       FROM batches b, generate_series(1, ${OPEN}) WHERE b.id = $1`,
    [id],
  );
  await make(owner('one'), products(2 * TURNS));
  const before = await looked(store, 'batches');
  await work(house);
  const each = ((await looked(store, 'batches')) - before) / TURNS;
  assert.ok(each > 0 && each < 50, `${each} rows were looked at for two items, while ${OPEN} batches are open`);
});
