import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { ApiError } from '@asa/contract';
import { createShedding, watchPool } from '../src/shedding.ts';

function setUp(maxInflight = 100) {
  const state = { loopMs: 0, waitMs: 0, at: 0, storeReady: true };
  const shedding = createShedding({
    maxInflight,
    storeReady: () => state.storeReady,
    waits: [{ what: 'a reader thread', ms: () => state.waitMs, mostMs: 400 }],
    loopDelay: { ms: () => state.loopMs, close: () => {} },
    now: () => state.at,
  });
  /** Seconds of the refusal, null when it is accepted (and given back). */
  const refusal = (): number | null => {
    try {
      shedding.enter()();
      return null;
    } catch (error) {
      assert.ok(error instanceof ApiError && error.code === 'capacity', String(error));
      return error.retryAfterSeconds;
    }
  };
  return { shedding, state, refusal };
}

test('a wait that is too long is refused with the time after which it is not; readiness turns at half of it', () => {
  const { shedding, state, refusal } = setUp();
  for (const [waitMs, refused, unready] of [
    [0, null, false],
    [199, null, false],
    [201, null, true],
    [400, null, true],
    [401, 1, true],
    [3500, 4, true],
    [900_000, 30, true],
  ] as const) {
    state.waitMs = waitMs;
    assert.equal(refusal(), refused, `${waitMs} ms`);
    assert.equal(shedding.unready() !== null, unready, `${waitMs} ms`);
  }
  assert.match(shedding.reason() ?? '', /would wait 900\.0 s for a reader thread/);
});

test('the event loop, the store and a shutdown', () => {
  const { shedding, state, refusal } = setUp();
  state.loopMs = 300;
  assert.equal(refusal(), null);
  assert.match(shedding.unready() ?? '', /overloaded/);
  state.loopMs = 600;
  assert.equal(refusal(), 1);
  state.loopMs = 0;
  state.storeReady = false;
  assert.equal(refusal(), 2);
  state.storeReady = true;
  assert.equal(refusal(), null);
  shedding.startDraining();
  assert.equal(refusal(), 5);
});

test('the ceiling: readiness turns before it, and Retry-After follows how fast requests end', () => {
  const { shedding, state, refusal } = setUp(10);
  const leaves = Array.from({ length: 9 }, () => shedding.enter());
  assert.match(shedding.unready() ?? '', /9 requests are in flight/);
  leaves.push(shedding.enter());
  assert.equal(refusal(), 1);
  // One ends every 8 s, for long.
  for (let i = 0; i < 200; i += 1) {
    state.at += 8000;
    leaves.shift()?.();
    leaves.push(shedding.enter());
  }
  assert.equal(refusal(), 8);
  leaves[0]?.();
  leaves[0]?.();
  assert.equal(shedding.inFlight(), 9, 'leaving twice gives back one place');
  assert.equal(refusal(), null);
});

test('the database pool: how many wait and how fast connections are given', () => {
  const pool = Object.assign(new EventEmitter(), { waitingCount: 0 });
  let at = 0;
  const load = watchPool(pool, () => at);
  at += 60_000;
  assert.equal(load.waitMs(), 0, 'an idle pool');
  pool.waitingCount = 100;
  for (let i = 0; i < 300; i += 1) {
    at += 5;
    pool.emit('acquire');
  }
  assert.ok(Math.abs(load.waitMs() - 500) < 5, `${load.waitMs()} ms for 100 at 5 ms each`);
  at += 3000;
  assert.equal(load.waitMs(), 3000, 'none is given any more');
  pool.waitingCount = 0;
  assert.equal(load.waitMs(), 0);
  load.close();
  assert.equal(pool.listenerCount('acquire'), 0);
});
