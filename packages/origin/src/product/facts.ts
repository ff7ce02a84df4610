import { marketplace, type Domain } from '@asa/contract';
import { randomOf, ALPHANUMERIC, type Random } from '../random.ts';
import { minorDigits } from '../words/money.ts';
import { THING_NAMES, type Thing } from '../words/vocabulary/index.ts';
import { BRANDS, PER_DOLLAR, PRICE_RANGE, SELLERS } from './catalogue.ts';
import { familyOf, type Family } from './identity.ts';
import { workOf, type WorkKind } from './works.ts';

/** What is true of a product whatever language its page is in. Pure function of marketplace and ASIN. */

/** States of an offer; what each means for the page is in `states.ts`. */
export type State =
  | 'in_stock'
  | 'low_stock'
  | 'preorder'
  | 'backorder'
  | 'out_of_stock'
  | 'unavailable'
  | 'no_offer'
  | 'not_deliverable'
  | 'hidden_in_cart'
  | 'select_variant';

const STATE_SHARES: readonly (readonly [State, number])[] = [
  ['in_stock', 0.74],
  ['low_stock', 0.09],
  ['preorder', 0.02],
  ['backorder', 0.03],
  ['out_of_stock', 0.03],
  ['unavailable', 0.04],
  ['no_offer', 0.03],
  ['not_deliverable', 0.02],
];

export interface Seller {
  readonly name: string;
  /** Null for the marketplace itself, whose name is no link. */
  readonly id: string | null;
  readonly shipsFrom: string;
  readonly fulfilledByAmazon: boolean;
}

export type StrikeKind = 'listPrice' | 'rrp' | 'typicalPrice' | 'wasPrice';

export interface Facts {
  readonly kind: 'physical' | WorkKind;
  /** Null for a work. */
  readonly thing: Thing | null;
  readonly family: Family | null;
  /** Index among the family's members, 0 without one. */
  readonly member: number;
  readonly brand: string;
  readonly model: string;
  readonly state: State;
  readonly stockLeft: number;
  /** In major units, exact to the currency's decimals. */
  readonly price: number;
  readonly strike: { readonly kind: StrikeKind; readonly price: number } | null;
  readonly seller: Seller;
  /** Null: nobody has rated it. */
  readonly rating: { readonly stars: number; readonly count: number; readonly histogram: readonly number[] } | null;
  readonly imageIds: readonly string[];
  readonly color: number;
}

/** The generator of everything that variations share. */
export const familyRandom = (domain: Domain, asin: string, topic: string): Random =>
  randomOf('family', topic, domain, familyOf(asin)?.parent ?? asin);

/** The generator of what is a product's own. */
export const ownRandom = (domain: Domain, asin: string, topic: string): Random => randomOf('own', topic, domain, asin);

export function factsOf(domain: Domain, asin: string): Facts {
  const shared = familyRandom(domain, asin, 'facts');
  const own = ownRandom(domain, asin, 'facts');
  const kind = workOf(asin) ?? 'physical';
  const thing = kind === 'physical' ? shared.pick(THING_NAMES) : null;
  const brand = shared.pick(BRANDS);
  const model = `${shared.text('ABCDEFGHKMNPRSTVXZ', 2)}-${shared.int(100, 9999)}`;
  const rating = shared.chance(0.93) ? ratingOf(shared) : null;
  const varies = shared.chance(0.55) && thing !== 'kettle' && thing !== null;
  const family = varies ? familyOf(asin) : null;

  const { currency } = marketplace(domain);
  const state = stateOf(asin, own);
  const dollars = dollarsOf(own, PRICE_RANGE[thing ?? 'book']);
  const price = roundPrice(dollars * (PER_DOLLAR[currency] ?? 1), currency, own);
  const strike = own.chance(0.45)
    ? {
        kind: own.pick(['listPrice', 'rrp', 'typicalPrice', 'wasPrice'] as const),
        price: roundPrice(price * (1.08 + own.next() * 0.6), currency, own),
      }
    : null;
  return {
    kind,
    thing,
    family,
    member: family?.members.indexOf(asin) ?? 0,
    brand,
    model,
    state,
    stockLeft: own.int(1, 18),
    price,
    strike: strike !== null && strike.price > price ? strike : null,
    seller: sellerOf(domain, own),
    rating,
    imageIds: Array.from({ length: own.int(thing === null ? 1 : 3, thing === null ? 2 : 8) }, () => imageId(own)),
    color: own.int(0, 5),
  };
}

/** States that only ASINs with these beginnings have. */
const BY_START: Readonly<Record<string, State>> = { BC: 'hidden_in_cart', BR: 'select_variant' };

function stateOf(asin: string, random: Random): State {
  const own = /^B[A-Z][A-Z0-9]{8}$/.test(asin) ? BY_START[asin.slice(0, 2)] : undefined;
  if (own !== undefined) return own;
  let left = random.next();
  for (const [state, share] of STATE_SHARES) {
    left -= share;
    if (left < 0) return state;
  }
  return 'in_stock';
}

/** Evenly spread over the logarithm of the range; one in fifty is a luxury. */
function dollarsOf(random: Random, [low, high]: readonly [number, number]): number {
  const dollars = low * (high / low) ** random.next();
  return random.chance(0.02) ? dollars * 20 : dollars;
}

/** A price as shops set them: whole amounts where the unit is small, a customary ending elsewhere. */
function roundPrice(amount: number, currency: string, random: Random): number {
  const digits = minorDigits(currency);
  const whole = Math.max(1, Math.floor(amount));
  if (digits === 0) return whole;
  const cents =
    (PER_DOLLAR[currency] ?? 1) > 10
      ? random.pick([0, 0, 50, 90])
      : random.pick([99, 99, 95, 49, 0, random.int(1, 98)]);
  return Number(`${whole}.${String(cents).padStart(digits, '0')}`);
}

function sellerOf(domain: Domain, random: Random): Seller {
  const kind = random.pick(['amazon', 'amazon', 'fulfilled', 'fulfilled', 'own']);
  const third = { name: random.pick(SELLERS), id: `A${random.text(ALPHANUMERIC, 13)}` };
  if (kind === 'amazon') return { name: `Amazon.${domain}`, id: null, shipsFrom: 'Amazon', fulfilledByAmazon: true };
  return kind === 'fulfilled'
    ? { ...third, shipsFrom: 'Amazon', fulfilledByAmazon: true }
    : { ...third, shipsFrom: third.name, fulfilledByAmazon: false };
}

/** Percentages of five to one stars that add up to 100, and the stars and the count that go with them. */
function ratingOf(random: Random): NonNullable<Facts['rating']> {
  const weights = [random.int(40, 90), random.int(8, 30), random.int(2, 15), random.int(1, 8), random.int(1, 15)];
  const sum = weights.reduce((a, b) => a + b, 0);
  const shares = weights.map((weight) => Math.floor((100 * weight) / sum));
  shares[0] = (shares[0] ?? 0) + 100 - shares.reduce((a, b) => a + b, 0);
  const mean = shares.reduce((total, share, i) => total + share * (5 - i), 0) / 100;
  const count = Math.max(1, Math.floor(10 ** (random.next() * 4.6)));
  return { stars: Math.round(mean * 10) / 10, count, histogram: shares };
}

export const imageId = (random: Random): string =>
  random.pick(['61', '71', '81', '51']) + random.text(`${ALPHANUMERIC}abcdefghijkmnpqrstuvwxyz`, 8) + 'L';
