/** Time and chance as a gate needs them. */
export interface Clock {
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** From 0 to under 1. */
  readonly random: () => number;
  /** Calls `then` after so many ms; returns what calls it off. */
  readonly after: (ms: number, then: () => void) => () => void;
}

interface GateOptions extends Clock {
  /** Time between two entries, in ms; 0: none. Asked for at each entry, so that it may change. */
  readonly spacingMs: () => number;
  /** Entries that were not used may be made up for, up to this much time, in ms. */
  readonly burstMs: number;
  /** The spacing varies by this share to both sides. */
  readonly jitter: number;
}

/** How a wait ended: `late` when the turn would come, or has moved, past the latest time. */
export type Entry = 'at_once' | 'after_wait' | 'late' | 'aborted';

interface Waiting {
  readonly latestAt: number;
  readonly end: (entry: Entry) => void;
}

/**
 * Lets requests through one after another, so much time apart, in order of arrival. A wait that cannot end in time is refused at
 * once, so the line is as long as the time its members have.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #line = new Set<Waiting>();
  #nextAt = Number.NEGATIVE_INFINITY;
  #heldUntil = Number.NEGATIVE_INFINITY;
  #calledOff: (() => void) | null = null;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** How long nobody is let through, in ms. */
  get heldForMs(): number {
    return Math.max(0, this.#heldUntil - this.#options.now());
  }

  /** How long one who came now would wait, in ms, as far as it can be told. */
  get waitMs(): number {
    return Math.max(0, this.#opensAt() - this.#options.now()) + this.#line.size * this.#options.spacingMs();
  }

  /** Waits for a turn that comes by `latestAt` (ms). Never rejects. */
  async enter(signal: AbortSignal, latestAt: number): Promise<Entry> {
    const { now } = this.#options;
    if (signal.aborted) return 'aborted';
    const waitMs = this.waitMs;
    if (waitMs === 0) {
      this.#pass();
      return 'at_once';
    }
    if (now() + waitMs > latestAt) return 'late';
    return new Promise((resolve) => {
      const onAbort = (): void => waiting.end('aborted');
      const waiting: Waiting = {
        latestAt,
        end: (entry) => {
          this.#line.delete(waiting);
          signal.removeEventListener('abort', onAbort);
          resolve(entry);
          if (this.#line.size === 0) this.#disarm();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#line.add(waiting);
      if (this.#line.size === 1) this.#arm();
    });
  }

  /** Lets nobody through until then, in ms. A hold is never shortened. */
  hold(until: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, until);
    this.slower();
  }

  /** The spacing has grown: those whose turn would now come too late are told, and the others wait on. */
  slower(): void {
    if (this.#line.size === 0) return;
    const spacingMs = this.#options.spacingMs();
    let turnAt = Math.max(this.#opensAt(), this.#options.now());
    for (const waiting of this.#line) {
      if (turnAt > waiting.latestAt) waiting.end('late');
      else turnAt += spacingMs;
    }
    if (this.#line.size > 0) this.#arm();
  }

  #opensAt(): number {
    return Math.max(this.#nextAt - this.#options.burstMs, this.#heldUntil);
  }

  #pass(): void {
    const { now, random, spacingMs, jitter } = this.#options;
    this.#nextAt = Math.max(this.#nextAt, now()) + spacingMs() * (1 + jitter * (2 * random() - 1));
  }

  #arm(): void {
    this.#disarm();
    const ms = Math.max(0, Math.ceil(this.#opensAt() - this.#options.now()));
    this.#calledOff = this.#options.after(ms, () => {
      this.#calledOff = null;
      for (const waiting of this.#line) {
        if (this.#opensAt() > this.#options.now()) break;
        this.#pass();
        waiting.end('after_wait');
      }
      if (this.#line.size > 0) this.#arm();
    });
  }

  #disarm(): void {
    this.#calledOff?.();
    this.#calledOff = null;
  }
}
