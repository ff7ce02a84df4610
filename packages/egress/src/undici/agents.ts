import type { Agent } from 'undici';

/** One agent per way out: with rotating gateways every session has its own, so those that nobody uses are let go. */
export const AGENT_LIMITS = { idleMs: 60_000, most: 4000 } as const;

interface Kept {
  readonly agent: Agent;
  inUse: number;
  lastUsedAt: number;
}

interface Options {
  readonly make: (key: string) => Agent;
  /** Milliseconds. */
  readonly now: () => number;
  readonly limits?: { readonly idleMs: number; readonly most: number };
}

/** Agents by key. One is destroyed when it has been idle for long, or when there are too many, the longest idle first. */
export class Agents {
  /** The least recently used first. */
  readonly #kept = new Map<string, Kept>();
  readonly #options: Options;
  readonly #limits: { readonly idleMs: number; readonly most: number };

  constructor(options: Options) {
    this.#options = options;
    this.#limits = options.limits ?? AGENT_LIMITS;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** An agent in use until `leave` is called, once. */
  enter(key: string): { readonly agent: Agent; readonly leave: () => void } {
    const kept = this.#kept.get(key) ?? { agent: this.#options.make(key), inUse: 0, lastUsedAt: 0 };
    kept.inUse += 1;
    this.#touch(key, kept);
    this.#sweep();
    return {
      agent: kept.agent,
      leave: () => {
        kept.inUse -= 1;
        if (this.#kept.get(key) === kept) this.#touch(key, kept);
      },
    };
  }

  async destroy(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.all(all.map(({ agent }) => agent.destroy()));
  }

  #touch(key: string, kept: Kept): void {
    kept.lastUsedAt = this.#options.now();
    this.#kept.delete(key);
    this.#kept.set(key, kept);
  }

  #sweep(): void {
    const idleSince = this.#options.now() - this.#limits.idleMs;
    for (const [key, { agent, inUse, lastUsedAt }] of this.#kept) {
      if (lastUsedAt > idleSince && this.#kept.size <= this.#limits.most) return;
      if (inUse > 0) continue;
      this.#kept.delete(key);
      // Nothing is in flight on it: only idle sockets end.
      void agent.destroy();
    }
  }
}
