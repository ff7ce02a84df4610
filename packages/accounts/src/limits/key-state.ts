import { bucketCapacity, type KeyLimits } from '@asa/contract';
import type { Principal } from '../types.ts';
import { fullBucket, isFull, refill, secondsToMore, TOKEN, windowSeconds, type Bucket } from './bucket.ts';
import { createRecent, type Recent } from './recent.ts';
import type { InFlight, RateFacts } from './types.ts';
import { promise } from './waits.ts';

/** What this process knows of one key. */
export interface KeyState {
  bucket: Bucket;
  limits: KeyLimits;
  readonly recent: Recent;
  /** Until when tokens and places are promised to callers that were refused, in ms. */
  tokensPromised: number;
  placesPromised: number;
  /** Requests of this process in flight. */
  inFlight: number;
  /** How long a request keeps its place, in ms: a mean in which the latest weigh most. */
  placeMs: number;
  /** What other processes have, as last heard of. */
  others: { readonly at: number; readonly recent: number; readonly inFlight: number };
}

export interface KeyStates {
  /** The key's state at this time; a new one is at rest. */
  readonly of: (principal: Principal, at: number) => KeyState;
  readonly size: () => number;
}

/** How often keys at rest are looked for, in calls. */
const FORGET_EVERY = 1024;
/** What is believed of a key whose requests have not ended yet. */
const PLACE_MS = 1000;
const PLACE_WEIGHT = 0.2;
/** No caller is told to wait longer for a place: how long requests take is no promise. */
const PLACE_HORIZON_MS = 10_000;
const SECOND_MS = 1000;

/** Keys that were used lately. Their number is bounded by their buckets: one that is full again, with nothing in flight, is forgotten. */
export function createKeyStates(): KeyStates {
  const states = new Map<string, KeyState>();
  let calls = 0;
  const forgetResting = (at: number): void => {
    for (const [keyId, state] of states) {
      const { bucket, limits, recent, inFlight, tokensPromised } = state;
      const rests = isFull(refill(bucket, limits, at), limits) && inFlight === 0 && tokensPromised <= at;
      if (rests && recent.count(at) === 0) states.delete(keyId);
    }
  };
  return {
    of({ keyId, limits }, at) {
      calls += 1;
      if (calls % FORGET_EVERY === 0) forgetResting(at);
      let state = states.get(keyId);
      if (state === undefined) {
        state = newState(limits, at);
        states.set(keyId, state);
      }
      state.bucket = refill(state.bucket, limits, at);
      state.limits = limits;
      return state;
    },
    size: () => states.size,
  };
}

const newState = (limits: KeyLimits, at: number): KeyState => ({
  bucket: fullBucket(limits, at),
  limits,
  recent: createRecent(),
  tokensPromised: 0,
  placesPromised: 0,
  inFlight: 0,
  placeMs: PLACE_MS,
  others: { at: 0, recent: 0, inFlight: 0 },
});

/** The facts of a state that is refilled to this time. */
export function factsOf({ bucket, limits, recent, others }: KeyState, at: number): RateFacts {
  const age = at - others.at;
  return {
    acceptedLastSecond: recent.count(at) + (age >= 0 && age < SECOND_MS ? others.recent : 0),
    sustained: limits.rps,
    burst: limits.burst_rps,
    capacity: bucketCapacity(limits),
    windowSeconds: windowSeconds(limits),
    remaining: Math.floor(bucket.level / TOKEN),
    resetSeconds: secondsToMore(bucket, limits),
  };
}

export const inFlightOf = ({ inFlight, others, limits }: KeyState): InFlight => ({
  inFlight: inFlight + others.inFlight,
  ceiling: limits.concurrency,
});

/** When a caller that found no place is likely to find one, in whole seconds. */
export function waitForPlace(state: KeyState, now: number): number {
  const every = state.placeMs / state.limits.concurrency;
  const { placesPromised: promisedUntil } = state;
  const wait = promise({ now, firstAt: now + every, every, horizon: PLACE_HORIZON_MS, promisedUntil });
  state.placesPromised = wait.promisedUntil;
  return wait.seconds;
}

/** A request came and keeps its place until the function that this answers is called. */
export function occupy(state: KeyState, now: () => number): () => void {
  const since = now();
  state.inFlight += 1;
  return () => {
    state.inFlight -= 1;
    state.placeMs += PLACE_WEIGHT * (Math.max(0, now() - since) - state.placeMs);
  };
}
