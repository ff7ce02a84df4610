import type { Target } from '@asa/contract';
import type { Admission, NotedAttempt, Traffic } from './policy/traffic.ts';
import type { Sign } from './policy/turnstile.ts';
import type { Session } from './session/session.ts';
import type { SessionPool } from './session/pool.ts';
import type { Slots } from './slots.ts';
import type { Tier } from './types.ts';

/** Everything one attempt needs before it may be sent: a session, its exit's leave, and a place among all requests. */
export interface Turn {
  readonly tier: Tier;
  readonly session: Session;
  /** The upstream part is over: the places are given back. Idempotent. */
  readonly leave: () => void;
  /** The attempt is over; null when it failed by a fault of ours. To be called once; gives the places back. */
  readonly note: (attempt: NotedAttempt | null) => void;
}

interface Turns {
  readonly sessions: SessionPool;
  readonly traffic: Traffic;
  readonly slots: Slots;
}

interface Wanted {
  readonly target: Target;
  readonly tier: Tier;
  readonly freshSession: boolean;
  readonly signal: AbortSignal;
  /** The turn at the exit must come by then, in ms. */
  readonly latestAt: number;
  /** Whether to wait in the line for a place among all requests. */
  readonly mayQueue: boolean;
}

/**
 * Waits for a turn. `late`: the exit cannot be asked in time; `full`: too many requests wait for a place; `aborted`: the signal
 * fired first. Whatever it answers, nothing stays taken that the turn does not give back. Never rejects.
 */
export async function takeTurn(
  { sessions, traffic, slots }: Turns,
  { target, tier, freshSession, signal, latestAt, mayQueue }: Wanted,
): Promise<Turn | 'late' | 'full' | 'aborted'> {
  const { domain, language, country } = target;
  const isBusy = (exitId: string): boolean => traffic.isBusy(tier, domain, exitId);
  const turnstile = traffic.turnstile(tier);
  let sign: Sign | null = null;
  for (;;) {
    const seen = turnstile.opened;
    const session = sessions.acquire({ domain, language, country, tier }, freshSession, isBusy);
    const route = { domain, tier, session };
    const admission = await traffic.admit(route, signal, latestAt);
    if (typeof admission === 'string') {
      session.end(null);
      if (sign !== null) turnstile.handOn(sign);
      if (admission !== 'busy') return admission;
      if (!mayQueue) return 'late';
      sign = null;
      if (turnstile.opened !== seen) continue;
      sign = await turnstile.wait(signal);
      if (sign === null) return 'aborted';
      continue;
    }
    const place = mayQueue ? await slots.enter(signal) : slots.tryEnter();
    if (typeof place === 'string') {
      traffic.note(route, admission, null);
      session.end(null);
      return place;
    }
    return { tier, session, ...givenBack(place, admission, (attempt) => traffic.note(route, admission, attempt)) };
  }
}

function givenBack(place: () => void, admission: Admission, note: Turn['note']): Pick<Turn, 'leave' | 'note'> {
  const leave = (): void => {
    place();
    admission.leave();
  };
  return {
    leave,
    note(attempt) {
      leave();
      note(attempt);
    },
  };
}
