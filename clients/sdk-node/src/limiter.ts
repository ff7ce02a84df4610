import { gauge } from './meta.ts';
import type { Clock } from './options.ts';

/** Ceilings to begin with, before an answer has told the real ones. */
export interface LimiterOptions {
  /** Requests in flight. Default 10. */
  readonly concurrency?: number;
  /** Requests a second. Default: no ceiling until one is known. */
  readonly rps?: number;
}

interface Bucket {
  /** Tokens a second. */
  rate: number;
  capacity: number;
  tokens: number;
  at: number;
}

/** Keeps a client below the ceilings of its key, in the order in which requests come. */
export class Limiter {
  #concurrency: number;
  #inFlight = 0;
  #bucket: Bucket | null;
  /** Nothing is sent before this time. */
  #heldUntil = 0;
  readonly #waiting: Array<() => void> = [];
  readonly #clock: Clock;
  /** The rate is kept in the order of arrival: each waits for the one before. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, { concurrency = 10, rps }: LimiterOptions = {}) {
    this.#clock = clock;
    this.#concurrency = concurrency;
    this.#bucket = rps === undefined ? null : { rate: rps, capacity: rps, tokens: rps, at: clock.now() };
  }

  /** The ceilings as far as they are known. */
  get ceilings(): { readonly concurrency: number; readonly rps: number | null } {
    return { concurrency: this.#concurrency, rps: this.#bucket?.rate ?? null };
  }

  /**
   * Waits for a place and for the rate. The answer gives the place back; call it once.
   * @throws the signal's reason when the caller gives up meanwhile
   */
  async enter(takesPlace: boolean, signal: AbortSignal | undefined): Promise<() => void> {
    if (takesPlace) await this.#place(signal);
    let isIn = takesPlace;
    const leave = (): void => {
      if (!isIn) return;
      isIn = false;
      this.#inFlight -= 1;
      this.#wake();
    };
    const mine = this.#turn.then(() => this.#token(signal));
    this.#turn = mine.catch(() => undefined); // Whoever gave up does not stop the ones behind.
    try {
      await mine;
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  async #place(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#inFlight < this.#concurrency) {
      this.#inFlight += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(signal?.reason as Error);
      };
      this.#waiting.push(go);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  #wake(): void {
    while (this.#inFlight < this.#concurrency) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#inFlight += 1;
      next();
    }
  }

  async #token(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const waitMs = this.#waitMs(this.#clock.now());
      if (waitMs <= 0) break;
      await this.#clock.sleep(waitMs, signal);
    }
    if (this.#bucket !== null) this.#bucket.tokens -= 1;
  }

  #waitMs(now: number): number {
    const held = this.#heldUntil - now;
    const bucket = this.#bucket;
    if (bucket === null) return held;
    bucket.tokens = Math.min(bucket.capacity, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * bucket.rate);
    bucket.at = now;
    // A thousandth of a token more than none, so that rounding cannot make it wait for ever.
    return Math.max(held, bucket.tokens >= 0.999 ? 0 : ((1 - bucket.tokens) / bucket.rate) * 1000);
  }

  /** Learns the ceilings from the headers of an answer, and holds everything back after a 429 for as long as it says. */
  learn(status: number, headers: Headers, retryAfterMs: number | null): void {
    const places = gauge(headers.get('asa-concurrency'));
    if (places !== null && places.ceiling > 0) {
      this.#concurrency = places.ceiling;
      this.#wake();
    }
    const now = this.#clock.now();
    const rate = gauge(headers.get('asa-rps'))?.ceiling;
    if (rate !== undefined && rate > 0) {
      const capacity = parameter(headers.get('ratelimit-policy'), 'q') ?? rate;
      // Others may use the key, too: what the service says is left counts.
      const left = parameter(headers.get('ratelimit'), 'r') ?? capacity;
      this.#waitMs(now);
      const mine = this.#bucket?.tokens ?? left;
      this.#bucket = { rate, capacity, tokens: Math.min(mine, left, capacity), at: now };
    }
    if (status === 429 && retryAfterMs !== null) this.#heldUntil = Math.max(this.#heldUntil, now + retryAfterMs);
  }
}

/** A whole-number parameter of the first item of a `RateLimit` field: `"key";r=105;t=1`. */
function parameter(field: string | null, name: string): number | null {
  const found = new RegExp(`;\\s*${name}=(\\d{1,9})(?:;|,|$)`).exec(field ?? '')?.[1];
  return found === undefined ? null : Number(found);
}
