import { marketplace, type Domain, type Language, type ProductItem } from '@asa/contract';
import { say, sayWith } from '../page/text.ts';
import { addDays, weekday } from '../words/numbers.ts';
import { minorDigits, money } from '../words/money.ts';
import { TODAY } from './catalogue.ts';
import { ownRandom, type Facts } from './facts.ts';
import { gramsOf } from './goods.ts';
import { isBuyable } from './states.ts';

/** Everything about the featured offer beside its price and stock. */
export interface OfferFacts {
  readonly prime: boolean;
  readonly deliveries: ProductItem['delivery'];
  readonly shipping: number | null;
  readonly returns: string | null;
  readonly maxQuantity: number | null;
  /** Price of a used copy in an inactive row of the buy box, or null. */
  readonly used: number | null;
  /** Subscription price in an inactive row of the buy box, or null. */
  readonly subscribe: number | null;
  readonly offersCount: number;
  readonly coupon: string | null;
  readonly deal: boolean;
  readonly unitPrice: ProductItem['unit_price'];
  readonly salesVolume: string | null;
}

export function offerOf(domain: Domain, language: Language, asin: string, facts: Facts): OfferFacts {
  const random = ownRandom(domain, asin, 'offer');
  const { currency } = marketplace(domain);
  const buyable = isBuyable(facts.state);
  const { fulfilledByAmazon } = facts.seller;
  const prime = fulfilledByAmazon && random.chance(0.8);
  const shipping = fulfilledByAmazon ? 0 : part(facts.price, random.int(5, 30), currency);
  const day = weekday(language, addDays(TODAY, random.int(3, 9)));
  const soon = weekday(language, addDays(TODAY, 1));
  const fast = fulfilledByAmazon && random.chance(0.6);
  const returnDays = random.pick([14, 30, 30]);
  const used = random.chance(0.2) ? part(facts.price, random.int(55, 85), currency) : null;
  const subscribe = facts.kind === 'physical' && random.chance(0.15) ? part(facts.price, 95, currency) : null;
  const percent = random.pick([5, 10, 15, 20]);
  const coupon = random.chance(0.1) ? say(language, 'coupon', { amount: `${percent}%` }) : null;
  const deal = facts.strike !== null && random.chance(0.2);
  const grams = gramsOf(facts);
  const volume = random.chance(0.35) ? random.pick([50, 100, 200, 300, 500]) : null;

  const standard: ProductItem['delivery'][number] = {
    type: 'standard',
    text:
      shipping === 0
        ? dated(language, 'freeDelivery', day)
        : paidDelivery(language, money(language, currency, shipping).text, day),
    price: shipping,
  };
  const fastest = { type: 'fastest', text: dated(language, 'fastestDelivery', soon), price: null } as const;
  return {
    prime: buyable && prime,
    deliveries: buyable ? [standard, ...(fast ? [fastest] : [])] : [],
    shipping: buyable ? shipping : null,
    returns: buyable ? say(language, 'returnable', { date: `${returnDays}` }) : null,
    maxQuantity: buyable ? (facts.state === 'low_stock' ? facts.stockLeft : random.pick([3, 5, 10, 30])) : null,
    used: buyable ? used : null,
    subscribe: buyable ? subscribe : null,
    offersCount: random.int(2, 24),
    coupon: buyable ? coupon : null,
    deal: buyable && deal,
    unitPrice: buyable && grams !== null ? { price: part(facts.price, 100_000 / grams, currency), unit: 'kg' } : null,
    salesVolume: volume === null ? null : say(language, 'boughtPastMonth', { n: volume }),
  };
}

/** So many per cent of an amount, rounded to the currency's decimals. */
export const part = (amount: number, percent: number, currency: string): number =>
  Number(((amount * percent) / 100).toFixed(minorDigits(currency)));

/** A delivery promise; where no form has a place for the date, it stands behind. */
const dated = (language: Language, key: 'freeDelivery' | 'fastestDelivery' | 'delivery', date: string): string =>
  sayWith(language, key, { date }) ?? `${sayWith(language, key, {}) ?? ''} ${date}`.trim();

const paidDelivery = (language: Language, price: string, date: string): string =>
  sayWith(language, 'delivery', { price, date }) ?? `${price} ${dated(language, 'delivery', date)}`;
