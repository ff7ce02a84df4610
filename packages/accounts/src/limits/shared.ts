import type { Context, Principal } from '../types.ts';
import type { Redis } from '../shared/redis.ts';
import { fullLevel, windowSeconds } from './bucket.ts';
import { factsOf, type KeyState, type KeyStates } from './key-state.ts';
import { createLocalLimits, placeOf, refusedByCrowd, refusedByRate } from './local.ts';
import { ADMIT, RENEW } from './script.ts';
import type { Admission, Limits } from './types.ts';

interface SharedOptions extends Pick<Context, 'now'> {
  readonly redis: Redis;
  readonly states: KeyStates;
  /** An id that no other place has. */
  readonly newPlaceId: () => string;
  /** The clock of the shared buckets. Left out: Redis's own, which all nodes share. */
  readonly sharedNow?: () => number;
  /** How long a place outlives a node that has died, at most, in ms. */
  readonly leaseMs?: number;
}

export interface SharedLimits extends Limits {
  readonly close: () => void;
}

const LEASE_MS = 10_000;
const NONE = { at: 0, recent: 0, inFlight: 0 } as const;
const NO_TOKEN = 0;
const NO_PLACE = 2;

const keysOf = (keyId: string): readonly [string, string, string] =>
  // The braces keep what one script touches on one node of a cluster.
  [`asa:{${keyId}}:bucket`, `asa:{${keyId}}:recent`, `asa:{${keyId}}:places`];

/**
 * Rate and concurrency over all nodes, in Redis: one round trip a call. While Redis is away the ceilings hold for this node alone; they go on
 * from where the shared ones stood.
 */
export function createSharedLimits(options: SharedOptions): SharedLimits {
  const { redis, states, now, newPlaceId, sharedNow = () => 0, leaseMs = LEASE_MS } = options;
  const local = createLocalLimits({ now }, states);
  /** Places of this node, by key: those taken while Redis was away too. */
  const places = new Map<string, Set<string>>();

  const keep = (keyId: string, place: string): (() => void) => {
    const ofKey = places.get(keyId) ?? new Set();
    places.set(keyId, ofKey.add(place));
    return () => {
      if (!ofKey.delete(place)) return;
      if (ofKey.size === 0) places.delete(keyId);
      redis.send(['ZREM', keysOf(keyId)[2], place]);
    };
  };
  const renew = (): void => {
    for (const [keyId, ofKey] of places)
      void redis.run(RENEW, [keysOf(keyId)[2]], [String(leaseMs), String(sharedNow()), ...ofKey]);
  };
  redis.onBack(renew);
  const timer = setInterval(renew, leaseMs / 3);
  timer.unref();

  const alone = (principal: Principal, counts: boolean, place: string): Admission => {
    states.of(principal, now()).others = NONE;
    const admission = local.admit(principal, counts);
    if (!admission.ok || admission.place === null) {
      // Redis may have given it after we went on without: nobody will come to give it back.
      if (counts) redis.send(['ZREM', keysOf(principal.keyId)[2], place]);
      return admission;
    }
    const forget = keep(principal.keyId, place);
    const { leave, now: stands } = admission.place;
    const leaveBoth = (): void => {
      leave();
      forget();
    };
    return { ...admission, place: { now: stands, leave: leaveBoth } };
  };

  return {
    facts: local.facts,
    size: states.size,

    async admit(principal, counts) {
      const { keyId, limits } = principal;
      const place = counts ? newPlaceId() : '';
      const answer = await redis.run(ADMIT, keysOf(keyId), [
        String(limits.rps),
        String(fullLevel(limits)),
        String(windowSeconds(limits) * 1000),
        String(counts ? limits.concurrency : 0),
        place,
        String(leaseMs),
        String(sharedNow()),
      ]);
      if (!isReply(answer)) return alone(principal, counts, place);
      const [what, level, accepted, seconds, taken] = answer;
      const at = now();
      const state = states.of(principal, at);
      state.bucket = { level, at: Math.floor(at) };
      if (what !== NO_TOKEN) state.recent.add(at);
      const others = (inFlight: number): KeyState['others'] => ({
        at,
        recent: Math.max(0, accepted - state.recent.count(at)),
        inFlight: Math.max(0, inFlight - state.inFlight),
      });
      if (what === NO_TOKEN) {
        state.others = { ...others(0), inFlight: state.others.inFlight };
        return refusedByRate(principal, state, at, seconds);
      }
      if (what === NO_PLACE) {
        state.others = others(taken);
        return refusedByCrowd(principal, state, at, taken);
      }
      if (!counts) {
        state.others = { ...others(0), inFlight: state.others.inFlight };
        return { ok: true, rate: factsOf(state, at), place: null };
      }
      state.others = others(taken - 1);
      return { ok: true, rate: factsOf(state, at), place: placeOf(state, now, keep(keyId, place)) };
    },

    close: () => clearInterval(timer),
  };
}

type Reply = readonly [what: number, level: number, accepted: number, seconds: number, taken: number];
const isReply = (answer: unknown): answer is Reply =>
  Array.isArray(answer) && answer.length === 5 && answer.every((value) => typeof value === 'number');
