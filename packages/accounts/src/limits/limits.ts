import { ApiError, bucketCapacity } from '@asa/contract';
import type { Context, Principal } from '../types.ts';
import { fullBucket, isFull, refill, secondsToFull, secondsToToken, takeToken, TOKEN, type Bucket } from './bucket.ts';
import { createRecent, type Recent } from './recent.ts';

/** What an answer's headers say of a key's rate. */
export interface RateFacts {
  /** Requests accepted in the last second. */
  readonly acceptedLastSecond: number;
  /** Requests a second. */
  readonly sustained: number;
  readonly burst: number;
  /** Tokens of the full bucket: requests that can come at once after a rest. */
  readonly capacity: number;
  /** Requests that would be accepted now. */
  readonly remaining: number;
  /** Whole seconds until `remaining` is the capacity again. */
  readonly resetSeconds: number;
}

/** A place among a key's requests in flight. */
export interface Place {
  /** Requests in flight, this one included. */
  readonly inFlight: number;
  readonly ceiling: number;
  /** Gives the place back; calling it again does nothing. */
  readonly leave: () => void;
}

/** Rate and concurrency of each key, in this process (contract section 6). */
export interface Limits {
  /** How the key stands now; takes nothing. */
  facts: (principal: Principal) => RateFacts;
  /** Accepts one call. @throws ApiError `rate_limited` that names the ceiling, with the seconds until the next token */
  admit: (principal: Principal) => RateFacts;
  /** Takes a place. @throws ApiError `rate_limited` that names the ceiling */
  enter: (principal: Principal) => Place;
  /** How many keys are being remembered; keys at rest are forgotten. */
  size: () => number;
}

interface KeyState {
  bucket: Bucket;
  limits: Principal['limits'];
  recent: Recent;
}

/** How often keys at rest are looked for, in calls. */
const FORGET_EVERY = 1024;
/** A place is given back whenever a request ends, which nobody can tell beforehand. */
const RETRY_CONCURRENCY_SECONDS = 1;

/** @param context.now milliseconds; the limits are as exact as this clock. */
export function createLimits({ now }: Pick<Context, 'now'>): Limits {
  const keys = new Map<string, KeyState>();
  const places = new Map<string, number>();
  let calls = 0;

  const stateOf = ({ keyId, limits }: Principal, at: number): KeyState => {
    const known = keys.get(keyId) ?? { bucket: fullBucket(limits, at), limits, recent: createRecent() };
    known.bucket = refill(known.bucket, limits, at);
    known.limits = limits;
    return known;
  };
  const forgetResting = (at: number): void => {
    for (const [keyId, { bucket, limits, recent }] of keys) {
      if (isFull(refill(bucket, limits, at), limits) && recent.count(at) === 0) keys.delete(keyId);
    }
  };

  return {
    facts(principal) {
      const at = now();
      return factsOf(stateOf(principal, at), at);
    },

    admit(principal) {
      const at = now();
      calls += 1;
      if (calls % FORGET_EVERY === 0) forgetResting(at);
      const state = stateOf(principal, at);
      keys.set(principal.keyId, state);
      const taken = takeToken(state.bucket);
      if (taken === null) throw rateLimited(principal, secondsToToken(state.bucket, principal.limits));
      state.bucket = taken;
      state.recent.add(at);
      return factsOf(state, at);
    },

    enter(principal) {
      const { keyId, limits } = principal;
      const inFlight = (places.get(keyId) ?? 0) + 1;
      if (inFlight > limits.concurrency) throw crowded(principal);
      places.set(keyId, inFlight);
      let left = false;
      const leave = (): void => {
        if (left) return;
        left = true;
        const rest = (places.get(keyId) ?? 0) - 1;
        if (rest > 0) places.set(keyId, rest);
        else places.delete(keyId);
      };
      return { inFlight, ceiling: limits.concurrency, leave };
    },

    size: () => keys.size + places.size,
  };
}

function factsOf({ bucket, limits, recent }: KeyState, at: number): RateFacts {
  return {
    acceptedLastSecond: recent.count(at),
    sustained: limits.rps,
    burst: limits.burst_rps,
    capacity: bucketCapacity(limits),
    remaining: Math.floor(bucket.level / TOKEN),
    resetSeconds: secondsToFull(bucket, limits),
  };
}

const rateLimited = ({ shortPrefix, limits }: Principal, seconds: number): ApiError =>
  new ApiError(
    'rate_limited',
    `The key ${shortPrefix} is over its request rate: ${limits.rps} requests a second, in bursts ${limits.burst_rps}. Wait ${seconds} s.`,
    { retryAfterSeconds: seconds },
  );

const crowded = ({ shortPrefix, limits }: Principal): ApiError =>
  new ApiError(
    'rate_limited',
    `The key ${shortPrefix} has ${limits.concurrency} requests in flight, its concurrency ceiling. Wait until one of them is answered.`,
    { retryAfterSeconds: RETRY_CONCURRENCY_SECONDS },
  );
