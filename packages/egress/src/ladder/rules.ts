import { verdictClass, type Verdict, type VerdictClass } from '@asa/contract';

/** What the ladder does after an attempt when another attempt is possible. */
export interface RetryRule {
  /** After so many attempts of one class in a row on one tier the next one climbs to a dearer tier; null: it never does. */
  readonly climbAfter: number | null;
  /** The next attempt is made with a session that has never been used. */
  readonly freshSession: boolean;
  /** Wait before it: a random time in this range, times the number of attempts of this class in a row on this tier, in ms. */
  readonly delayMs: readonly [number, number];
}

/** Classes of which another attempt may bring something else. */
export type RetriedClass = Exclude<VerdictClass, 'usable' | 'final' | 'cut'>;

/**
 * The retry policy in one block. The waits are short because a caller is waiting too, and random so that many requests that
 * were blocked together do not come back together.
 */
const BY_CLASS: Readonly<Record<RetriedClass, RetryRule>> = {
  blocked: { climbAfter: 1, freshSession: true, delayMs: [250, 750] },
  unreachable: { climbAfter: 2, freshSession: false, delayMs: [100, 400] },
  timeout: { climbAfter: 2, freshSession: false, delayMs: [50, 150] },
  unreadable: { climbAfter: null, freshSession: true, delayMs: [50, 150] },
};

/** Verdicts that another rule than that of their class is right for: a session whose proxy failed would meet it again. */
const BY_VERDICT: Readonly<Partial<Record<Verdict, RetryRule>>> = {
  proxy: { climbAfter: 2, freshSession: true, delayMs: [20, 80] },
};

/** The rule after this verdict, or null when no attempt follows it. Pure. */
export function retryRule(verdict: Verdict): RetryRule | null {
  const kind = verdictClass(verdict);
  if (kind === 'usable' || kind === 'final' || kind === 'cut') return null;
  return BY_VERDICT[verdict] ?? BY_CLASS[kind];
}

/** A page that cannot be read is asked for once more (layouts are tied to sessions): the second one is the answer. */
export const MAX_UNREADABLE = 2;

/** An attempt after the first is not begun with less time than this: it would only be cut. */
export const MIN_ATTEMPT_MS = 100;
