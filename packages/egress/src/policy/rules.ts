/** Every number of the politeness, the circuit breaker and the hedging, in one visible block. */

export interface PaceRules {
  /** The rate of an exit never falls below this, in requests a second. */
  readonly leastPerSecond: number;
  /** Where an exit that nothing has limited yet begins at least when it is first told to be slower. */
  readonly firstPerSecond: number;
  /** Passes that make up for one block page: targets show one now and then, whatever the rate. A 429 or 503 is always heard. */
  readonly passesPerBlock: number;
  /** A block page after so many passes without one, at less than this share of the rate last found too high, is not about the rate. */
  readonly lonePasses: number;
  readonly wellBelow: number;
  /** What a soft block makes of the rate of an exit that has known a good rate. */
  readonly decrease: number;
  /** What it makes of one that has not: the first guesses are far off. */
  readonly firstDecrease: number;
  /** A soft block after so many passes is a new one; one before belongs to the same episode. */
  readonly calmPasses: number;
  /** What each further block of one episode makes of the rate that was last known to be too high. */
  readonly doubt: number;
  /** The rate climbs back from a decrease to where it was blocked in so many passes, and each time again doubles the step. */
  readonly climbPasses: number;
  /** It does so in no less than this many seconds: what is sent before a block is known must not be much too fast. */
  readonly climbSeconds: number;
  /** Passes in which it comes back near that rate after an episode took it far below, or grows e-fold while none is known. */
  readonly recoverPasses: number;
  /** The time between two requests of a paced exit varies by this share to both sides. */
  readonly jitter: number;
  /** A `Retry-After` of the target holds its exit at most this long, in ms; a longer one is asked again then. */
  readonly mostHoldMs: number;
  /** All requests a second of one process, whatever the marketplace and the exit; as many may come at once after a quiet second. */
  readonly totalPerSecond: number;
  /** Pairs of marketplace and exit that are remembered; those used longest ago are forgotten first. */
  readonly mostKeys: number;
}

export const PACE_RULES: PaceRules = {
  leastPerSecond: 1,
  firstPerSecond: 10,
  passesPerBlock: 150,
  lonePasses: 15,
  wellBelow: 0.95,
  decrease: 0.85,
  firstDecrease: 0.5,
  calmPasses: 50,
  doubt: 0.9,
  climbPasses: 400,
  climbSeconds: 60,
  recoverPasses: 20,
  jitter: 0.25,
  mostHoldMs: 600_000,
  totalPerSecond: 2000,
  mostKeys: 10_000,
};

export interface BreakerRules {
  /** Outcomes older than this are forgotten, in ms. */
  readonly windowMs: number;
  /** Parts of the window that are forgotten at once. */
  readonly parts: number;
  /** Fewer outcomes in the window than this say nothing. */
  readonly leastOutcomes: number;
  /** Share of bad ones that opens it. */
  readonly openShare: number;
  /** How long it is open the first time, in ms; each time in a row twice as long, up to the most. */
  readonly firstOpenMs: number;
  readonly mostOpenMs: number;
  /** Good probes in a row that close it. */
  readonly probes: number;
  /** A probe that has said nothing for this long is given up, in ms. */
  readonly probeMs: number;
  /** Pairs of marketplace and tier that are remembered. */
  readonly mostKeys: number;
}

export const BREAKER_RULES: BreakerRules = {
  windowMs: 60_000,
  parts: 6,
  leastOutcomes: 10,
  openShare: 0.5,
  firstOpenMs: 15_000,
  mostOpenMs: 600_000,
  probes: 2,
  probeMs: 60_000,
  mostKeys: 1000,
};

export interface HedgeRules {
  /** Times of the last attempts that the p95 is taken from. */
  readonly samples: number;
  /** With fewer than this nothing is hedged. */
  readonly leastSamples: number;
  /** The quantile that an attempt must be slower than. */
  readonly quantile: number;
}

export const HEDGE_RULES: HedgeRules = { samples: 200, leastSamples: 40, quantile: 0.95 };
