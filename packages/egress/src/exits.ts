import { marketplace, type Domain, type PlanName } from '@asa/contract';
import type { Exit, ExitRow, Tier } from './types.ts';

type Countries = Pick<Tier, 'exitCountries'>;

/** Whether a tier is known to exit in this country. Pure. */
export function exitsIn({ exitCountries }: Countries, country: string): boolean {
  return covers(exitCountries, country);
}

/** Whether the plan may use a tier; a caller without a plan may use all. Pure. */
export function isForPlan({ plans }: Pick<Tier, 'plans'>, plan: PlanName | undefined): boolean {
  return plans === undefined || plan === undefined || plans.includes(plan);
}

/** The ways out of a tier; one that declares none has one without a proxy. Pure. */
export function exitRows(tier: Pick<Tier, 'name' | 'exits' | 'exitCountries'>): readonly [ExitRow, ...ExitRow[]] {
  return tier.exits ?? [{ id: tier.name, countries: tier.exitCountries, proxy: null }];
}

/** The rows that can serve a request: those known to exit in the country asked for, or all. Pure. */
export function rowsFor(rows: readonly ExitRow[], asked: string | null): readonly ExitRow[] {
  return asked === null ? rows : rows.filter(({ countries }) => covers(countries, asked));
}

/** The countries of all rows together: what `hasExit` looks at. Pure. */
export function countriesOf(rows: readonly ExitRow[]): Tier['exitCountries'] {
  if (rows.some(({ countries }) => countries === 'any')) return 'any';
  const known = rows.flatMap(({ countries }) => (countries === 'any' ? [] : (countries ?? [])));
  return known.length === 0 ? null : [...new Set(known)];
}

interface Opening {
  readonly domain: Domain;
  /** Country asked for, or null. */
  readonly asked: string | null;
  /** Id of the session that will keep to it: letters and digits. */
  readonly sessionId: string;
  /** From 0 to under 1. */
  readonly random: () => number;
}

/**
 * One way out of a row. Nobody asked for a country: a gateway that wants one is asked for the marketplace's own, where its
 * shoppers are, or for any of those it has. Pure.
 */
export function openExit(row: ExitRow, { domain, asked, sessionId, random }: Opening): Exit {
  const country = asked ?? unasked(row, domain, random);
  const several = row.countries === 'any' || (row.countries?.length ?? 0) > 1;
  return {
    id: several && country !== null ? `${row.id}/${country}` : row.id,
    country,
    proxy: row.proxy === null ? null : fill(row.proxy, { country: country ?? '', session: sessionId }),
  };
}

function unasked({ countries, proxy }: ExitRow, domain: Domain, random: () => number): string | null {
  const [only, ...others] = countries === 'any' ? [] : (countries ?? []);
  if (only !== undefined && others.length === 0) return only;
  if (proxy === null || !/\{country\}/i.test(proxy)) return null;
  const home = marketplace(domain).country;
  if (countries === null || covers(countries, home)) return home;
  return countries === 'any' ? home : (countries[Math.floor(random() * countries.length)] ?? null);
}

/** Gateways name countries in lower case, a few in upper case: `{country}` and `{COUNTRY}`. */
function fill(template: string, { country, session }: { readonly country: string; readonly session: string }): string {
  return template
    .replaceAll('{country}', country.toLowerCase())
    .replaceAll('{COUNTRY}', country)
    .replaceAll('{session}', session);
}

const covers = (countries: Tier['exitCountries'], country: string): boolean =>
  countries === 'any' || (countries?.includes(country) ?? false);
