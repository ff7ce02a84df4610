import { verdictClass, type AttemptRecord } from '@asa/contract';
import type { PaceReport } from './pacer.ts';

/** Statuses by which a server says that it is asked too often. */
const TOO_FAST = new Set([429, 503]);

/** What an attempt says about the rate of its exit. A page that was asked for counts as such whatever its status. Pure. */
export function paceOutcome({ verdict, status }: Pick<AttemptRecord, 'verdict' | 'status'>): PaceReport['outcome'] {
  const kind = verdictClass(verdict);
  if (kind === 'usable' || kind === 'final' || kind === 'unreadable') return 'pass';
  if (kind === 'cut') return 'none';
  if (status !== null && TOO_FAST.has(status)) return 'too_fast';
  return kind === 'blocked' ? 'block_page' : 'none';
}

/**
 * The time that an attempt counts with for how long its tier takes, in ms, or null when it says nothing of that: a failure is
 * quick, and a caller who hangs up does so at any time. One that was outrun or timed out took at least as long as it lasted. Pure.
 */
export function latencySample(
  { verdict, status }: Pick<AttemptRecord, 'verdict' | 'status'>,
  upstreamMs: number,
): number | null {
  if (verdict === 'caller_gone') return null;
  if (verdict === 'outrun' || verdict === 'timeout') return upstreamMs;
  return status === null || verdictClass(verdict) === 'unreachable' ? null : upstreamMs;
}
