import { exitRows } from '../exits.ts';
import type { ExitRow, Tier } from '../types.ts';

/** The exits of one tier as settings: a session made for other settings is not used with these. */
export interface Origins {
  readonly names: ReadonlySet<string>;
  readonly of: (row: ExitRow) => string;
}

const known = new WeakMap<Tier, Origins>();

/** Computed once for a tier, because a list of proxies may be long. */
export function originsOf(tier: Tier): Origins {
  const found = known.get(tier);
  if (found !== undefined) return found;
  const fingerprints = tier.transport.fingerprints ?? [];
  const of = (row: ExitRow): string => JSON.stringify([row.id, row.proxy, row.countries, fingerprints]);
  const origins: Origins = { names: new Set(exitRows(tier).map(of)), of };
  known.set(tier, origins);
  return origins;
}
