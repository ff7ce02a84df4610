import { verdictClass, type Verdict } from '@asa/contract';

/** A proxy that fails is left alone for this long, twice as long at each further failure in a row, up to the most. */
const FIRST_COOLING_MS = 5000;
const MOST_COOLING_MS = 300_000;
/** Attempts in a row that end without an answer, be it the proxy's fault or the target's, count as a failure of the proxy. */
const SUSPICIONS = 3;

interface Trouble {
  readonly failures: number;
  readonly suspicions: number;
  readonly until: number;
}

const NONE: Trouble = { failures: 0, suspicions: 0, until: 0 };

/** Which exits are left alone because their proxy failed. One that carries an answer again is as good as new. */
export class ExitHealth {
  readonly #troubles = new Map<string, Trouble>();

  /** Notes what an attempt through the proxy of an exit brought. */
  note(exitId: string, verdict: Verdict, now: number): void {
    const { failures, suspicions, until } = this.#troubles.get(exitId) ?? NONE;
    // We cut it ourselves.
    if (verdictClass(verdict) === 'cut') return;
    const isSuspect = verdict === 'timeout' || verdict === 'connection' || verdict === 'tls';
    if (verdict === 'proxy' || (isSuspect && suspicions + 1 >= SUSPICIONS)) {
      const ms = Math.min(MOST_COOLING_MS, FIRST_COOLING_MS * 2 ** failures);
      this.#troubles.set(exitId, { failures: failures + 1, suspicions: 0, until: now + ms });
    } else if (isSuspect) this.#troubles.set(exitId, { failures, suspicions: suspicions + 1, until });
    else this.#troubles.delete(exitId);
  }

  /** When its time alone ends, or 0 when it is not left alone. */
  coolingUntil(exitId: string, now: number): number {
    const until = this.#troubles.get(exitId)?.until ?? 0;
    return until > now ? until : 0;
  }

  cooling(now: number): string[] {
    return [...this.#troubles].filter(([, { until }]) => until > now).map(([id]) => id);
  }

  /** Forgets everything: the exits are others now. */
  forget(): void {
    this.#troubles.clear();
  }
}
