import type { Context, Principal } from '../types.ts';
import { takeToken, waitForToken } from './bucket.ts';
import { factsOf, inFlightOf, occupy, waitForPlace, type KeyState, type KeyStates } from './key-state.ts';
import { crowded, rateLimited, type Admission, type Limits, type Place } from './types.ts';

interface LocalLimits extends Omit<Limits, 'admit'> {
  readonly admit: (principal: Principal, counts: boolean) => Admission;
}

/**
 * Rate and concurrency in this process alone.
 * @param context.now milliseconds; the limits are as exact as this clock.
 */
export function createLocalLimits({ now }: Pick<Context, 'now'>, states: KeyStates): LocalLimits {
  return {
    facts: (principal) => {
      const at = now();
      return factsOf(states.of(principal, at), at);
    },

    admit(principal, counts) {
      const at = now();
      const state = states.of(principal, at);
      const taken = takeToken(state.bucket);
      if (taken === null) {
        const { seconds, promisedUntil } = waitForToken(state.bucket, state.limits, state.tokensPromised);
        state.tokensPromised = promisedUntil;
        return refusedByRate(principal, state, at, seconds);
      }
      state.bucket = taken;
      state.recent.add(at);
      if (!counts) return { ok: true, rate: factsOf(state, at), place: null };
      if (state.inFlight >= state.limits.concurrency) return refusedByCrowd(principal, state, at, state.inFlight);
      return { ok: true, rate: factsOf(state, at), place: placeOf(state, now, () => {}) };
    },

    size: states.size,
  };
}

/** The answer to a caller for whom there is no token, with what it is promised. */
export function refusedByRate(principal: Principal, state: KeyState, at: number, seconds: number): Admission {
  const rate = { ...factsOf(state, at), remaining: 0, resetSeconds: seconds };
  return { ok: false, rate, crowded: null, error: rateLimited(principal, seconds) };
}

/** The answer to a caller for whom there is no place among so many. */
export function refusedByCrowd(principal: Principal, state: KeyState, at: number, inFlight: number): Admission {
  const seconds = waitForPlace(state, at);
  return {
    ok: false,
    rate: factsOf(state, at),
    crowded: { inFlight, ceiling: state.limits.concurrency, seconds },
    error: crowded(principal, seconds),
  };
}

/** A place that is taken now. `onLeave` is called once, when it is given back. */
export function placeOf(state: KeyState, now: () => number, onLeave: () => void): Place {
  const end = occupy(state, now);
  let left = false;
  return {
    now: () => inFlightOf(state),
    leave() {
      if (left) return;
      left = true;
      end();
      onLeave();
    },
  };
}
