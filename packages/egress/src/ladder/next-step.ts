import { VERDICTS, verdictClass, type ErrorCode, type Verdict } from '@asa/contract';
import { finalError } from './final-error.ts';
import { MIN_ATTEMPT_MS, RETRY_RULES } from './rules.ts';

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
  /** From the cheapest to the dearest; at least one. */
  readonly tiers: readonly { readonly name: string }[];
}

export interface LadderState {
  readonly attempts: readonly PastAttempt[];
  /** Of the budget; Infinity when it was cut. */
  readonly elapsedMs: number;
  readonly policy: LadderPolicy;
}

export type Step =
  | { readonly do: 'attempt'; readonly tier: string; readonly freshSession: boolean; readonly delayMs: number }
  | { readonly do: 'finish'; readonly error: ErrorCode | null };

/**
 * The ladder: what follows after these attempts. `finish` with error null means that the last page is the answer.
 * `random` gives a number from 0 to under 1. Pure.
 */
export function nextStep({ attempts, elapsedMs, policy }: LadderState, random: () => number): Step {
  const { budgetMs, maxAttempts, tiers } = policy;
  const unreadable = attempts.filter(({ verdict }) => verdictClass(verdict) === 'unreadable').length;
  const last = attempts.at(-1);
  const end = (budgetLeft: boolean): ReturnType<typeof finalError> =>
    finalError({ last: last?.verdict ?? null, unreadable, attemptsLeft: attempts.length < maxAttempts, budgetLeft });

  const now = end(elapsedMs < budgetMs);
  if (now !== null) return finish(now);
  if (last === undefined) return { do: 'attempt', tier: nameOf(tiers, 0), freshSession: false, delayMs: 0 };

  const kind = verdictClass(last.verdict);
  // `end` has answered these two; the compiler cannot see it.
  if (kind === 'usable' || kind === 'final') throw new Error(`the ladder goes on after ${last.verdict}`);
  const rule = RETRY_RULES[kind];
  const rung = Math.max(
    0,
    tiers.findIndex(({ name }) => name === last.tier),
  );
  const next = rule.climb ? Math.min(rung + 1, tiers.length - 1) : rung;
  const [least, most] = rule.delayMs;
  const jitter = (least + random() * (most - least)) * inARow(attempts);
  // Another tier comes from another exit, which the target has not asked to wait.
  const asked = next === rung ? (last.retryAfterMs ?? 0) : 0;
  const delayMs = Math.round(Math.max(jitter, asked));
  if (elapsedMs + delayMs + MIN_ATTEMPT_MS > budgetMs) {
    // A target that asks us to stay away longer than the request may last has spoken its last word.
    const error = asked > jitter ? VERDICTS[last.verdict].lastWord : end(false);
    return finish(error ?? 'upstream_timeout');
  }
  return { do: 'attempt', tier: nameOf(tiers, next), freshSession: rule.freshSession, delayMs };
}

const finish = (end: ErrorCode | 'ok'): Step => ({ do: 'finish', error: end === 'ok' ? null : end });

function nameOf(tiers: LadderPolicy['tiers'], index: number): string {
  const tier = tiers[index];
  if (tier === undefined) throw new RangeError('a ladder needs at least one tier');
  return tier.name;
}

/** How many attempts at the end of the history are of one tier and one class. */
function inARow(attempts: readonly PastAttempt[]): number {
  const last = attempts.at(-1);
  if (last === undefined) return 0;
  const other = attempts.findLastIndex(
    ({ tier, verdict }) => tier !== last.tier || verdictClass(verdict) !== verdictClass(last.verdict),
  );
  return attempts.length - 1 - other;
}
