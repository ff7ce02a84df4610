import type { VerdictClass } from '@asa/contract';

/** What the ladder does after an attempt of one class when another attempt is possible. */
export interface RetryRule {
  /** The next attempt climbs to the next tier when there is one. */
  readonly climb: boolean;
  /** The next attempt is made with a session that has never been used. */
  readonly freshSession: boolean;
  /** Wait before it: a random time in this range, times the number of attempts of this class in a row on this tier, in ms. */
  readonly delayMs: readonly [number, number];
}

type RetriedClass = Exclude<VerdictClass, 'usable' | 'final'>;

/**
 * The retry policy in one block. The waits are short because a caller is waiting too, and random so that many requests that
 * were blocked together do not come back together.
 */
export const RETRY_RULES: Readonly<Record<RetriedClass, RetryRule>> = {
  blocked: { climb: true, freshSession: true, delayMs: [250, 750] },
  unreachable: { climb: false, freshSession: false, delayMs: [100, 400] },
  timeout: { climb: false, freshSession: false, delayMs: [50, 150] },
  unreadable: { climb: false, freshSession: true, delayMs: [50, 150] },
};

/** A page that cannot be read is asked for once more (layouts are tied to sessions): the second one is the answer. */
export const MAX_UNREADABLE = 2;

/** An attempt after the first is not begun with less time than this: it would only be cut. */
export const MIN_ATTEMPT_MS = 100;
