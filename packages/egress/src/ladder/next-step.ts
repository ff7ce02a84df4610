import { VERDICTS, verdictClass, type ErrorCode, type Verdict } from '@asa/contract';
import { finalError } from './final-error.ts';
import { MIN_ATTEMPT_MS, retryRule } from './rules.ts';
import { chooseTier, mayServe, type Asker, type TierView } from './tiers.ts';

/** An attempt as the ladder sees it. */
export interface PastAttempt {
  readonly tier: string;
  readonly verdict: Verdict;
  /** What the target's `Retry-After` asked for, in ms; null or absent when it asked for nothing. */
  readonly retryAfterMs?: number | null;
}

export interface LadderPolicy {
  /** Attempts for one page, at least 1. */
  readonly maxAttempts: number;
  /** Time for all upstream work of the request, in ms. */
  readonly budgetMs: number;
}

export interface LadderState {
  readonly attempts: readonly PastAttempt[];
  /** Of the budget; Infinity when it was cut. */
  readonly elapsedMs: number;
  readonly policy: LadderPolicy;
  /** From the cheapest to the dearest, as they are now. */
  readonly tiers: readonly TierView[];
  /** Default: any plan, any country. */
  readonly asker?: Asker;
}

export type Step =
  | { readonly do: 'attempt'; readonly tier: string; readonly freshSession: boolean; readonly delayMs: number }
  | {
      readonly do: 'finish';
      /** Null: the last page is the answer. */
      readonly error: ErrorCode | null;
      /** For `capacity`: when the first exit is free again, in ms. */
      readonly retryAfterMs?: number;
    };

/** Who may be anybody. */
const ANYBODY: Asker = { plan: null, country: null };

/**
 * The ladder: what follows after these attempts, given how the tiers stand. `random` gives a number from 0 to under 1. Pure.
 *
 * A tier that cannot begin in time (its exits are paced, or the target asked to stay away) is passed over for another. When none
 * can, the request ends: with the last word of its history, or, when nothing was tried, as `capacity`, which costs the caller
 * nothing and says when to come back.
 */
export function nextStep(
  { attempts, elapsedMs, policy, tiers, asker = ANYBODY }: LadderState,
  random: () => number,
): Step {
  const { budgetMs, maxAttempts } = policy;
  if (tiers.length === 0) throw new RangeError('a ladder needs at least one tier');
  const unreadable = attempts.filter(({ verdict }) => verdictClass(verdict) === 'unreadable').length;
  const last = attempts.at(-1);
  const end = (budgetLeft: boolean): ReturnType<typeof finalError> =>
    finalError({ last: last?.verdict ?? null, unreadable, attemptsLeft: attempts.length < maxAttempts, budgetLeft });

  const own = tiers.filter((tier) => mayServe(tier, asker));
  if (own.length === 0) return finish('forbidden_region');
  const now = end(elapsedMs < budgetMs);
  if (now !== null) return finish(now);
  const leftMs = budgetMs - elapsedMs;

  if (last === undefined) {
    const isInTime = ({ waitMs = 0 }: TierView): boolean => waitMs === 0 || waitMs + MIN_ATTEMPT_MS <= leftMs;
    const tier = chooseTier({ tiers: own, from: null, climb: false, isInTime });
    if (tier !== null) return { do: 'attempt', tier: tier.name, freshSession: false, delayMs: 0 };
    return { do: 'finish', error: 'capacity', retryAfterMs: Math.min(...own.map(({ waitMs = 0 }) => waitMs)) };
  }

  const rule = retryRule(last.verdict);
  // `end` has answered those without a rule; the compiler cannot see it.
  if (rule === null) throw new Error(`the ladder goes on after ${last.verdict}`);
  const { climbAfter, freshSession, delayMs } = rule;
  const times = inARow(attempts);
  const rung = own.findIndex(({ name }) => name === last.tier);
  const [least, most] = delayMs;
  const jitter = Math.round((least + random() * (most - least)) * times);
  // Another tier comes from another exit, which the target has not asked to wait; so may a fresh session.
  const asked = ({ hasOtherExits = false }: TierView, index: number): number =>
    index === rung && !(freshSession && hasOtherExits) ? (last.retryAfterMs ?? 0) : 0;
  const isInTime = (tier: TierView, index: number): boolean =>
    Math.max(jitter, asked(tier, index), tier.waitMs ?? 0) + MIN_ATTEMPT_MS <= leftMs;
  const climb = climbAfter !== null && times >= climbAfter;
  const tier = chooseTier({ tiers: own, from: Math.max(0, rung), climb, isInTime });
  if (tier === null) {
    // Where our own time is too short for any attempt, that is it; where the exits are, the history has its last word.
    const error = jitter + MIN_ATTEMPT_MS > leftMs ? end(false) : VERDICTS[last.verdict].lastWord;
    return finish(error ?? 'upstream_timeout');
  }
  return {
    do: 'attempt',
    tier: tier.name,
    freshSession,
    delayMs: Math.max(jitter, asked(tier, own.indexOf(tier))),
  };
}

const finish = (end: ErrorCode | 'ok'): Step => ({ do: 'finish', error: end === 'ok' ? null : end });

/** How many attempts at the end of the history are of one tier and one class. */
function inARow(attempts: readonly PastAttempt[]): number {
  const last = attempts.at(-1);
  if (last === undefined) return 0;
  const other = attempts.findLastIndex(
    ({ tier, verdict }) => tier !== last.tier || verdictClass(verdict) !== verdictClass(last.verdict),
  );
  return attempts.length - 1 - other;
}
