import type { ProductItem } from '@asa/contract';
import type { Page } from '../../page/index.ts';
import { once } from '../field.ts';
import { availability, noPriceReason, pageState, pricelessState } from './decide.ts';
import { boxPrice, shownPrice } from './featured-price.ts';
import type { Shown } from './core-price.ts';
import type { ShownPrice } from './price-node.ts';
import { offerSigns } from './signs.ts';

const priceless = (page: Page): boolean => pricelessState(pageState(offerSigns(page)));

/** The amounts that count: none on a page whose product nobody can buy here. */
export const countedPrice = once((page: Page): Shown | null => (priceless(page) ? null : shownPrice(page)));

const single = (shown: Shown | null): ShownPrice | null => (shown !== null && 'price' in shown ? shown.price : null);

export const thePrice = (page: Page): ShownPrice | null => single(countedPrice(page));

export const price = (page: Page): number | null => thePrice(page)?.amount ?? null;

/** The price in the box; the price beside the title when the box shows none of its own. */
export const priceBuybox = (page: Page): number | null => {
  const counted = thePrice(page);
  return counted === null ? null : (single(boxPrice(page)) ?? counted).amount;
};

/** The price, or the range, as shown. */
export const priceString = (page: Page): string | null => {
  const shown = countedPrice(page);
  if (shown === null) return null;
  const text = 'price' in shown ? shown.price.text : shown.text;
  return text === '' ? null : text;
};

const range = (page: Page) => {
  const shown = countedPrice(page);
  return shown !== null && 'range' in shown ? shown.range : null;
};
export const priceMin = (page: Page): number | null => range(page)?.min ?? null;
export const priceMax = (page: Page): number | null => range(page)?.max ?? null;

export const pageStateOf = (page: Page): ProductItem['page_state'] => pageState(offerSigns(page));
export const availabilityOf = (page: Page): ProductItem['availability'] => availability(offerSigns(page));
/** Null when there is a price, or one that could not be read. */
export const noPriceReasonOf = (page: Page): ProductItem['no_price_reason'] =>
  price(page) === null ? noPriceReason(offerSigns(page)) : null;
