import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Latency } from '../src/policy/latency.ts';
import { HEDGE_RULES, type HedgeRules } from '../src/policy/rules.ts';
import { latencySample } from '../src/policy/signals.ts';
import { race, type Runner } from '../src/race.ts';
import type { EgressPolicy } from '../src/index.ts';
import { byText, openEgress, productAt, verdicts } from './helpers/egress.ts';
import { startHttp, until } from './helpers/servers.ts';
import { seeded } from './helpers/simulation.ts';

/** A runner that ends when the test says so. */
function runner(): Runner<string> & {
  end: (result: string) => void;
  fail: (error: Error) => void;
  wasCut: () => boolean;
} {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let isCut = false;
  return {
    done: promise,
    isPastRace: () => false,
    cut() {
      isCut = true;
      resolve('cut');
    },
    end: resolve,
    fail: reject,
    wasCut: () => isCut,
  };
}
const late: unknown[] = [];
const course = (second: Runner<string> | null, over: Partial<Parameters<typeof race<string>>[1]> = {}) => ({
  aloneMs: 10,
  // The time is over at once: the first one is slow.
  after: (_: number, then: () => void) => {
    queueMicrotask(then);
    return () => {};
  },
  second: () => Promise.resolve(second),
  isGood: (result: string) => result.startsWith('good'),
  onLate: (error: unknown) => late.push(error),
  ...over,
});
const slow = (): ReturnType<typeof runner> => runner();

test('the quicker one of two wins, whichever it is; the other one is cut and has ended', async () => {
  const [first, second] = [slow(), slow()];
  const raced = race(first, course(second));
  second.end('good second');
  assert.deepEqual(await raced, ['cut', 'good second']);
  assert.ok(first.wasCut() && !second.wasCut());
  const [other, another] = [slow(), slow()];
  const again = race(other, course(another));
  other.end('good first');
  assert.deepEqual(await again, ['cut', 'good first']);
  assert.ok(another.wasCut() && !other.wasCut());
});

test('one that ends badly does not end the race', async () => {
  const [first, second] = [slow(), slow()];
  const raced = race(first, course(second));
  await Promise.resolve();
  await Promise.resolve();
  second.end('bad');
  queueMicrotask(() => first.end('good first'));
  assert.deepEqual(await raced, ['bad', 'good first']);
  assert.ok(!first.wasCut());
});

test('without a second one, without a time, or past the race, one runs alone', async () => {
  for (const over of [
    { second: () => Promise.resolve(null) },
    { aloneMs: null, second: () => assert.fail('raced without a time') },
  ]) {
    const first = slow();
    const raced = race(first, course(null, over));
    setImmediate(() => first.end('good'));
    assert.deepEqual(await raced, ['good']);
  }
  const past = { ...slow(), isPastRace: () => true, done: new Promise<string>((end) => setImmediate(end, 'good')) };
  assert.deepEqual(await race(past, course(null, { second: () => assert.fail('raced past the race') })), ['good']);
});

test('a bug of one comes through, when the other has stopped; after a win it is only told', async () => {
  const [first, second] = [slow(), slow()];
  const raced = race(first, course(second));
  setImmediate(() => second.fail(new Error('a bug of ours')));
  await assert.rejects(raced, /a bug of ours/);
  assert.ok(first.wasCut());
  const [winner, loser] = [slow(), slow()];
  const bad = { ...loser, cut: () => loser.fail(new Error('late')) };
  const won = race(winner, course(bad));
  setImmediate(() => winner.end('good'));
  assert.deepEqual(await won, ['good']);
  assert.match(String(late.at(-1)), /late/);
});

test('the p95 is that of the last times, known only when there are enough, in bounded memory', () => {
  const latency = new Latency(HEDGE_RULES);
  const known = (): number => latency.quantile ?? 0;
  for (let i = 1; i < HEDGE_RULES.leastSamples; i += 1) latency.add(i);
  assert.equal(latency.quantile, null);
  latency.add(HEDGE_RULES.leastSamples);
  assert.equal(latency.quantile, Math.ceil(HEDGE_RULES.leastSamples * 0.95));
  for (let i = 0; i < HEDGE_RULES.samples * 3; i += 1) latency.add(1000 + (i % 100));
  assert.ok(known() >= 1090 && known() <= 1099, `${known()}`);
});

test('the share that is hedged stays near a twentieth, because what was given up counts too', () => {
  const random = seeded(5);
  const latency = new Latency(HEDGE_RULES);
  const time = (): number => 300 - 400 * Math.log(1 - random());
  let hedged = 0;
  const runs = 20_000;
  for (let i = 0; i < runs; i += 1) {
    const alone = time();
    const slowAfter = latency.quantile;
    if (slowAfter === null || alone <= slowAfter) {
      latency.add(alone);
      continue;
    }
    hedged += 1;
    const other = time();
    const over = Math.min(alone, slowAfter + other);
    for (const [took, verdict] of [
      [over, over === alone ? 'product' : 'outrun'],
      [over - slowAfter, over === alone ? 'outrun' : 'product'],
    ] as const) {
      const sample = latencySample({ verdict, status: verdict === 'product' ? 200 : null }, took);
      if (sample !== null) latency.add(sample);
    }
  }
  const share = hedged / runs;
  assert.ok(share > 0.02 && share < 0.08, `${(100 * share).toFixed(1)} %`);
});

test('a failure and a caller who hung up are no times', () => {
  assert.equal(latencySample({ verdict: 'connection', status: null }, 5), null);
  assert.equal(latencySample({ verdict: 'caller_gone', status: null }, 5), null);
  assert.equal(latencySample({ verdict: 'timeout', status: null }, 5), 5);
});

const QUICK: HedgeRules = { samples: 20, leastSamples: 5, quantile: 0.95 };
const HEDGED: Partial<EgressPolicy> = { hedge: true, maxAttempts: 3 };

/** A server of which every page is quick until it is told that the next one hangs. */
async function moody(t: Parameters<typeof startHttp>[0]) {
  let hangs = 0;
  const server = await startHttp(t, (_request, response) => {
    if (hangs > 0) hangs -= 1;
    else response.end('product');
  });
  return { server, target: productAt(server.url), hang: (n: number) => (hangs = n) };
}

test('a slow attempt is raced by one other; both are in the trace, and nothing stays taken', async (t) => {
  const { server, target, hang } = await moody(t);
  const egress = openEgress(t, HEDGED, { rules: { hedge: QUICK } });
  for (let i = 0; i < 10; i += 1) await egress.fetch({ target, judge: byText });
  const slowAfterMs = egress.stats().tiers[0]?.slowAfterMs ?? null;
  assert.ok(slowAfterMs !== null && slowAfterMs < 1000, `${slowAfterMs}`);
  hang(1);
  const seen: number[] = [];
  const result = await egress.fetch({ target, judge: byText, onAttempt: ({ n }) => seen.push(n) });
  assert.ok(result.outcome.ok);
  assert.deepEqual(
    result.attempts.map(({ n, hedge, verdict, error }) => [n, hedge, verdict, error]),
    [
      [1, false, 'outrun', null],
      [2, true, 'product', null],
    ],
  );
  assert.deepEqual(seen, [1, 2]);
  const stats = egress.stats();
  assert.deepEqual([stats.running, stats.waiting, stats.hedges], [0, 0, { started: 1, won: 1 }]);
  assert.equal(egress.sessionStats().busy, 0);
  await until(() => server.open() <= 1, 'the socket of the one that was outrun to be freed');
});

test('by default nothing is raced, and a tier may say otherwise than the policy', async (t) => {
  const { target, hang } = await moody(t);
  for (const policy of [{}, { ...HEDGED, hedge: false }]) {
    const egress = openEgress(t, { ...policy, attemptTimeoutMs: 60, maxAttempts: 2 }, { rules: { hedge: QUICK } });
    for (let i = 0; i < 10; i += 1) await egress.fetch({ target, judge: byText });
    hang(1);
    const { attempts } = await egress.fetch({ target, judge: byText });
    assert.deepEqual(verdicts(attempts), ['timeout', 'product']);
    assert.equal(egress.stats().hedges.started, 0);
  }
});

test('the last attempt is not raced, and neither is one when every place is taken', async (t) => {
  const { target, hang } = await moody(t);
  for (const policy of [{ maxAttempts: 1 }, { maxConcurrent: 1 }]) {
    const egress = openEgress(t, { ...HEDGED, attemptTimeoutMs: 60, ...policy }, { rules: { hedge: QUICK } });
    for (let i = 0; i < 10; i += 1) await egress.fetch({ target, judge: byText });
    hang(1);
    const { attempts } = await egress.fetch({ target, judge: byText });
    assert.equal(attempts[0]?.verdict, 'timeout');
    assert.equal(egress.stats().hedges.started, 0);
  }
});

test('a caller who hangs up ends both', async (t) => {
  const { server, target, hang } = await moody(t);
  const egress = openEgress(t, HEDGED, { rules: { hedge: QUICK } });
  for (let i = 0; i < 10; i += 1) await egress.fetch({ target, judge: byText });
  hang(2);
  const caller = new AbortController();
  const fetched = egress.fetch({ target, judge: byText, signal: caller.signal });
  await until(() => egress.stats().running === 2, 'the race');
  caller.abort();
  assert.deepEqual(verdicts((await fetched).attempts), ['caller_gone', 'caller_gone']);
  assert.deepEqual([egress.stats().running, egress.sessionStats().busy], [0, 0]);
  await until(() => server.open() === 0, 'the sockets to be freed');
});
