import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { openRedis, type Principal, type Redis } from '../src/index.ts';
import { createKeyStates } from '../src/limits/key-state.ts';
import { createLocalLimits } from '../src/limits/local.ts';
import { createSharedLimits, type SharedLimits } from '../src/limits/shared.ts';
import { redisProgram, startRedis, type TestRedis } from '../src/testing.ts';
import { createClock, eventually } from './helpers.ts';

/** Ceilings over several nodes, on a real Redis. */

const program = redisProgram(process.env['PATH'] ?? '');
const skip = program === null ? 'no Redis on this machine' : false;
let server: TestRedis;
before(async () => {
  if (program !== null) server = await startRedis(program);
});
after(() => server?.close());

let keys = 0;
const principal = (limits: Partial<Principal['limits']> = {}, keyId = `key_${++keys}`): Principal => ({
  keyId,
  workspaceId: 'ws_1',
  shortPrefix: 'asa_live_AbCdEfGhIjKl',
  mode: 'live',
  plan: 'free',
  limits: { rps: 2, burst_rps: 10, concurrency: 3, ...limits },
  exitCountryOfChoice: false,
  line: keyId,
  budgeted: false,
  topUpBelow: null,
});

interface Node {
  readonly redis: Redis;
  readonly limits: SharedLimits;
  /** Ends without giving anything back, as a process that is killed. */
  readonly die: () => void;
}

interface NodeOptions {
  readonly now?: () => number;
  readonly leaseMs?: number;
  readonly at?: TestRedis;
}

async function node(t: Pick<TestContext, 'after'>, { now, leaseMs = 15_000, at = server }: NodeOptions = {}) {
  const redis = await openRedis({ url: at.url, log: () => {}, probeMs: 20 });
  const clock = now === undefined ? {} : { sharedNow: now };
  const newPlaceId = (): string => randomBytes(9).toString('hex');
  const limits = createSharedLimits({
    redis,
    states: createKeyStates(),
    now: now ?? Date.now,
    newPlaceId,
    leaseMs,
    ...clock,
  });
  const die = (): void => {
    limits.close();
    redis.close();
  };
  t.after(die);
  return { redis, limits, die } satisfies Node;
}

const taken = async (limits: SharedLimits, key: Principal) => {
  const admission = await limits.admit(key, true);
  assert.ok(admission.ok && admission.place !== null, 'accepted');
  return admission.place;
};

test('what one node answers is what a process alone answers, to the last field', { skip }, async (t) => {
  const calls = fc.array(
    fc.record({
      ms: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }) }, fc.integer({ min: -2000, max: 3000 })),
      counts: fc.boolean(),
      leave: fc.boolean(),
    }),
    { maxLength: 120, size: 'max' },
  );
  const limits = fc
    .record({
      rps: fc.integer({ min: 1, max: 60 }),
      more: fc.integer({ min: 0, max: 12 }),
      concurrency: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ rps, more, concurrency }) => ({ rps, burst_rps: rps + more, concurrency }));
  const clock = createClock();
  const { limits: shared } = await node(t, { now: clock.now, leaseMs: 1e9 });
  await fc.assert(
    fc.asyncProperty(limits, calls, async (ceilings, sequence) => {
      const key = principal(ceilings);
      const alone = createLocalLimits(clock, createKeyStates());
      const leaves: (() => void)[] = [];
      for (const { ms, counts, leave } of sequence) {
        clock.ms += ms;
        if (leave) leaves.shift()?.();
        const [a, b] = [alone.admit(key, counts), await shared.admit(key, counts)];
        const shown = ({ ok, rate }: typeof a, rest: unknown): unknown => ({ ok, rate, rest });
        assert.deepEqual(
          shown(b, b.ok ? (b.place?.now() ?? null) : [b.crowded, b.error.message, b.error.retryAfterSeconds]),
          shown(a, a.ok ? (a.place?.now() ?? null) : [a.crowded, a.error.message, a.error.retryAfterSeconds]),
        );
        const places = [a.ok ? a.place : null, b.ok ? b.place : null];
        if (places[0] !== null) leaves.push(() => places.forEach((place) => place?.leave()));
      }
      for (const leave of leaves) leave();
    }),
    { numRuns: 40 },
  );
});

test('the ceilings hold over two nodes, whoever asks where', { skip }, async (t) => {
  const clock = createClock();
  const [one, two] = [await node(t, { now: clock.now }), await node(t, { now: clock.now })];
  const key = principal({ rps: 5, burst_rps: 10, concurrency: 7 });
  let accepted = 0;
  const at = clock.ms;
  for (let round = 0; round < 10; round += 1) {
    const admissions = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => (i % 2 === 0 ? one : two).limits.admit(key, true)),
    );
    const places = admissions.flatMap((admission) => (admission.ok ? [admission.place] : []));
    const crowded = admissions.filter((admission) => !admission.ok && admission.crowded !== null).length;
    assert.ok(places.length <= 7, `${places.length} in flight`);
    accepted += places.length + crowded;
    const bound = 16 + (5 * (clock.ms - at)) / 1000;
    assert.ok(accepted <= bound && accepted > bound - 1, `${accepted} accepted, ${bound} are due`);
    for (const place of places) place?.leave();
    clock.ms += 777;
  }
});

test('places of a node that died come back after their lease; those of one that lives stay', { skip }, async (t) => {
  // Long enough that a process that does not get its turn for a while still renews in time.
  const dying = await node(t, { leaseMs: 1500 });
  const living = await node(t, { leaseMs: 1500 });
  const key = principal({ rps: 500, burst_rps: 1000 });
  await taken(dying.limits, key);
  await taken(dying.limits, key);
  const kept = await taken(living.limits, key);
  assert.deepEqual(kept.now(), { inFlight: 3, ceiling: 3 });
  assert.equal((await living.limits.admit(key, true)).ok, false);
  dying.die();
  await taken(await lateNode(living, key), key);
  await taken(living.limits, key);
  assert.equal((await living.limits.admit(key, true)).ok, false, 'its own place was renewed all the while');
});

/** Waits until a place is there, gives it back, and answers the limits. */
async function lateNode({ limits }: Node, key: Principal): Promise<SharedLimits> {
  await eventually('the places of the dead node are free', async () => {
    const admission = await limits.admit(key, true);
    if (admission.ok) admission.place?.leave();
    return admission.ok;
  });
  return limits;
}

test(
  'a Redis that stands still costs a bounded wait once; then each node counts for itself until it is back',
  { skip },
  async (t) => {
    const own = await startRedis(program ?? '');
    t.after(own.close);
    const [one, two] = [await node(t, { at: own }), await node(t, { at: own })];
    const key = principal({ rps: 1, burst_rps: 1, concurrency: 1 });
    (await taken(one.limits, key)).leave();
    assert.equal((await two.limits.admit(key, true)).ok, false, 'shared');
    own.freeze();
    const other = principal({ rps: 1, burst_rps: 1, concurrency: 1 });
    const started = performance.now();
    await taken(one.limits, other);
    await taken(two.limits, other);
    assert.ok(performance.now() - started < 5000, 'two bounded waits');
    assert.equal(one.redis.isThere(), false);
    const soon = performance.now();
    for (let i = 0; i < 100; i += 1)
      assert.equal((await one.limits.admit(other, true)).ok, false, 'its own ceiling holds');
    assert.ok(performance.now() - soon < 5000, 'nobody waits for it any more');
    own.thaw();
    await eventually('Redis is used again', async () => one.redis.isThere() && two.redis.isThere());
    const third = principal({ rps: 1, burst_rps: 1 });
    assert.equal((await one.limits.admit(third, false)).ok, true);
    assert.equal((await two.limits.admit(third, false)).ok, false, 'shared again');
  },
);

test('a Redis that was started anew knows the places that are taken', { skip }, async (t) => {
  const own = await startRedis(program ?? '');
  t.after(own.close);
  const [one, two] = [await node(t, { at: own }), await node(t, { at: own })];
  const key = principal({ rps: 500, burst_rps: 1000, concurrency: 2 });
  const place = await taken(one.limits, key);
  await own.kill();
  await eventually('its absence is seen', async () => {
    await one.limits.admit(principal(), false);
    return !one.redis.isThere();
  });
  await taken(one.limits, key);
  await own.restart();
  await eventually('Redis is used again', async () => one.redis.isThere() && two.redis.isThere());
  const crowd = await two.limits.admit(key, true);
  assert.ok(!crowd.ok && crowd.crowded?.inFlight === 2, 'both places of the other node count');
  place.leave();
  await eventually('the place is free for the other node', async () => (await two.limits.admit(key, true)).ok);
});

test('a node without Redis at its start works alone, and shares as soon as there is one', { skip }, async (t) => {
  const own = await startRedis(program ?? '');
  t.after(own.close);
  await own.kill();
  const { limits, redis } = await node(t, { at: own });
  assert.equal(redis.isThere(), false);
  assert.equal((await limits.admit(principal(), true)).ok, true);
  await own.restart();
  await eventually('Redis is used', async () => redis.isThere());
});
