import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BATCH_LIMITS } from '@asa/contract';
import { eventually } from '@asa/store/testing';
import type { ItemOutcome, ItemRunner, ItemWork, Kept } from '../../src/index.ts';
import { nextTry } from '../../src/items/policy.ts';
import { owner, products, startHouse, succeeded, type House } from './house.ts';

/** What becomes of items: tries, copies, take-overs, cancellation. */

const failure = (error: string, retryAfterMs: number | null) => ({
  ok: false,
  httpStatus: 502,
  error,
  message: `it is ${error}`,
  retryAfterMs,
  isLate: false,
});
const ended = async ({ jobs }: House, id: string, workspace: string): Promise<void> => {
  await eventually(`the end of ${id}`, async () => (await jobs.read(id, workspace)).completed_at !== null);
};
interface Result {
  index: number;
  status: string;
  error: string | null;
  http_status: number;
  request_id: string;
  data: Record<string, unknown> | null;
  credits_charged: number;
}
const results = async ({ jobs }: House, id: string): Promise<Result[]> => {
  const all: Result[] = [];
  for await (const text of jobs.results(id)) all.push(JSON.parse(text) as Result);
  return all;
};

test('when an item is tried again: the delay of the catalogue, three times, within the time of the batch', () => {
  fc.assert(
    fc.property(
      fc.option(fc.integer({ min: 0, max: 120_000 })),
      fc.nat(6),
      fc.constantFrom('live', 'test'),
      fc.integer({ min: 0, max: 200_000 }),
      (retryAfterMs, tries, mode, left) => {
        const now = 1_000_000;
        const at = nextTry({ retryAfterMs, tries, mode, now, expiresAt: now + left });
        const delay =
          retryAfterMs === null
            ? Number.POSITIVE_INFINITY
            : mode === 'live'
              ? retryAfterMs
              : Math.ceil(retryAfterMs / 60);
        const may = tries < BATCH_LIMITS.retries && delay < left;
        assert.equal(at, may ? now + delay : null);
      },
    ),
  );
});

test('a retryable error is tried again after its delay, and its last try is the result; any other is the result at once', async (t) => {
  const tries = new Map<string, number[]>();
  const house = await startHouse(t, {
    run: async (work) => {
      const name = String(work.input['query']);
      tries.set(name, [...(tries.get(name) ?? []), house.clock.ms]);
      const own = { ...succeeded(work) };
      if (name === 'B000000001') return { ...own, ...failure('blocked_by_amazon', 60_000) } as ItemOutcome;
      if (name === 'B000000002' && tries.get(name)?.length === 1)
        return { ...own, ...failure('upstream_timeout', 2000) } as ItemOutcome;
      if (name === 'B000000003') return { ...own, ...failure('product_not_found', null) } as ItemOutcome;
      return own;
    },
  });
  const id = await house.make(owner('w', 'pro', 'live'), products(4));
  const start = house.clock.ms;
  house.jobs.start();
  const processed = async (n: number): Promise<void> =>
    eventually(`${n} results`, async () => (await house.jobs.read(id, 'w')).processed_count === n);
  await processed(2);
  house.clock.ms += 1999;
  await house.jobs.depth();
  assert.equal(tries.get('B000000002')?.length, 1);
  house.clock.ms += 1;
  await processed(3);
  for (let i = 1; i <= 3; i += 1) {
    house.clock.ms = start + i * 60_000;
    await eventually(`try ${i + 1}`, () => tries.get('B000000001')?.length === i + 1);
  }
  await ended(house, id, 'w');
  assert.deepEqual(
    tries.get('B000000001')?.map((at) => at - start),
    [0, 60_000, 120_000, 180_000],
  );
  assert.deepEqual(
    (await results(house, id)).map(({ index, error, status }) => [index, status, error]),
    [
      [0, 'ok', null],
      [1, 'error', 'blocked_by_amazon'],
      [2, 'ok', null],
      [3, 'error', 'product_not_found'],
    ],
  );
  const { status, success_count, failure_count } = await house.jobs.read(id, 'w');
  assert.deepEqual([status, success_count, failure_count], ['complete', 2, 2]);
});

test('when its time is over, items get an error and the batch ends as failed', async (t) => {
  const house = await startHouse(t, {
    run: async (work) => {
      const own = succeeded(work);
      return work.isLate ? ({ ...own, ...failure('upstream_timeout', null), isLate: true } as ItemOutcome) : own;
    },
  });
  const id = await house.make(owner('w'), products(3));
  house.clock.ms += BATCH_LIMITS.timeLimitMs;
  house.jobs.start();
  await ended(house, id, 'w');
  const { status, failure_count } = await house.jobs.read(id, 'w');
  assert.deepEqual([status, failure_count], ['failed', 3]);
});

test('items that ask for the same are carried out once and answered each, with ids of their own', async (t) => {
  const fetched: ItemWork[] = [];
  const copies: ItemWork[] = [];
  const house = await startHouse(t, {
    run: async (work) => {
      (work.copyOf === null ? fetched : copies).push(work);
      const own = succeeded(work);
      if (work.input['query'] === 'B000000001') return { ...own, ...failure('product_not_found', null) } as ItemOutcome;
      return work.copyOf?.ok === true ? { ...own, body: work.copyOf.body } : own;
    },
  });
  // The same in other words: lower case, a URL, the default domain.
  const items = [
    { query: 'B00000000A' },
    { query: 'b00000000a', domain: 'com' },
    { query: 'https://www.amazon.com/dp/B00000000A' },
    { query: 'B00000000A', domain: 'de' },
    { query: 'B000000001' },
    { query: 'B000000001' },
  ];
  const id = await house.make(owner('w'), items);
  house.jobs.start();
  await ended(house, id, 'w');
  assert.deepEqual(fetched.map((work) => String(work.input['query'])).toSorted(), [
    'B000000001',
    'B00000000A',
    'B00000000A',
  ]);
  assert.equal(copies.length, 3);
  const all = await results(house, id);
  assert.equal(new Set(all.map((result) => result.request_id)).size, 6);
  assert.deepEqual(
    all.map((result) => result.status),
    ['ok', 'ok', 'ok', 'ok', 'error', 'error'],
  );
  for (const result of all) if (result.data !== null) assert.equal(result.data['request_id'], result.request_id);
  assert.equal(all[1]?.data?.['asin'], 'B00000000A');
  assert.equal((await house.jobs.read(id, 'w')).processed_count, 6);
});

test('a cancelled batch: what has not started never does, what has goes on to its result, the end is told once', async (t) => {
  const house = await startHouse(t, { concurrency: 2 });
  const id = await house.make(owner('w'), [...products(6), { query: 'B000000000' }], { webhook: true });
  house.jobs.start();
  await eventually('two at work', () => house.pending.length === 2);
  const cancelled = await house.jobs.cancel(id, 'w');
  assert.deepEqual([cancelled.status, cancelled.completed_at], ['cancelled', null]);
  house.pending[0]?.finish();
  await eventually('one result', async () => (await house.jobs.read(id, 'w')).processed_count === 1);
  assert.deepEqual(house.hooks.ended, []);
  // Not tried again, for the batch is cancelled.
  house.pending[0]?.finish({ ...failure('blocked_by_amazon', 60_000) });
  await ended(house, id, 'w');
  const batch = await house.jobs.read(id, 'w');
  assert.deepEqual([batch.status, batch.processed_count, batch.total_count], ['cancelled', 1, 7]);
  assert.deepEqual(house.hooks.ended, [id]);
  assert.deepEqual(await house.jobs.cancel(id, 'w'), batch, 'again: nothing changes');
  assert.deepEqual(house.hooks.ended, [id]);
  assert.equal(house.pending.length, 0);
});

test('a batch that is cancelled before anything started has ended at once', async (t) => {
  const house = await startHouse(t);
  const id = await house.make(owner('w'), products(3), { webhook: true });
  const { status, completed_at, processed_count } = await house.jobs.cancel(id, 'w');
  assert.equal(status, 'cancelled');
  assert.ok(completed_at !== null && processed_count === 0);
  assert.deepEqual(house.hooks.ended, [id]);
});

test('the webhook hears of each item once, and of the end in the same transaction as the last result', async (t) => {
  const house = await startHouse(t, { run: async (work) => succeeded(work) });
  const id = await house.make(owner('w'), products(40), { webhook: true });
  house.jobs.start();
  await ended(house, id, 'w');
  assert.deepEqual(house.hooks.ended, [id]);
  assert.deepEqual(
    house.hooks.items.flatMap(([, indices]) => indices).toSorted((a, b) => a - b),
    Array.from({ length: 40 }, (_, i) => i),
  );
});

test('events are numbered in the order of finishing, without a gap', async (t) => {
  const house = await startHouse(t, { run: async (work) => succeeded(work) });
  const id = await house.make(owner('w'), products(60));
  let heard = 0;
  const stop = house.jobs.watch(id, () => (heard += 1));
  house.jobs.start();
  await ended(house, id, 'w');
  stop();
  assert.ok(heard > 0);
  const events = [...(await house.jobs.events(id, 0, 50)), ...(await house.jobs.events(id, 50, 50))];
  assert.deepEqual(
    events.map((event) => event.seq),
    Array.from({ length: 60 }, (_, i) => i + 1),
  );
  assert.deepEqual(
    events.map((event) => event.index).toSorted((a, b) => a - b),
    Array.from({ length: 60 }, (_, i) => i),
  );
});

test('the first so many results are as many as the status said, whatever finished since', async (t) => {
  const house = await startHouse(t);
  const id = await house.make(owner('w'), products(8));
  house.jobs.start();
  await eventually('all at work', () => house.pending.length === 8);
  for (const index of [6, 1])
    house.pending.find(({ work }) => work.input['query'] === products(8)[index]?.query)?.finish();
  await eventually('two results', async () => (await house.jobs.read(id, 'w')).processed_count === 2);
  const { processed_count: before } = await house.jobs.read(id, 'w');
  while (house.pending.length > 0) house.pending[0]?.finish();
  await ended(house, id, 'w');
  const first: unknown[] = [];
  for await (const text of house.jobs.results(id, before)) first.push((JSON.parse(text) as Result).index);
  assert.deepEqual(first, [1, 6]);
  assert.equal((await results(house, id)).length, 8);
});

/** A ledger of a test: what was captured under which request id, and which ids can no longer be. */
function createTill() {
  const paid = new Map<string, number>();
  const closed = new Set<string>();
  return {
    paid,
    capture(requestId: string): void {
      if (closed.has(requestId)) throw new Error('the hold is not open');
      assert.ok(!paid.has(requestId), 'captured twice under one id');
      paid.set(requestId, 5);
    },
    ask: async (requestId: string): Promise<number> => {
      closed.add(requestId);
      return paid.get(requestId) ?? 0;
    },
  };
}

test('tries that end anywhere are taken over: one result and at most one capture for each item', async (t) => {
  const till = createTill();
  const captures = new Map<string, number>();
  const drafts: unknown[] = [];
  const chance = fc.sample(fc.nat(9), { numRuns: 2000, seed: 7 });
  const run: ItemRunner['run'] = async (work) => {
    const item = String(work.input['query']);
    const end = chance.pop() ?? 0;
    if (end === 0) throw new Error('died before anything was kept');
    const kept: Kept = {
      requestId: work.requestId,
      body: `{"asin":"${item}"}`,
      credits: 5,
      durationMs: 1,
      draft: { item },
    };
    await work.keep(kept);
    if (end === 1) throw new Error('died before the capture');
    till.capture(work.requestId);
    captures.set(item, (captures.get(item) ?? 0) + 1);
    if (end <= 3) throw new Error('died after the capture');
    return { ok: true, requestId: work.requestId, body: kept.body, isKept: true, credits: 5, durationMs: 1 };
  };
  const paid: ItemRunner['paid'] = (_owner, requestId) => till.ask(requestId);
  const close: ItemRunner['close'] = async (_owner, _id, draft) => void drafts.push(draft);
  const house = await startHouse(t, { run, paid, close });
  const other = house.node(run, { paid, close });
  const id = await house.make(owner('w', 'pro', 'live'), products(120));
  house.jobs.start();
  other.start();
  await ended(house, id, 'w');
  const batch = await house.jobs.read(id, 'w');
  assert.deepEqual(
    [batch.status, batch.processed_count, batch.success_count, batch.credits_charged],
    ['complete', 120, 120, 600],
  );
  const all = await results(house, id);
  assert.deepEqual(
    all.map((result) => result.index),
    Array.from({ length: 120 }, (_, i) => i),
  );
  for (const result of all) {
    assert.ok(till.paid.has(result.request_id), 'the result is the one that was paid for');
    assert.equal(captures.get(String(result.data?.['asin'])), 1);
  }
  assert.equal(till.paid.size, 120);
  assert.ok(drafts.length > 0, 'what was left to be written was handed back');
});

test('a node that was taken for dead can neither keep nor write what it has', async (t) => {
  const till = createTill();
  const zombies: ItemWork[] = [];
  const house = await startHouse(t, { run: (work) => new Promise(() => zombies.push(work)), concurrency: 3 });
  const id = await house.make(owner('w', 'pro', 'live'), products(3));
  house.jobs.start();
  await eventually('three tries', () => zombies.length === 3);
  const kept = (work: ItemWork): Kept => ({
    requestId: work.requestId,
    body: '{}',
    credits: 5,
    durationMs: 1,
    draft: {},
  });
  const [first, second, third] = zombies;
  assert.ok(first && second && third);
  // One has kept its result, one has also been paid for.
  await second.keep(kept(second));
  await third.keep(kept(third));
  till.capture(third.requestId);
  await house.store.query(`UPDATE batch_items SET node_id = 'node_0000000000000000'`);
  const again: string[] = [];
  const other = house.node(
    async (work) => {
      again.push(String(work.input['query']));
      await work.keep(kept(work));
      till.capture(work.requestId);
      return { ...succeeded(work), isKept: true, credits: 5 };
    },
    { paid: (_owner, requestId) => till.ask(requestId) },
  );
  other.start();
  await ended(house, id, 'w');
  await assert.rejects(first.keep(kept(first)), { name: 'TryLost' });
  assert.throws(() => till.capture(second.requestId), /not open/);
  assert.deepEqual(again.toSorted(), ['B000000000', 'B000000001']);
  const { credits_charged, success_count } = await house.jobs.read(id, 'w');
  assert.deepEqual([success_count, credits_charged, till.paid.size], [3, 15, 3]);
});

test('a process that stops gives back what it has at work, at once', async (t) => {
  const house = await startHouse(t, { concurrency: 4 });
  const id = await house.make(owner('w'), products(10));
  house.jobs.start();
  await eventually('four at work', () => house.pending.length === 4);
  const closing = house.jobs.close(5000);
  house.pending[0]?.finish();
  await eventually('that one is done', async () => (await house.jobs.read(id, 'w')).processed_count === 1);
  assert.equal(house.pending.length, 3, 'nothing new is begun');
  await house.jobs.close(0);
  while (house.pending.length > 0) house.pending[0]?.finish();
  await closing;
  const seen = new Set<string>();
  const other = house.node(async (work) => {
    seen.add(String(work.input['query']));
    return succeeded(work);
  });
  other.start();
  await ended(house, id, 'w');
  const { success_count } = await house.jobs.read(id, 'w');
  assert.equal(success_count, 10);
});

test('a process that may not take on work begins when it may', async (t) => {
  let mayStart = false;
  const house = await startHouse(t, { mayStart: () => mayStart });
  house.jobs.start();
  await house.make(owner('one'), products(1));
  mayStart = true;
  await eventually('the item is at work', () => house.pending.length === 1);
});
