import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, bucketCapacity, PLANS } from '@asa/contract';
import fc from 'fast-check';
import { createKeyStates } from '../src/limits/key-state.ts';
import { createLocalLimits } from '../src/limits/local.ts';
import type { Place, Principal } from '../src/index.ts';
import { createClock, type Clock } from './helpers.ts';

const principal = (limits: Partial<Principal['limits']> = {}, keyId = 'key_1'): Principal => ({
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

/** The limits as a caller of one kind of call meets them: what is refused is thrown. */
function createLimits(clock: Pick<Clock, 'now'>) {
  const limits = createLocalLimits(clock, createKeyStates());
  const admitted = (key: Principal, counts: boolean) => {
    const admission = limits.admit(key, counts);
    if (!admission.ok) throw admission.error.toError();
    return admission;
  };
  return {
    ...limits,
    call: limits.admit,
    admit: (key: Principal) => admitted(key, false).rate,
    enter(key: Principal): Place {
      const { place } = admitted(key, true);
      assert.ok(place !== null);
      return place;
    },
  };
}

/** The seconds to wait when the call is refused, null when it is accepted. */
function refusal(call: () => unknown): number | null {
  try {
    call();
    return null;
  } catch (error) {
    assert.ok(error instanceof ApiError && error.code === 'rate_limited');
    assert.ok(error.retryAfterSeconds !== null && error.retryAfterSeconds >= 1);
    return error.retryAfterSeconds;
  }
}

const rates = fc
  .record({ rps: fc.integer({ min: 1, max: 200 }), more: fc.integer({ min: 0, max: 60 }) })
  .map(({ rps, more }) => ({ rps, burst_rps: rps + more }));

/** Milliseconds between two calls: mostly so few that the bucket runs empty. */
const gap = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 3 }) }, fc.integer({ min: 0, max: 400 }));

test('over any window at most rate x window + capacity requests are accepted', () => {
  fc.assert(
    fc.property(rates, fc.array(gap, { maxLength: 400, size: 'max' }), (rate, gaps) => {
      const clock = createClock();
      const limits = createLimits(clock);
      const accepted: number[] = [];
      for (const ms of gaps) {
        clock.ms += ms;
        if (refusal(() => limits.admit(principal(rate))) === null) accepted.push(clock.ms);
      }
      for (const [i, from] of accepted.entries()) {
        for (const [j, to] of accepted.entries()) {
          if (j < i) continue;
          assert.ok(j - i + 1 <= (rate.rps * (to - from)) / 1000 + bucketCapacity(rate));
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('a client that stays at 99 % of its rate is never refused, in bursts of its choice', () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 1, max: 20 }), (rate, atOnce) => {
      const clock = createClock();
      const limits = createLimits(clock);
      const burst = Math.min(atOnce, bucketCapacity(rate));
      for (let round = 0; round < 100; round += 1) {
        for (let i = 0; i < burst; i += 1)
          assert.equal(
            refusal(() => limits.admit(principal(rate))),
            null,
          );
        clock.ms += Math.ceil((burst * 1000) / (0.99 * rate.rps));
      }
    }),
    { numRuns: 60 },
  );
});

test('whoever waits as long as told is accepted', () => {
  fc.assert(
    fc.property(rates, fc.array(gap, { maxLength: 400, size: 'max' }), (rate, gaps) => {
      const clock = createClock();
      const limits = createLimits(clock);
      for (const ms of gaps) {
        clock.ms += ms;
        const wait = refusal(() => limits.admit(principal(rate)));
        if (wait === null) continue;
        clock.ms += wait * 1000;
        assert.equal(
          refusal(() => limits.admit(principal(rate))),
          null,
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('from rest the burst rate lasts 3 seconds, on every plan', () => {
  for (const plan of Object.values(PLANS)) {
    const clock = createClock();
    const limits = createLimits(clock);
    const start = clock.ms;
    let sent = 0;
    while (sent < 3 * plan.burst_rps) {
      clock.ms = start + Math.floor((sent * 1000) / plan.burst_rps);
      assert.equal(
        refusal(() => limits.admit(principal(plan))),
        null,
      );
      sent += 1;
    }
    for (; clock.ms < start + 3500; sent += 1) {
      clock.ms = start + Math.floor((sent * 1000) / plan.burst_rps);
      if (refusal(() => limits.admit(principal(plan))) !== null) break;
    }
    assert.ok(clock.ms < start + 3500, 'but not much longer');
  }
});

test('the facts tell the state of the bucket', () => {
  const clock = createClock();
  const limits = createLimits(clock);
  const key = principal();
  assert.deepEqual(limits.facts(key), {
    acceptedLastSecond: 0,
    sustained: 2,
    burst: 10,
    capacity: 25,
    windowSeconds: 13,
    remaining: 25,
    resetSeconds: 0,
  });
  for (let i = 0; i < 24; i += 1) limits.admit(key);
  const last = limits.admit(key);
  assert.deepEqual(last, { ...last, acceptedLastSecond: 25, remaining: 0, resetSeconds: 1 });
  assert.throws(() => limits.admit(key), {
    code: 'rate_limited',
    retryAfterSeconds: 1,
    message: /asa_live_AbCdEfGhIjKl is over its request rate: 2 requests a second, in bursts 10/,
  });
  assert.deepEqual(limits.facts(key), last, 'a refused call takes nothing');
  clock.ms += 999;
  assert.equal(limits.facts(key).acceptedLastSecond, 25);
  clock.ms += 1;
  const later = limits.facts(key);
  assert.deepEqual([later.acceptedLastSecond, later.remaining, later.resetSeconds], [0, 2, 12]);
});

test('keys have buckets of their own, and changed ceilings hold at once', () => {
  const clock = createClock();
  const limits = createLimits(clock);
  const one = { rps: 1, burst_rps: 1 };
  limits.admit(principal(one));
  assert.equal(
    refusal(() => limits.admit(principal(one))),
    1,
  );
  limits.admit(principal(one, 'key_2'));
  for (let i = 0; i < 20; i += 1) limits.admit(principal({}, 'key_3'));
  clock.ms += 60_000;
  limits.facts(principal({}, 'key_3'));
  assert.equal(limits.admit(principal(one, 'key_3')).remaining, 0, 'a smaller bucket keeps no more than it holds');
});

test('a clock that is set back neither blocks a key nor fills its bucket', () => {
  const clock = createClock();
  const limits = createLimits(clock);
  const key = principal({ rps: 1, burst_rps: 1 });
  limits.admit(key);
  clock.ms -= 3_600_000;
  assert.equal(
    refusal(() => limits.admit(key)),
    1,
  );
  clock.ms += 1000;
  assert.equal(limits.admit(key).acceptedLastSecond, 1);
});

test('at most so many requests of a key are in flight', () => {
  const limits = createLimits(createClock());
  const key = principal();
  const places = [1, 2, 3].map((n) => {
    const place = limits.enter(key);
    assert.deepEqual(place.now(), { inFlight: n, ceiling: 3 });
    return place;
  });
  assert.throws(() => limits.enter(key), {
    code: 'rate_limited',
    retryAfterSeconds: 1,
    message: /asa_live_AbCdEfGhIjKl has 3 requests in flight, its concurrency ceiling/,
  });
  assert.equal(limits.enter(principal({}, 'key_2')).now().inFlight, 1);
  places[0]?.leave();
  places[0]?.leave();
  assert.equal(limits.enter(key).now().inFlight, 3, 'leaving twice gives back one place');
  assert.equal(
    refusal(() => limits.enter(key)),
    1,
  );
});

test('keys at rest are forgotten', () => {
  const clock = createClock();
  const limits = createLimits(clock);
  for (let i = 0; i < 3000; i += 1) {
    clock.ms += 10;
    limits.enter(principal({}, `key_${i}`)).leave();
  }
  // A bucket is full again half a second after its one request, and looked at every 1024 calls.
  assert.ok(limits.size() < 1300, `${limits.size()} keys are remembered`);
});

test('a crowd that is refused at one moment and waits as told is served at its next try, each of it', () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 1, max: 200 }), (rate, size) => {
      const clock = createClock();
      const limits = createLimits(clock);
      const key = principal(rate);
      while (refusal(() => limits.admit(key)) === null);
      // As many as the window of the policy promises tokens for: later ones ask again.
      const waits: number[] = [];
      for (let n = 0; n < size; n += 1) {
        const wait = refusal(() => limits.admit(key));
        assert.ok(wait !== null && wait <= limits.facts(key).windowSeconds);
        if (wait < limits.facts(key).windowSeconds) waits.push(wait);
      }
      const start = clock.ms;
      for (const wait of waits) {
        clock.ms = start + wait * 1000;
        assert.equal(
          refusal(() => limits.admit(key)),
          null,
          `${waits.length} callers, told ${wait} s`,
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('a refusal and the fields of its answer tell the same time', () => {
  fc.assert(
    fc.property(rates, fc.array(gap, { maxLength: 300, size: 'max' }), (rate, gaps) => {
      const clock = createClock();
      const limits = createLimits(clock);
      const key = principal(rate);
      for (const ms of gaps) {
        clock.ms += ms;
        const before = limits.facts(key);
        const admission = limits.call(key, false);
        assert.equal(admission.ok, before.remaining > 0, 'what remains says whether the next call is accepted');
        assert.equal(admission.rate.remaining, Math.max(0, before.remaining - 1));
        if (admission.ok) assert.equal(admission.rate.acceptedLastSecond, before.acceptedLastSecond + 1);
        else {
          assert.equal(admission.rate.acceptedLastSecond, before.acceptedLastSecond);
          assert.equal(admission.rate.resetSeconds, admission.error.retryAfterSeconds);
        }
        if (!admission.ok || admission.rate.remaining > 0) continue;
        clock.ms += admission.rate.resetSeconds * 1000;
        assert.ok(limits.facts(key).remaining > 0, 'after that time there is more');
        clock.ms -= admission.rate.resetSeconds * 1000;
      }
    }),
    { numRuns: 60 },
  );
});

test('callers that do not wait push nobody else beyond the window', () => {
  const clock = createClock();
  const limits = createLimits(clock);
  const key = principal();
  while (refusal(() => limits.admit(key)) === null);
  for (let i = 0; i < 10_000; i += 1) refusal(() => limits.admit(key));
  assert.equal(
    refusal(() => limits.admit(key)),
    13,
  );
  clock.ms += 500;
  assert.equal(
    refusal(() => limits.admit(key)),
    null,
    'whoever comes when there is a token has it',
  );
});

test('a call that finds no place has cost its token, and is told when a place is likely', () => {
  const clock = createClock();
  const limits = createLimits(clock);
  const key = principal({ concurrency: 2, rps: 50, burst_rps: 100 });
  limits.enter(key);
  // Requests of this key take 6 s.
  for (let i = 0; i < 30; i += 1) {
    const place = limits.enter(key);
    clock.ms += 6000;
    place.leave();
  }
  limits.enter(key);
  const before = limits.facts(key);
  const waits = [1, 2, 3, 4].map(() => {
    const admission = limits.call(key, true);
    assert.ok(!admission.ok && admission.crowded !== null);
    assert.equal(admission.crowded.seconds, admission.error.retryAfterSeconds);
    assert.deepEqual([admission.crowded.inFlight, admission.crowded.ceiling], [2, 2]);
    return admission.crowded.seconds;
  });
  assert.deepEqual(waits, [3, 6, 9, 10], 'two places, 6 s each, at most 10 s');
  assert.equal(limits.facts(key).remaining, before.remaining - 4);
  assert.equal(limits.call(key, false).ok, true, 'calls that do not count need no place');
});
