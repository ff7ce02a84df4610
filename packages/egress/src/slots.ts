/** Leaves the slot; a second call does nothing. */
export type Leave = () => void;

/**
 * A hard cap on work that runs at once, with a bounded queue in order of arrival. One that is aborted while it waits leaves
 * the queue at once.
 */
export class Slots {
  readonly #max: number;
  readonly #maxWaiting: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(max: number, maxWaiting: number) {
    this.#max = max;
    this.#maxWaiting = maxWaiting;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get isFull(): boolean {
    return this.#taken >= this.#max;
  }

  /** A slot if one is free now. */
  tryEnter(): Leave | 'full' {
    if (this.isFull) return 'full';
    this.#taken += 1;
    return this.#leave();
  }

  /** A slot, or `full` when the queue is, or `aborted` when the signal fires first. Never rejects. */
  async enter(signal: AbortSignal): Promise<Leave | 'full' | 'aborted'> {
    if (signal.aborted) return 'aborted';
    const free = this.tryEnter();
    if (free !== 'full') return free;
    if (this.#waiting.size >= this.#maxWaiting) return 'full';
    return new Promise((resolve) => {
      const onTurn = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(this.#leave());
      };
      const onAbort = (): void => {
        this.#waiting.delete(onTurn);
        resolve('aborted');
      };
      this.#waiting.add(onTurn);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #leave(): Leave {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const [next] = this.#waiting;
      if (next === undefined) {
        this.#taken -= 1;
        return;
      }
      // The slot goes from hand to hand, so that nobody who comes later gets in between.
      this.#waiting.delete(next);
      next();
    };
  }
}
