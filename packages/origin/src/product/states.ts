import { marketplace, type Domain, type Language, type ProductItem } from '@asa/contract';
import { say } from '../page/text.ts';
import { minorDigits, money } from '../words/money.ts';
import { addDays, longDate } from '../words/numbers.ts';
import { TODAY } from './catalogue.ts';
import type { Facts, State } from './facts.ts';

/** What a state of the offer means for the answer. One row per state. */
interface StateRow {
  readonly availability: ProductItem['availability'];
  readonly pageState: ProductItem['page_state'];
  readonly noPriceReason: ProductItem['no_price_reason'];
}

export const STATES: Readonly<Record<State, StateRow>> = {
  in_stock: { availability: 'in_stock', pageState: 'buybox', noPriceReason: null },
  low_stock: { availability: 'low_stock', pageState: 'buybox', noPriceReason: null },
  preorder: { availability: 'preorder', pageState: 'buybox', noPriceReason: null },
  backorder: { availability: 'backorder', pageState: 'buybox', noPriceReason: null },
  out_of_stock: { availability: 'out_of_stock', pageState: 'unavailable', noPriceReason: 'unavailable' },
  unavailable: { availability: 'unavailable', pageState: 'unavailable', noPriceReason: 'unavailable' },
  no_offer: { availability: 'unknown', pageState: 'see_all_buying_options', noPriceReason: 'no_featured_offer' },
  not_deliverable: { availability: 'unavailable', pageState: 'unavailable', noPriceReason: 'not_deliverable' },
  hidden_in_cart: { availability: 'in_stock', pageState: 'buybox', noPriceReason: 'hidden_in_cart' },
  select_variant: { availability: 'unknown', pageState: 'select_variant', noPriceReason: 'select_variant' },
};

/** There is an offer with a price. */
export const isBuyable = (state: State): boolean => STATES[state].noPriceReason === null;

/** The availability text that the page shows, or null. */
export function stockText(language: Language, { state, stockLeft }: Facts): string | null {
  const date = longDate(language, addDays(TODAY, 20 + stockLeft));
  const texts: Record<State, () => string | null> = {
    in_stock: () => say(language, 'inStock'),
    low_stock: () => say(language, 'onlyLeft', { n: stockLeft }),
    preorder: () => say(language, 'preorder', { date }),
    backorder: () => say(language, 'backorder', { date }),
    out_of_stock: () => say(language, 'outOfStock'),
    unavailable: () => say(language, 'unavailable'),
    no_offer: () => null,
    not_deliverable: () => say(language, 'notDeliverable'),
    hidden_in_cart: () => say(language, 'inStock'),
    select_variant: () => null,
  };
  return texts[state]();
}

/** The lowest and the highest price of the choices that are left, where one still has to be made. */
export function rangeOf(domain: Domain, { state, price }: Facts): readonly [number, number] | null {
  const digits = minorDigits(marketplace(domain).currency);
  return state === 'select_variant' ? [price, Number((price * 1.6 + 1).toFixed(digits))] : null;
}

export const rangeText = (language: Language, currency: string, [low, high]: readonly [number, number]): string =>
  `${money(language, currency, low).text} - ${money(language, currency, high).text}`;
