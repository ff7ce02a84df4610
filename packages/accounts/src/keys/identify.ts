import { createHash, timingSafeEqual } from 'node:crypto';
import { limitsOf, parseKey, planRow, type KeyMode, type PlanName } from '@asa/contract';
import type { Store } from '@asa/store';
import type { Context, Principal } from '../types.ts';
import { createCache } from './cache.ts';

export type Identified =
  | { readonly status: 'ok'; readonly principal: Principal }
  | { readonly status: 'unknown' | 'malformed' | 'revoked' };

export interface Identifier {
  identify: (raw: string) => Promise<Identified>;
  /** How a key stands that was recognised earlier, by its short prefix: for work that goes on after its request. */
  standing: (shortPrefix: string) => Promise<Identified>;
  /** Keys, plans or ceilings changed: from now on they are read anew. */
  forget: () => void;
}

const CACHED_KEYS = 10_000;
/** A revocation or a change made on another node is seen after at most this long; the contract allows 30 s. */
const CACHE_MS = 10_000;

interface KnownKey {
  readonly hash: Buffer;
  readonly revoked: boolean;
  readonly principal: Principal;
}

export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/**
 * Recognises keys. They are looked up by their public short prefix and recognised by the hash of the whole, compared in constant time.
 * @param onUse is called for each key that is recognised, with the time.
 */
export function createIdentifier(
  store: Store,
  { now }: Pick<Context, 'now'>,
  onUse: (keyId: string, at: number) => void,
): Identifier {
  const cache = createCache<KnownKey>({ size: CACHED_KEYS, ttlMs: CACHE_MS, now });
  return {
    async identify(raw) {
      const parsed = parseKey(raw);
      if (parsed === null) return { status: 'malformed' };
      const { shortPrefix } = parsed;
      const known = await cache.read(shortPrefix, () => load(store, shortPrefix));
      if (known === null || !timingSafeEqual(known.hash, hashOf(raw))) return { status: 'unknown' };
      if (known.revoked) return { status: 'revoked' };
      onUse(known.principal.keyId, now());
      return { status: 'ok', principal: known.principal };
    },
    async standing(shortPrefix) {
      const known = await cache.read(shortPrefix, () => load(store, shortPrefix));
      if (known === null) return { status: 'unknown' };
      return known.revoked ? { status: 'revoked' } : { status: 'ok', principal: known.principal };
    },
    forget: cache.clear,
  };
}

const LOOK_UP = {
  name: 'accounts_key',
  text: `SELECT k.id, k.workspace_id, k.hash, k.mode, k.revoked_at IS NOT NULL AS revoked, w.plan, w.rps, w.burst_rps, w.concurrency
           FROM api_keys k JOIN workspaces w ON w.id = k.workspace_id WHERE k.short_prefix = $1`,
};

interface Row {
  id: string;
  workspace_id: string;
  hash: Buffer;
  mode: KeyMode;
  revoked: boolean;
  plan: PlanName;
  rps: number | null;
  burst_rps: number | null;
  concurrency: number | null;
}

async function load(store: Store, shortPrefix: string): Promise<KnownKey | null> {
  const { rows } = await store.pool.query<Row>({ ...LOOK_UP, values: [shortPrefix] });
  const [row] = rows;
  if (row === undefined) return null;
  return {
    hash: row.hash,
    revoked: row.revoked,
    principal: {
      keyId: row.id,
      workspaceId: row.workspace_id,
      shortPrefix,
      mode: row.mode,
      plan: row.plan,
      limits: limitsOf(row.plan, {
        rps: row.rps ?? undefined,
        burst_rps: row.burst_rps ?? undefined,
        concurrency: row.concurrency ?? undefined,
      }),
      exitCountryOfChoice: planRow(row.plan).exitCountryOfChoice,
    },
  };
}
