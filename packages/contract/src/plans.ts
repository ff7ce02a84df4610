/**
 * Plans and prices (contract section 6), once: the limiter, the ledger, `spec/plans.json` and the documents read them here.
 */

/** Credits of one unit of work: a product request, or one search page. */
export const CREDITS_PER_UNIT = 5;
/** Most credits that one term, budget or order may name: large enough for any plan, small enough for exact arithmetic. */
export const MAX_CREDITS = 1_000_000_000_000;
/** From rest the burst rate lasts this long, in seconds. */
export const BURST_SECONDS = 3;
/** What credits beyond the allowance cost. They never expire. */
export const TOP_UP = { usd: 0.9, requests: 1000, credits: 1000 * CREDITS_PER_UNIT } as const;
/** What so many credits cost, in whole US cents: a part of a cent counts as one. */
export const topUpCents = (credits: number): number =>
  Math.ceil((credits * Math.round(TOP_UP.usd * 100)) / TOP_UP.credits);

interface PlanRow {
  /** Granted at the start of each month; what is left of it expires at the next. */
  readonly allowance: { readonly requests: number; readonly credits: number };
  /** US dollars a month. */
  readonly price: { readonly usd_from: number; readonly usd_to: number };
  /** Sustained requests a second and key. */
  readonly rps: number;
  /** Requests a second and key that the bucket lasts `BURST_SECONDS` for. */
  readonly burst_rps: number;
  /** Product and search requests in flight, per key. */
  readonly concurrency: number;
  /** Whether `country` may be asked for. */
  readonly exitCountryOfChoice: boolean;
  /** What is agreed for each workspace, from and to; the figures above are where one starts. Null: the plan is as it stands. */
  readonly agreed: {
    readonly requests: readonly [number, number];
    readonly rps: readonly [number, number];
    readonly concurrency: readonly [number, number];
  } | null;
}

const allowance = (requests: number): PlanRow['allowance'] => ({ requests, credits: requests * CREDITS_PER_UNIT });

export const PLANS = {
  free: {
    allowance: allowance(1_000),
    price: { usd_from: 0, usd_to: 0 },
    rps: 2,
    burst_rps: 10,
    concurrency: 50,
    exitCountryOfChoice: false,
    agreed: null,
  },
  vibe: {
    allowance: allowance(27_000),
    price: { usd_from: 19, usd_to: 19 },
    rps: 10,
    burst_rps: 40,
    concurrency: 100,
    exitCountryOfChoice: true,
    agreed: null,
  },
  pro: {
    allowance: allowance(82_000),
    price: { usd_from: 49, usd_to: 49 },
    rps: 25,
    burst_rps: 60,
    concurrency: 200,
    exitCountryOfChoice: true,
    agreed: null,
  },
  custom: {
    allowance: allowance(0),
    price: { usd_from: 100, usd_to: 2_000 },
    rps: 50,
    burst_rps: 100,
    concurrency: 300,
    exitCountryOfChoice: true,
    agreed: { requests: [200_000, 4_000_000], rps: [50, 500], concurrency: [300, 1_000] },
  },
} as const satisfies Record<string, PlanRow>;

export type PlanName = keyof typeof PLANS;
export const PLAN_NAMES = Object.keys(PLANS) as [PlanName, ...PlanName[]];
export const planRow = (plan: PlanName): PlanRow => PLANS[plan];

/** The ceilings of one key. */
export interface KeyLimits {
  readonly rps: number;
  readonly burst_rps: number;
  readonly concurrency: number;
}

/** A rate that was set without a burst of its own bursts to at least this many times itself, as on `custom`. */
const BURST_FACTOR = 2;

/** The ceilings that hold: what was set for the workspace, and the plan's figures for the rest. */
export function limitsOf(
  plan: PlanName,
  set: { readonly [K in keyof KeyLimits]?: KeyLimits[K] | undefined },
): KeyLimits {
  const row = planRow(plan);
  const rps = set.rps ?? row.rps;
  const burst = set.rps === undefined ? row.burst_rps : Math.max(row.burst_rps, BURST_FACTOR * rps);
  return { rps, burst_rps: set.burst_rps ?? burst, concurrency: set.concurrency ?? row.concurrency };
}

/**
 * Tokens that the bucket of a key holds when it is full: enough that the burst rate lasts `BURST_SECONDS` from rest while the sustained
 * rate refills it. A burst rate at or below the sustained one leaves a bucket of one.
 */
export function bucketCapacity({ rps, burst_rps }: Pick<KeyLimits, 'rps' | 'burst_rps'>): number {
  return BURST_SECONDS * Math.max(0, burst_rps - rps) + 1;
}
