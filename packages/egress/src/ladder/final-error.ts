import { VERDICTS, verdictClass, type ErrorCode, type Verdict } from '@asa/contract';
import { MAX_UNREADABLE } from './rules.ts';

/** All of a request's history that decides how it ends. */
export interface History {
  /** What the last attempt brought, or null before the first. */
  readonly last: Verdict | null;
  /** Attempts so far that brought an unreadable page. */
  readonly unreadable: number;
  /** Whether the policy allows another attempt. */
  readonly attemptsLeft: boolean;
  /** Whether there is time for another attempt. */
  readonly budgetLeft: boolean;
}

/**
 * How a request ends after this history: `ok` with the last page, an error of the table, or null when another attempt follows.
 * What the marketplace has said for good and a history that is complete speak for themselves; only a request that time cut
 * short is a timeout. Source: contract section 4. Pure.
 */
export function finalError({ last, unreadable, attemptsLeft, budgetLeft }: History): ErrorCode | 'ok' | null {
  if (last === null) return budgetLeft && attemptsLeft ? null : 'upstream_timeout';
  const lastWord = VERDICTS[last].lastWord;
  if (lastWord === null) return 'ok';
  const kind = verdictClass(last);
  const spoken = kind === 'final' || kind === 'cut' || (kind === 'unreadable' && unreadable >= MAX_UNREADABLE);
  if (spoken || !attemptsLeft) return lastWord;
  return budgetLeft ? null : 'upstream_timeout';
}
