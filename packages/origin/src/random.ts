import { createHash } from 'node:crypto';

/** Chance that is a pure function of a key: the same key gives the same draws on every machine. */
export interface Random {
  /** The next number in [0, 1). */
  next(): number;
  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** True with probability `share`. */
  chance(share: number): boolean;
  /** One of the items; the list must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** `count` different items in drawn order (all of them when there are fewer). */
  sample<T>(items: readonly T[], count: number): T[];
  /** `length` characters of the alphabet. */
  text(alphabet: string, length: number): string;
}

export const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** mulberry32, seeded with the first 32 bits of the SHA-256 of the key. */
export function randomOf(...key: readonly (string | number)[]): Random {
  let state = createHash('sha256').update(key.join('\u0000')).digest().readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(items: readonly T[]): T => {
    const item = items[int(0, items.length - 1)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  };
  return {
    next,
    int,
    chance: (share) => next() < share,
    pick,
    sample<T>(items: readonly T[], count: number): T[] {
      const left = [...items];
      const drawn: T[] = [];
      while (drawn.length < count && left.length > 0) drawn.push(...left.splice(int(0, left.length - 1), 1));
      return drawn;
    },
    text: (alphabet, length) => Array.from({ length }, () => alphabet[int(0, alphabet.length - 1)] ?? '').join(''),
  };
}
