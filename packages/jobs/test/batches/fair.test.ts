import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BATCH_SHARES, PLAN_NAMES } from '@asa/contract';
import { eventually } from '@asa/store/testing';
import { owner, products, startHouse, type House } from './house.ts';

/** How workspaces share the workers. Tries end one at a time, oldest first, so that the order is that of the queue and not of the machine. */

const BIG = 1000;
const CONCURRENCY = 32;

/** Ends the oldest try, and waits until the place it had is taken again. */
async function step(house: House, places: number): Promise<void> {
  const before = house.jobs.atWork();
  house.pending[0]?.finish();
  await eventually('the next one', () => house.pending.length === Math.min(before, places));
}

test('one batch of 1,000 items and ten of 3: each small one is done before 5 % of the big one is', async (t) => {
  const house = await startHouse(t, { concurrency: CONCURRENCY });
  const big = await house.make(owner('big'), products(BIG));
  house.jobs.start();
  await eventually('the big one has every worker', () => house.pending.length === CONCURRENCY);
  const small = await Promise.all(Array.from({ length: 10 }, (_, i) => house.make(owner(`small${i}`), products(3))));
  const ended = async (): Promise<number> =>
    (await house.store.query<{ n: number }>('SELECT count(*) AS n FROM batches WHERE completed_at IS NOT NULL'))[0]
      ?.n ?? 0;
  while ((await ended()) < small.length) await step(house, CONCURRENCY);
  const { processed_count: done } = await house.jobs.read(big, 'big');
  assert.ok(done < BIG * 0.05, `${done} items of the big batch are done`);
  assert.deepEqual(house.hooks.ended, [], 'no webhook was asked for');
});

test('batches of one workspace, too, stand side by side', async (t) => {
  const house = await startHouse(t, { concurrency: CONCURRENCY });
  const big = await house.make(owner('one'), products(BIG));
  house.jobs.start();
  await eventually('the big one has every worker', () => house.pending.length === CONCURRENCY);
  const small = await house.make(owner('one'), products(3));
  while ((await house.jobs.read(small, 'one')).completed_at === null) await step(house, CONCURRENCY);
  const { processed_count: done } = await house.jobs.read(big, 'one');
  assert.ok(done < BIG * 0.05, `${done} items of the big batch are done`);
});

test('workspaces with enough to do are served by the weights of their plans', async (t) => {
  const house = await startHouse(t, { concurrency: 4 });
  await Promise.all(PLAN_NAMES.map((plan) => house.make(owner(plan, plan), products(200))));
  house.jobs.start();
  const served: string[] = [];
  for (let i = 0; i < 100; i += 1) {
    await eventually('all places are taken', () => house.pending.length === 4);
    served.push(house.pending[0]?.work.owner.workspaceId ?? '');
    house.pending[0]?.finish();
    await eventually('the place is given back', () => house.jobs.atWork() <= 4 && house.pending.length >= 3);
  }
  const weights = PLAN_NAMES.reduce((sum, plan) => sum + BATCH_SHARES[plan].weight, 0);
  for (const plan of PLAN_NAMES) {
    const share = (served.length * BATCH_SHARES[plan].weight) / weights;
    const got = served.filter((workspace) => workspace === plan).length;
    assert.ok(Math.abs(got - share) <= 3, `${plan} was served ${got} of ${served.length}, its share is ${share}`);
  }
});

test('a workspace has no more items at work than its plan allows, in all nodes together', async (t) => {
  const house = await startHouse(t, { concurrency: 64 });
  const other = house.node(() => new Promise(() => {}), { concurrency: 64 });
  await house.make(owner('w', 'free'), products(100));
  house.jobs.start();
  other.start();
  const ceiling = BATCH_SHARES.free.concurrency;
  await eventually('the ceiling is reached', () => house.jobs.atWork() + other.atWork() === ceiling);
  for (let i = 0; i < 20; i += 1) {
    house.pending[0]?.finish();
    await eventually('the next one', () => house.jobs.atWork() + other.atWork() === ceiling);
  }
});

test('a workspace that was idle is owed nothing', async (t) => {
  const house = await startHouse(t, { concurrency: 2 });
  house.jobs.start();
  await house.make(owner('busy'), products(60));
  for (let i = 0; i < 40; i += 1) {
    await eventually('two at work', () => house.pending.length === 2);
    house.pending[0]?.finish();
  }
  // Its virtual time is that of the beginning; it must not have all turns now.
  await house.make(owner('late'), products(60));
  const served: string[] = [];
  for (let i = 0; i < 12; i += 1) {
    await eventually('two at work', () => house.pending.length === 2);
    served.push(house.pending[0]?.work.owner.workspaceId ?? '');
    house.pending[0]?.finish();
    await eventually('one less', () => house.pending.length >= 1);
  }
  const late = served.filter((workspace) => workspace === 'late').length;
  assert.ok(late >= 3 && late <= 7, served.join(' '));
});
