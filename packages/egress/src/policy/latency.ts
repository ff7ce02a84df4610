import type { HedgeRules } from './rules.ts';

/** The times of the last attempts, and the quantile of them that hedging waits for. */
export class Latency {
  readonly #rules: HedgeRules;
  readonly #ring: number[] = [];
  #next = 0;
  #quantile: number | null = null;
  #stale = 0;

  constructor(rules: HedgeRules) {
    this.#rules = rules;
  }

  /**
   * Takes a time, in ms. Attempts that were given up count with the time they had taken: left out, the slow ones would be
   * missing, the quantile would sink, and more and more would be hedged.
   */
  add(ms: number): void {
    this.#ring[this.#next] = ms;
    this.#next = (this.#next + 1) % this.#rules.samples;
    this.#stale += 1;
  }

  /** The quantile, in ms, or null while too little is known. */
  get quantile(): number | null {
    const { leastSamples, quantile } = this.#rules;
    if (this.#ring.length < leastSamples) return null;
    // Sorting for each of thousands of requests a second would cost more than it tells: every few times are near enough.
    if (this.#quantile === null || this.#stale >= leastSamples / 4) {
      const sorted = this.#ring.toSorted((a, b) => a - b);
      this.#quantile = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * quantile) - 1)] ?? null;
      this.#stale = 0;
    }
    return this.#quantile;
  }
}
