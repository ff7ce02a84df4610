import type { PlanName } from '@asa/contract';
import { exitsIn, isForPlan } from '../exits.ts';
import type { Health } from '../policy/breaker.ts';
import type { Tier } from '../types.ts';

/** A tier as the ladder sees it, at one moment and for one marketplace. */
export interface TierView {
  readonly name: string;
  /** Default: not known. */
  readonly exitCountries?: Tier['exitCountries'];
  /** Default: all. */
  readonly plans?: readonly PlanName[];
  /** Of its circuit breaker; default: closed. */
  readonly health?: Health;
  /** Share of its recent attempts that went badly, from 0 to 1; default: 0. */
  readonly badShare?: number;
  /** How long the next attempt waits for its turn at the exit that is free first, in ms; default: 0. */
  readonly waitMs?: number;
  /** Whether a fresh session may leave by another exit than the last one did; default: no. */
  readonly hasOtherExits?: boolean;
}

/** Who asks, as far as it decides which tiers may be used. */
export interface Asker {
  /** Null: any plan. */
  readonly plan: PlanName | null;
  /** Exit country asked for, or null. */
  readonly country: string | null;
}

/** Whether a tier may serve this caller. Pure. */
export function mayServe(tier: Pick<TierView, 'exitCountries' | 'plans'>, { plan, country }: Asker): boolean {
  const { exitCountries = null, plans } = tier;
  return (
    isForPlan(plans === undefined ? {} : { plans }, plan ?? undefined) &&
    (country === null || exitsIn({ exitCountries }, country))
  );
}

/** Where the next attempt may go, from the best to the worst. */
interface Wish {
  /** From the cheapest to the dearest; those that may serve the caller. */
  readonly tiers: readonly TierView[];
  /** Index of the tier of the last attempt, or null before the first. */
  readonly from: number | null;
  readonly climb: boolean;
  /** Whether an attempt on this tier can begin while there is time. */
  readonly isInTime: (tier: TierView, index: number) => boolean;
}

/**
 * The tier of the next attempt, or null when none can begin in time. The cheapest that is not left alone by its breaker; after
 * a climb the next dearer one. When the breakers of all are open, the one of which least went badly is used all the same: a
 * request is never left without a tier. Pure.
 */
export function chooseTier({ tiers, from, climb, isInTime }: Wish): TierView | null {
  const inTime = tiers.filter(isInTime);
  const usable = inTime.filter(({ health = 'closed' }) => health !== 'open');
  if (usable.length === 0) {
    const share = ({ badShare = 0 }: TierView): number => badShare;
    return inTime.reduce<TierView | null>(
      (best, tier) => (best === null || share(tier) < share(best) ? tier : best),
      null,
    );
  }
  if (from === null) return usable[0] ?? null;
  const rung = (tier: TierView): number => tiers.indexOf(tier);
  const above = usable.find((tier) => rung(tier) > from) ?? null;
  const same = usable.find((tier) => rung(tier) === from) ?? null;
  const below = usable.findLast((tier) => rung(tier) < from) ?? null;
  return climb ? (above ?? same ?? below) : (same ?? above ?? below);
}
