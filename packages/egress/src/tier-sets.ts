import type { Transport } from './transport.ts';
import type { Tier } from './types.ts';

type Tiers = readonly [Tier, ...Tier[]];

interface TierSet {
  readonly tiers: Tiers;
  /** Requests that began with it and are not over. */
  inUse: number;
  replaced: boolean;
}

/** The tiers in force, and those before them that requests still finish on. */
export class TierSets {
  readonly #sets = new Set<TierSet>();
  #current: TierSet;

  /** Throws a RangeError when two tiers have one name. */
  constructor(tiers: Tiers) {
    this.#current = this.#open(tiers);
  }

  get current(): Tiers {
    return this.#current.tiers;
  }

  /** The tiers for one request, which must leave once when it is over. */
  enter(): { readonly tiers: Tiers; readonly leave: () => void } {
    const set = this.#current;
    set.inUse += 1;
    return {
      tiers: set.tiers,
      leave: () => {
        set.inUse -= 1;
        this.#closeIfOver(set);
      },
    };
  }

  /** Puts other tiers in place; the old ones' transports are closed when their last request is over. */
  replace(tiers: Tiers): void {
    const old = this.#current;
    this.#current = this.#open(tiers);
    old.replaced = true;
    this.#closeIfOver(old);
  }

  /** Closes every transport, in use or not. Idempotent. */
  async close(): Promise<void> {
    await closeAll([...this.#sets].flatMap(transportsOf));
  }

  #open(tiers: Tiers): TierSet {
    if (new Set(tiers.map(({ name }) => name)).size < tiers.length) throw new RangeError('two tiers have one name');
    const set: TierSet = { tiers, inUse: 0, replaced: false };
    this.#sets.add(set);
    return set;
  }

  #closeIfOver(set: TierSet): void {
    if (!set.replaced || set.inUse > 0) return;
    this.#sets.delete(set);
    const kept = new Set([...this.#sets].flatMap(transportsOf));
    // A transport that fails to close is a bug; it ends where unhandled ones do.
    void closeAll(transportsOf(set).filter((transport) => !kept.has(transport)));
  }
}

const transportsOf = ({ tiers }: TierSet): Transport[] => [...new Set(tiers.map(({ transport }) => transport))];

async function closeAll(transports: readonly Transport[]): Promise<void> {
  await Promise.all([...new Set(transports)].map((transport) => transport.close()));
}
