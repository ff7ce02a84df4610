import type { Clock } from '../../src/policy/gate.ts';

/** A small seeded generator (mulberry32), so that a simulation is the same on every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Time that passes only when it is told to: what was asked for at a later time happens in its order. */
export class SimulatedTime implements Clock {
  readonly random: () => number;
  readonly now = (): number => this.#now;
  #now: number;
  #serial = 0;
  readonly #events: { at: number; serial: number; happens: () => void }[] = [];

  constructor(seed: number, start = 1_000_000) {
    this.random = seeded(seed);
    this.#now = start;
  }

  readonly after = (ms: number, then: () => void): (() => void) => {
    const event = { at: this.#now + ms, serial: (this.#serial += 1), happens: then };
    // Kept sorted, the next one last.
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#events[middle];
      if (other !== undefined && (other.at > event.at || (other.at === event.at && other.serial > event.serial))) {
        low = middle + 1;
      } else high = middle;
    }
    this.#events.splice(low, 0, event);
    return () => {
      event.happens = () => {};
    };
  };

  /** Lets so much time pass, and what is due in it happen. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#events.at(-1);
      if (next === undefined || next.at > end) break;
      this.#events.pop();
      this.#now = Math.max(this.#now, next.at);
      next.happens();
      await settle();
    }
    this.#now = end;
  }
}

/** Lets what waits for a resolved promise go on, as many steps as the code under test has between two waits. */
async function settle(): Promise<void> {
  for (let i = 0; i < 6; i += 1) await Promise.resolve();
}
