/** A sign that a place has become free. It is handed on until somebody can use the place, once round the line at most. */
export interface Sign {
  readonly handsLeft: number;
}

/**
 * Those who wait for any of several places that not everybody can use, in order of arrival. Each place that becomes free gives one
 * sign; who gets it tries again, and hands it on when the place is not for them.
 */
export class Turnstile {
  readonly #line = new Set<(sign: Sign) => void>();

  #opened = 0;

  /** How often a place has become free: one who is about to wait tries again when this has changed since it looked. */
  get opened(): number {
    return this.#opened;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Waits for a sign; null when the signal aborts first. Never rejects. */
  wait(signal: AbortSignal): Promise<Sign | null> {
    if (signal.aborted) return Promise.resolve(null);
    return new Promise((resolve) => {
      const onSign = (sign: Sign): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(sign);
      };
      const onAbort = (): void => {
        this.#line.delete(onSign);
        resolve(null);
      };
      this.#line.add(onSign);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** A place has become free. */
  open(): void {
    this.#opened += 1;
    this.handOn({ handsLeft: this.#line.size });
  }

  /** The place is not for the one who got the sign. To be called before waiting again. */
  handOn({ handsLeft }: Sign): void {
    const [next] = this.#line;
    if (next === undefined || handsLeft <= 0) return;
    this.#line.delete(next);
    next({ handsLeft: handsLeft - 1 });
  }
}
