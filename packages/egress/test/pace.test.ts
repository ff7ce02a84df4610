import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Verdict } from '@asa/contract';
import { FREE, onPass, onSoftBlock, type Rate } from '../src/policy/aimd.ts';
import { Gate, type Entry } from '../src/policy/gate.ts';
import { BoundedMap } from '../src/policy/lru.ts';
import { Pacer, type Address, type PaceReport } from '../src/policy/pacer.ts';
import { PACE_RULES as RULES } from '../src/policy/rules.ts';
import { paceOutcome } from '../src/policy/signals.ts';
import { SimulatedTime } from './helpers/simulation.ts';

const never = new AbortController().signal;
const ADDRESS: Address = { domain: 'de', tier: 'direct', exit: 'direct' };
const block = { observed: 40, isExplicit: true };

test('an exit is free until a soft block; the first one begins at what was really sent, the others at the rate', () => {
  assert.equal(onPass(FREE, true, RULES).perSecond, null);
  const first = onSoftBlock(FREE, { ...block, startedAt: 0, now: 10 }, RULES);
  assert.equal(first.perSecond, 40 * RULES.firstDecrease);
  assert.equal(onSoftBlock(FREE, { ...block, observed: 0, startedAt: 0, now: 0 }, RULES).perSecond, 5);
  const second = onSoftBlock(first, { ...block, startedAt: 10, now: 20 }, RULES);
  assert.equal(second.perSecond, 40 * RULES.firstDecrease ** 2);
});

test('a block of a request from before the last decrease changes nothing', () => {
  const once = onSoftBlock(FREE, { ...block, startedAt: 0, now: 10 }, RULES);
  assert.equal(onSoftBlock(once, { ...block, startedAt: 9, now: 20 }, RULES), once);
});

test('one block page now and then is borne, a 429 or 503 never', () => {
  const page = { observed: 40, isExplicit: false, startedAt: 0, now: 0 };
  const spent = onSoftBlock(FREE, page, RULES);
  assert.equal(spent.perSecond, null);
  assert.notEqual(onSoftBlock(spent, page, RULES).perSecond, null);
  assert.notEqual(onSoftBlock(FREE, { ...page, isExplicit: true }, RULES).perSecond, null);
  let earned = spent;
  for (let i = 0; i <= RULES.passesPerBlock; i += 1) earned = onPass(earned, false, RULES);
  assert.equal(onSoftBlock(earned, page, RULES).perSecond, null);
});

test('a pass that the rate did not hold back does not raise it', () => {
  const rate = onSoftBlock(FREE, { ...block, startedAt: 0, now: 0 }, RULES);
  assert.equal(onPass(rate, false, RULES).perSecond, rate.perSecond);
  assert.ok((onPass(rate, true, RULES).perSecond ?? 0) > (rate.perSecond ?? 0));
});

test('property: whatever comes, the rate stays within its bounds; passes never lower it, blocks never raise it', () => {
  const event = fc.record({
    kind: fc.constantFrom('pass' as const, 'held' as const, 'held' as const, 'block' as const),
    times: fc.integer({ min: 1, max: 300 }),
    isExplicit: fc.boolean(),
    observed: fc.nat(5000),
    ago: fc.nat(3000),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let rate: Rate = FREE;
      let now = 0;
      for (const { kind, times, isExplicit, observed, ago } of events) {
        now += 500;
        for (let i = 0; i < (kind === 'block' ? 1 : times); i += 1) {
          const before: Rate = rate;
          rate =
            kind === 'block'
              ? onSoftBlock(rate, { startedAt: now - ago, now, observed, isExplicit }, RULES)
              : onPass(rate, kind === 'held', RULES);
          const [from, to] = [before.perSecond ?? Infinity, rate.perSecond ?? Infinity];
          if (kind === 'block') assert.ok(to <= Math.max(from, RULES.leastPerSecond));
          else assert.ok(to >= from);
          if (rate.perSecond !== null) {
            assert.ok(to >= RULES.leastPerSecond && to <= RULES.totalPerSecond, `${to} a second`);
          }
          assert.ok(rate.credit >= 0 && rate.credit <= 1);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('what an attempt says of the rate', () => {
  const said = (verdict: Verdict, status: number | null) => paceOutcome({ verdict, status });
  assert.equal(said('product', 503), 'pass', 'the page decides, not its status');
  assert.equal(said('not_found', 404), 'pass');
  assert.equal(said('captcha', 200), 'block_page');
  assert.equal(said('service_unavailable', 503), 'too_fast');
  assert.equal(said('refused', 429), 'too_fast');
  for (const verdict of ['refused', 'timeout', 'connection', 'caller_gone', 'outrun'] as const) {
    assert.equal(said(verdict, verdict === 'refused' ? 403 : null), 'none', verdict);
  }
});

function gateOf(time: SimulatedTime, spacing: { ms: number }, burstMs = 0): Gate {
  const { now, random, after } = time;
  return new Gate({ now, random, after, spacingMs: () => spacing.ms, burstMs, jitter: 0 });
}

/** What became of each entry, and when. */
function watch(time: SimulatedTime, entries: readonly Promise<Entry>[]): { entry: Entry; at: number }[] {
  const seen: { entry: Entry; at: number }[] = [];
  const from = time.now();
  entries.forEach((entry, i) => void entry.then((word) => (seen[i] = { entry: word, at: time.now() - from })));
  return seen;
}

test('a gate lets through one after another, evenly, in order; one that cannot be in time is refused at once', async () => {
  const time = new SimulatedTime(1);
  const gate = gateOf(time, { ms: 100 });
  const latest = time.now() + 250;
  const seen = watch(
    time,
    Array.from({ length: 5 }, () => gate.enter(never, latest)),
  );
  await time.pass(0);
  assert.deepEqual(
    [seen[0], seen[3], seen[4]].map((one) => one?.entry),
    ['at_once', 'late', 'late'],
  );
  assert.equal(gate.waiting, 2);
  await time.pass(1000);
  assert.deepEqual(seen.slice(1, 3), [
    { entry: 'after_wait', at: 100 },
    { entry: 'after_wait', at: 200 },
  ]);
  assert.equal(gate.waitMs, 0);
});

test('who gives up waiting leaves the line, and the next one moves up', async () => {
  const time = new SimulatedTime(1);
  const gate = gateOf(time, { ms: 100 });
  const gone = new AbortController();
  const latest = time.now() + 1000;
  const seen = watch(time, [gate.enter(never, latest), gate.enter(gone.signal, latest), gate.enter(never, latest)]);
  await time.pass(50);
  gone.abort();
  await time.pass(1000);
  assert.deepEqual(
    seen.map((one) => one.entry),
    ['at_once', 'aborted', 'after_wait'],
  );
  assert.equal(seen[2]?.at, 100);
  assert.equal(await gate.enter(AbortSignal.abort(), latest), 'aborted');
});

test('a hold stops the line; those who cannot wait so long are told at once', async () => {
  const time = new SimulatedTime(1);
  const gate = gateOf(time, { ms: 100 });
  const now = time.now();
  const seen = watch(time, [gate.enter(never, now), gate.enter(never, now + 500), gate.enter(never, now + 5000)]);
  await time.pass(10);
  gate.hold(now + 2000);
  gate.hold(now + 1000);
  await time.pass(10);
  assert.deepEqual(seen[1], { entry: 'late', at: 10 });
  assert.equal(gate.heldForMs, 1980);
  await time.pass(5000);
  assert.deepEqual(seen[2], { entry: 'after_wait', at: 2000 });
});

test('a rate that falls makes the line slower, and tells those for whom that is too slow', async () => {
  const time = new SimulatedTime(1);
  const spacing = { ms: 100 };
  const gate = gateOf(time, spacing);
  const latest = time.now() + 450;
  const seen = watch(
    time,
    Array.from({ length: 5 }, () => gate.enter(never, latest)),
  );
  await time.pass(0);
  spacing.ms = 200;
  gate.slower();
  await time.pass(5000);
  assert.deepEqual(
    seen.map((one) => one.entry),
    ['at_once', 'after_wait', 'after_wait', 'late', 'late'],
  );
});

test('property: a gate never lets through more than its rate and its burst allow, and everybody is answered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 5, max: 200 }),
      fc.constantFrom(0, 500),
      fc.array(fc.tuple(fc.nat(300), fc.nat(2000)), { maxLength: 60 }),
      async (ms, burstMs, callers) => {
        const time = new SimulatedTime(7);
        const gate = gateOf(time, { ms }, burstMs);
        const passed: number[] = [];
        let answered = 0;
        const ask = async (latest: number): Promise<void> => {
          const entry = await gate.enter(never, latest);
          answered += 1;
          if (entry === 'late') return;
          passed.push(time.now());
          assert.ok(time.now() <= Math.ceil(latest), 'let through too late');
        };
        const asked: Promise<void>[] = [];
        for (const [pause, patience] of callers) {
          await time.pass(pause);
          asked.push(ask(time.now() + patience));
        }
        await time.pass(100_000);
        assert.equal(answered, callers.length);
        await Promise.all(asked);
        assert.equal(gate.waiting, 0);
        passed.forEach((from, i) => {
          passed.slice(i).forEach((to, k) => {
            assert.ok(k <= (to - from + burstMs) / ms + 1, `${k + 1} in ${to - from} ms at one in ${ms} ms`);
          });
        });
      },
    ),
    { numRuns: 60 },
  );
});

const report = (over: Partial<PaceReport>): PaceReport => ({
  outcome: 'too_fast',
  startedAt: Number.POSITIVE_INFINITY,
  wasHeldBack: false,
  retryAfterMs: null,
  ...over,
});

test('marketplaces and exits have rates of their own', () => {
  const time = new SimulatedTime(1);
  const pacer = new Pacer(time, RULES);
  pacer.report(ADDRESS, report({ startedAt: time.now() }));
  assert.equal(pacer.stats()[0]?.perSecond, RULES.firstPerSecond * RULES.firstDecrease);
  for (const other of [{ domain: 'fr' as const }, { exit: 'other' }, { tier: 'other' }]) {
    assert.equal(pacer.waitMs({ ...ADDRESS, ...other }), 0);
  }
});

test('Retry-After of the target holds its exit for everybody, at most as long as the rules say', async () => {
  const time = new SimulatedTime(1);
  const pacer = new Pacer(time, RULES);
  pacer.report(ADDRESS, report({ outcome: 'none', retryAfterMs: 30_000 }));
  assert.equal(pacer.waitMs(ADDRESS), 30_000);
  assert.equal(await pacer.enter(ADDRESS, never, time.now() + 29_000), 'late');
  await time.pass(30_000);
  assert.equal(await pacer.enter(ADDRESS, never, time.now()), 'at_once');
  pacer.report(ADDRESS, report({ outcome: 'none', retryAfterMs: 86_400_000 }));
  assert.equal(pacer.waitMs(ADDRESS), RULES.mostHoldMs);
  assert.equal(pacer.stats()[0]?.heldForMs, RULES.mostHoldMs);
});

test('the hard cap holds over all marketplaces and exits together', async () => {
  const time = new SimulatedTime(1);
  const pacer = new Pacer(time, { ...RULES, totalPerSecond: 10 });
  let passed = 0;
  for (let i = 0; i < 100; i += 1) {
    const address = { ...ADDRESS, exit: `exit${i}` };
    void pacer.enter(address, never, time.now() + 60_000).then((entry) => (passed += entry === 'late' ? 0 : 1));
  }
  await time.pass(0);
  // A second's worth may come at once, and the one whose turn it is.
  assert.equal(passed, 11);
  await time.pass(2000);
  assert.equal(passed, 31);
});

test('what is remembered is bounded, and those who wait are not forgotten', () => {
  const map = new BoundedMap<string>(2, (value) => value === 'waits');
  map.set('a', 'waits');
  map.set('b', 'b');
  map.set('c', 'c');
  assert.deepEqual([map.size, map.peek('a'), map.peek('b'), map.peek('c')], [2, 'waits', undefined, 'c']);
  const pacer = new Pacer(new SimulatedTime(1), { ...RULES, mostKeys: 5 });
  for (let i = 0; i < 50; i += 1) pacer.report({ ...ADDRESS, exit: `${i}` }, report({}));
  assert.equal(pacer.stats().length, 5);
});
