import { isIPv6 } from 'node:net';

/**
 * Guessing of keys is made slow by where it comes from. Each key that was never seen here costs a look-up in the database; an address may
 * have `BURST` of them that find nothing at once, and then one every `EVERY_MS`.
 */
export interface Guesses {
  /** Takes one look-up of an address. Answers 0, or the seconds to wait when there is none. */
  take: (address: string) => number;
  /** The look-up found a key: it was no guess. */
  giveBack: (address: string) => void;
  /** How many addresses are being remembered. */
  size: () => number;
}

const BURST = 100;
const EVERY_MS = 1000;
/** Beyond this the address that was quiet longest is forgotten: then it has its burst again, which is little. */
const REMEMBERED = 10_000;

export function createGuesses(now: () => number): Guesses {
  // In the order of the last look-up. `used`: look-ups that were taken and have not come back yet.
  const groups = new Map<string, { used: number; at: number }>();

  const current = (group: string): { used: number; at: number } => {
    const at = now();
    const known = groups.get(group);
    if (known === undefined) return { used: 0, at };
    const elapsed = Math.max(0, at - known.at);
    return { used: Math.max(0, known.used - elapsed / EVERY_MS), at };
  };
  const keep = (group: string, state: { used: number; at: number }): void => {
    groups.delete(group);
    if (state.used > 0) groups.set(group, state);
    const oldest = groups.keys().next();
    if (groups.size > REMEMBERED && !oldest.done) groups.delete(oldest.value);
  };

  return {
    take(address) {
      const group = addressGroup(address);
      const { used, at } = current(group);
      if (used + 1 > BURST) return Math.max(1, Math.ceil(((used + 1 - BURST) * EVERY_MS) / 1000));
      keep(group, { used: used + 1, at });
      return 0;
    },
    giveBack(address) {
      const group = addressGroup(address);
      const { used, at } = current(group);
      keep(group, { used: Math.max(0, used - 1), at });
    },
    size: () => groups.size,
  };
}

/** What counts as one address: an IPv4 address, also one written as IPv6; of IPv6 the network of 64 bits, which one customer has whole. */
export function addressGroup(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^(?:0*:)*(?::|0*:)?ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  const words = [...before, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...after];
  return `${words
    .slice(0, 4)
    .map((word) => Number.parseInt(word, 16).toString(16))
    .join(':')}::/64`;
}
