import { hash, timingSafeEqual } from 'node:crypto';
import { parseKey, planRow, type AutoTopUp, type KeyMode, type PlanName } from '@asa/contract';
import type { Store } from '@asa/store';
import type { Context, Principal } from '../types.ts';
import { createCache } from './cache.ts';
import { createGuesses } from './guesses.ts';
import { limitsOfRow } from '../workspaces/row.ts';

export type Identified =
  | { readonly status: 'ok'; readonly principal: Principal }
  | { readonly status: 'unknown' | 'malformed' | 'revoked' }
  /** Its address tried too many keys that there are not; whether this is one was not looked up. */
  | { readonly status: 'throttled'; readonly retryAfterSeconds: number };

export interface Identifier {
  /** Answers at once when nothing has to be looked up. */
  identify: (raw: string, address?: string | null) => Identified | Promise<Identified>;
  /** How a key stands that was recognised earlier, by its short prefix: for work that goes on after its request. */
  standing: (shortPrefix: string) => Promise<Identified>;
  /** Keys, plans or ceilings changed: from now on they are read anew. */
  forget: () => void;
}

const CACHED_KEYS = 10_000;
/** A revocation or a change made on another node is seen after at most this long; the contract allows 30 s. */
const CACHE_MS = 10_000;

/** Short prefixes that are remembered: of keys that were recognised, and of those that there are not. */
const REMEMBERED = 10_000;

interface KnownKey {
  readonly hash: Buffer;
  /** From then on it is revoked; infinity: it is not. Milliseconds. */
  readonly revokedFrom: number;
  readonly principal: Principal;
}

export const hashOf = (key: string): Buffer => hash('sha256', key, 'buffer');

const scratch = Buffer.alloc(32);
/** A new buffer for each hash would cost more than the hash. */
function hasHash(key: string, expected: Buffer): boolean {
  scratch.write(hash('sha256', key, 'hex'), 'hex');
  return timingSafeEqual(scratch, expected);
}

/**
 * Recognises keys. They are looked up by their public short prefix and recognised by the hash of the whole, compared in constant time. Whoever
 * tries many keys that there are not waits (see `Guesses`), whether the next one is right or not: 429 then, as 401 would not be true of a
 * right one. Keys that were recognised by this process before are never made to wait.
 * @param onUse is called for each key that is recognised, with the time.
 */
export function createIdentifier(
  store: Store,
  { now }: Pick<Context, 'now'>,
  onUse: (keyId: string, at: number) => void,
): Identifier {
  const cache = createCache<KnownKey>({ size: CACHED_KEYS, ttlMs: CACHE_MS, now });
  const guesses = createGuesses(now);
  const recognised = new Remembered(REMEMBERED);
  /** Nobody can be given a key that somebody tried before: what there is not, there will not be. */
  const missing = new Remembered(REMEMBERED);

  /** What is known without looking up: the key; null, there is none; undefined, nothing. */
  const find = (prefix: string): KnownKey | null | undefined =>
    cache.get(prefix) ?? (missing.has(prefix) ? null : undefined);

  /** The key; or null, there is none; or the seconds to wait. */
  const lookUp = async (prefix: string, address: string | null): Promise<KnownKey | null | number> => {
    // Whoever asks while it is being looked up shares that look-up: one is counted, however many requests a client begins with.
    const isCounted = !recognised.has(prefix) && !cache.isLoading(prefix);
    const counted = isCounted ? address : null;
    const wait = counted === null ? 0 : guesses.take(counted);
    if (wait > 0) return wait;
    const known = await cache.read(prefix, () => load(store, prefix));
    if (known === null) missing.add(prefix);
    else if (counted !== null) guesses.giveBack(counted);
    return known;
  };

  const compare = (raw: string, prefix: string, known: KnownKey | null, address: string | null): Identified => {
    if (known === null) return { status: 'unknown' };
    if (!hasHash(raw, known.hash)) {
      // Somebody knows the prefix, which is no secret, and guesses the rest.
      const wait = address === null ? 0 : guesses.take(address);
      return wait > 0 ? { status: 'throttled', retryAfterSeconds: wait } : { status: 'unknown' };
    }
    recognised.add(prefix);
    const at = now();
    if (known.revokedFrom <= at) return { status: 'revoked' };
    onUse(known.principal.keyId, at);
    return { status: 'ok', principal: known.principal };
  };

  return {
    identify(raw, address = null) {
      const parsed = parseKey(raw);
      if (parsed === null) return { status: 'malformed' };
      const { shortPrefix } = parsed;
      const found = find(shortPrefix);
      if (found !== undefined) return compare(raw, shortPrefix, found, address);
      return lookUp(shortPrefix, address).then((known) =>
        typeof known === 'number'
          ? { status: 'throttled', retryAfterSeconds: known }
          : compare(raw, shortPrefix, known, address),
      );
    },
    async standing(shortPrefix) {
      const known = await cache.read(shortPrefix, () => load(store, shortPrefix));
      if (known === null) return { status: 'unknown' };
      return known.revokedFrom <= now() ? { status: 'revoked' } : { status: 'ok', principal: known.principal };
    },
    forget: cache.clear,
  };
}

/** The texts that were added last. */
class Remembered {
  readonly #texts = new Set<string>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  has(text: string): boolean {
    return this.#texts.has(text);
  }

  add(text: string): void {
    this.#texts.delete(text);
    this.#texts.add(text);
    const oldest = this.#texts.values().next();
    if (this.#texts.size > this.#size && !oldest.done) this.#texts.delete(oldest.value);
  }
}

const LOOK_UP = {
  name: 'accounts_key',
  text: `SELECT k.id, k.workspace_id, k.hash, k.mode, k.line, LEAST(k.revoked_at, k.revokes_at) AS revoked_from,
                w.plan, w.rps, w.burst_rps, w.concurrency, w.auto_top_up,
                EXISTS (SELECT FROM budgets WHERE owner_id IN (w.id, k.line)) AS budgeted
           FROM api_keys k JOIN workspaces w ON w.id = k.workspace_id WHERE k.short_prefix = $1`,
};

interface Row {
  id: string;
  workspace_id: string;
  hash: Buffer;
  mode: KeyMode;
  line: string;
  revoked_from: Date | null;
  plan: PlanName;
  rps: number | null;
  burst_rps: number | null;
  concurrency: number | null;
  auto_top_up: AutoTopUp;
  budgeted: boolean;
}

async function load(store: Store, shortPrefix: string): Promise<KnownKey | null> {
  const { rows } = await store.pool.query<Row>({ ...LOOK_UP, values: [shortPrefix] });
  const [row] = rows;
  if (row === undefined) return null;
  return {
    hash: row.hash,
    revokedFrom: row.revoked_from?.getTime() ?? Number.POSITIVE_INFINITY,
    principal: {
      keyId: row.id,
      workspaceId: row.workspace_id,
      shortPrefix,
      mode: row.mode,
      plan: row.plan,
      limits: limitsOfRow(row),
      exitCountryOfChoice: planRow(row.plan).exitCountryOfChoice,
      line: row.line,
      budgeted: row.budgeted,
      topUpBelow: row.auto_top_up.enabled ? row.auto_top_up.threshold : null,
    },
  };
}
