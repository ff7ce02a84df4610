import type { PaceRules } from './rules.ts';

/** The rate at which one marketplace is asked through one exit. */
export interface Rate {
  /** Requests a second; null while nothing has told us to be slower. */
  readonly perSecond: number | null;
  /** The rate that was last found too high. */
  readonly ceiling: number;
  /** Whether the ceiling was found from below, after many passes; until then it is a guess. */
  readonly proven: boolean;
  /** Passes since the last decrease, of requests that the rate held back. */
  readonly passes: number;
  /** Block pages that do not count, earned by passes; at most one. */
  readonly credit: number;
  /** Passes since the last block of any kind. */
  readonly sinceBlock: number;
  /** When it was last decreased, in ms. */
  readonly decreasedAt: number;
}

export const FREE: Rate = {
  perSecond: null,
  ceiling: 0,
  proven: false,
  passes: 0,
  credit: 1,
  sinceBlock: Number.POSITIVE_INFINITY,
  decreasedAt: Number.NEGATIVE_INFINITY,
};

/**
 * Additive increase: what a request that got through does to the rate. One that the rate did not hold back proves nothing.
 * The step is so small that the few that are blocked at the end of the way up are a fraction of a per cent of it; it doubles each
 * time that way has been gone without a block, so that a target that has become more generous is found out. Far below a rate
 * that was good, and until one is known, the steps are large (the slow start of TCP). Pure.
 */
export function onPass(rate: Rate, wasHeldBack: boolean, rules: PaceRules): Rate {
  const { perSecond } = rate;
  const credit = Math.min(1, rate.credit + 1 / rules.passesPerBlock);
  const sinceBlock = rate.sinceBlock + 1;
  if (perSecond === null || !wasHeldBack) return { ...rate, credit, sinceBlock };
  const faster = Math.min(perSecond + increase(rate, perSecond, rules), rules.totalPerSecond);
  return { ...rate, credit, sinceBlock, passes: rate.passes + 1, perSecond: faster };
}

function increase({ ceiling, proven, passes }: Rate, perSecond: number, rules: PaceRules): number {
  if (!proven) return perSecond / rules.recoverPasses;
  const near = ceiling * rules.decrease;
  if (perSecond < near) return Math.min(near / rules.recoverPasses, near - perSecond);
  const way = Math.max(rules.climbPasses, rules.climbSeconds * ceiling);
  return ((ceiling - near) / way) * 2 ** Math.floor(passes / way);
}

interface SoftBlock {
  /** When the blocked request began, in ms. */
  readonly startedAt: number;
  readonly now: number;
  /** Requests a second that were really sent of late: where an exit begins that nothing has limited yet. */
  readonly observed: number;
  /** Whether the target said that we are too fast (429, 503), rather than showing a block page. */
  readonly isExplicit: boolean;
}

/**
 * Multiplicative decrease: what a soft block does. A request that began before the last decrease was sent at the old rate and
 * says nothing about the present one. Pure.
 */
export function onSoftBlock(rate: Rate, { startedAt, now, observed, isExplicit }: SoftBlock, rules: PaceRules): Rate {
  if (startedAt < rate.decreasedAt) return rate;
  if (!isExplicit && rate.credit >= 1) return { ...rate, credit: rate.credit - 1, sinceBlock: 0 };
  if (!isExplicit && isLone(rate, rules)) return { ...rate, sinceBlock: 0 };
  const begin = Math.min(Math.max(observed, rules.firstPerSecond), rules.totalPerSecond);
  const perSecond = rate.perSecond ?? begin;
  const isNew = rate.perSecond !== null && rate.passes >= (rate.proven ? rules.calmPasses : rules.recoverPasses);
  const proven = rate.proven || isNew;
  const ceiling = isNew || !rate.proven ? perSecond : Math.max(perSecond, rate.ceiling * rules.doubt);
  const factor = proven ? rules.decrease : rules.firstDecrease;
  return {
    ...rate,
    perSecond: Math.max(rules.leastPerSecond, perSecond * factor),
    ceiling,
    proven,
    passes: 0,
    sinceBlock: 0,
    decreasedAt: now,
  };
}

/**
 * Whether a block page is not about the rate: it comes alone, at a rate well below one that was good for long. Without this, a
 * target that blocks one in a hundred whatever the rate would be asked ever more slowly, to no one's good.
 */
const isLone = ({ proven, perSecond, ceiling, sinceBlock }: Rate, rules: PaceRules): boolean =>
  proven && (perSecond ?? 0) < ceiling * rules.wellBelow && sinceBlock >= rules.lonePasses;
