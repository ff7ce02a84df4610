import type { Verdict } from '@asa/contract';

/** A proxy that fails is left alone for this long, twice as long at each further failure in a row, up to the most. */
const FIRST_COOLING_MS = 5000;
const MOST_COOLING_MS = 300_000;

/** Which exits are left alone because their proxy failed. One that carries an answer again is as good as new. */
export class ExitHealth {
  readonly #failing = new Map<string, { readonly failures: number; readonly until: number }>();

  /** Notes what an attempt through an exit brought. */
  note(exitId: string, verdict: Verdict, now: number): void {
    if (verdict === 'proxy') {
      const failures = (this.#failing.get(exitId)?.failures ?? 0) + 1;
      const ms = Math.min(MOST_COOLING_MS, FIRST_COOLING_MS * 2 ** (failures - 1));
      this.#failing.set(exitId, { failures, until: now + ms });
      return;
    }
    // These say nothing about the proxy: they may be its fault or the target's.
    if (verdict !== 'timeout' && verdict !== 'connection' && verdict !== 'tls') this.#failing.delete(exitId);
  }

  /** When its time alone ends, or 0 when it is not left alone. */
  coolingUntil(exitId: string, now: number): number {
    const until = this.#failing.get(exitId)?.until ?? 0;
    return until > now ? until : 0;
  }

  cooling(now: number): string[] {
    return [...this.#failing].filter(([, { until }]) => until > now).map(([id]) => id);
  }

  /** Forgets the exits that are not configured any more. */
  forget(): void {
    this.#failing.clear();
  }
}
