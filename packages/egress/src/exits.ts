import type { Tier } from './types.ts';

type Exits = Pick<Tier, 'exitCountries'>;

/** Whether a tier is known to exit in this country. Pure. */
export function exitsIn({ exitCountries }: Exits, country: string): boolean {
  return exitCountries === 'any' || (exitCountries?.includes(country) ?? false);
}

/** Where an attempt exits, as far as it is known: the country asked for, or the tier's only one. Pure. */
export function exitCountry({ exitCountries }: Exits, asked: string | null): string | null {
  if (asked !== null) return asked;
  const [only, ...others] = Array.isArray(exitCountries) ? (exitCountries as readonly string[]) : [];
  return others.length === 0 ? (only ?? null) : null;
}
