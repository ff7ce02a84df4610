import { verdictClass, type AttemptRecord, type Verdict, type VerdictClass } from '@asa/contract';
import type { BreakerRules } from './rules.ts';

type Outcome = 'good' | 'bad' | null;

/** What an attempt says about its tier at its marketplace. A page of an unknown kind came through all the same. */
const OUTCOMES: Readonly<Record<VerdictClass, Outcome>> = {
  usable: 'good',
  final: 'good',
  blocked: 'bad',
  unreachable: 'bad',
  timeout: 'bad',
  unreadable: null,
  cut: null,
};

/** Answers that came through and were no use: more likely the page's doing than the tier's. */
const NEUTRAL: ReadonlySet<Verdict> = new Set<Verdict>([
  'truncated',
  'not_html',
  'redirect_loop',
  'foreign_redirect',
  'too_large',
  'undecodable',
]);

/** Whether an attempt speaks for or against its tier; null for neither, as when our own time cut it short. Pure. */
export function tierOutcome({ verdict, error }: Pick<AttemptRecord, 'verdict' | 'error'>): Outcome {
  return error === 'budget' || NEUTRAL.has(verdict) ? null : OUTCOMES[verdictClass(verdict)];
}

interface Part {
  /** Number of the part of time: ms since the epoch divided by the length of a part. */
  readonly n: number;
  readonly good: number;
  readonly bad: number;
}

/** The circuit breaker of one tier at one marketplace. */
export interface Breaker {
  readonly parts: readonly Part[];
  /** Null: closed. Else the time at which it may be probed, in ms. */
  readonly probeAt: number | null;
  /** How often in a row it has opened without staying closed. */
  readonly opened: number;
  /** When the probe in flight began, or null. */
  readonly probedAt: number | null;
  /** Good probes in a row. */
  readonly goodProbes: number;
  /** When it last closed, in ms. */
  readonly closedAt: number;
}

/** `probe`: open, and one request may find out whether it works again. */
export type Health = 'closed' | 'open' | 'probe';

export const CLOSED: Breaker = {
  parts: [],
  probeAt: null,
  opened: 0,
  probedAt: null,
  goodProbes: 0,
  closedAt: Number.NEGATIVE_INFINITY,
};

/** How the tier stands. Pure. */
export function health({ probeAt, probedAt }: Breaker, now: number, rules: BreakerRules): Health {
  if (probeAt === null) return 'closed';
  if (now < probeAt) return 'open';
  return probedAt === null || now - probedAt >= rules.probeMs ? 'probe' : 'open';
}

/** Share of the outcomes of the window that were bad, from 0 to 1; 0 without any. Pure. */
export function badShare(breaker: Breaker, now: number, rules: BreakerRules): number {
  const { good, bad } = sum(recent(breaker.parts, now, rules));
  return good + bad === 0 ? 0 : bad / (good + bad);
}

/** A request takes the probe. Pure. */
export const beginProbe = (breaker: Breaker, now: number): Breaker => ({ ...breaker, probedAt: now });

/**
 * An attempt is over. `wasProbe` says whether it held the probe: only a probe closes an open breaker or opens it anew; what was
 * already in flight when it opened, or was sent because there was no other tier, only counts. Pure.
 */
export function onOutcome(
  breaker: Breaker,
  outcome: Outcome,
  wasProbe: boolean,
  now: number,
  rules: BreakerRules,
): Breaker {
  const counted = count(breaker, outcome, now, rules);
  if (counted.probeAt !== null) return wasProbe ? onProbe(counted, outcome, now, rules) : counted;
  if (outcome !== 'bad') return counted;
  const { good, bad } = sum(counted.parts);
  if (good + bad < rules.leastOutcomes || bad / (good + bad) < rules.openShare) return counted;
  // Closed for long enough, it starts anew; else it goes on where it was.
  const before = now - counted.closedAt > rules.mostOpenMs ? 0 : counted.opened;
  return open(counted, before + 1, now, rules);
}

function onProbe(breaker: Breaker, outcome: Outcome, now: number, rules: BreakerRules): Breaker {
  if (outcome === null) return { ...breaker, probedAt: null };
  if (outcome === 'bad') return open(breaker, breaker.opened + 1, now, rules);
  const goodProbes = breaker.goodProbes + 1;
  if (goodProbes < rules.probes) return { ...breaker, goodProbes, probedAt: null };
  // What was bad before is over: it would open it again at the first slip.
  return { ...CLOSED, opened: breaker.opened, closedAt: now };
}

function open(breaker: Breaker, opened: number, now: number, rules: BreakerRules): Breaker {
  const openMs = Math.min(rules.mostOpenMs, rules.firstOpenMs * 2 ** Math.min(opened - 1, 30));
  return { ...breaker, opened, probeAt: now + openMs, probedAt: null, goodProbes: 0 };
}

function count(breaker: Breaker, outcome: Outcome, now: number, rules: BreakerRules): Breaker {
  if (outcome === null) return breaker;
  const n = Math.floor(now / (rules.windowMs / rules.parts));
  const parts = recent(breaker.parts, now, rules);
  const last = parts.at(-1);
  const current = last?.n === n ? last : { n, good: 0, bad: 0 };
  const older = last?.n === n ? parts.slice(0, -1) : parts;
  return { ...breaker, parts: [...older, { ...current, [outcome]: current[outcome] + 1 }] };
}

function recent(parts: readonly Part[], now: number, rules: BreakerRules): readonly Part[] {
  const oldest = Math.floor(now / (rules.windowMs / rules.parts)) - rules.parts + 1;
  return parts[0] !== undefined && parts[0].n < oldest ? parts.filter(({ n }) => n >= oldest) : parts;
}

function sum(parts: readonly Part[]): { good: number; bad: number } {
  return parts.reduce((all, { good, bad }) => ({ good: all.good + good, bad: all.bad + bad }), { good: 0, bad: 0 });
}
