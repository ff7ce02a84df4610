import { attr, type Page, textOf } from '../../page/index.ts';
import { currencyOf } from '../../text/currency.ts';
import { amountsIn } from '../../text/money.ts';
import { firstOf, once, type Field } from '../field.ts';
import { moneyOf } from './context.ts';
import { SUMMARIES } from './offers.ts';
import { blockPrice, boxPrice, shownPrice } from './featured-price.ts';

/** Of the price that is shown. */
const ofPrice: Field<string | null> = (page) => {
  const shown = shownPrice(page) ?? blockPrice(page) ?? boxPrice(page);
  if (shown === null) return null;
  return 'price' in shown ? shown.price.currency : shown.range.currency;
};

/** Fields that name the currency the page shows prices in. */
const PREFERENCE_IDS = ['currencyOfPreference', 'priceSymbol'] as const;

const ofPreference: Field<string | null> = (page) => {
  for (const id of PREFERENCE_IDS) {
    const value = page.has(id) ? attr(page.byId(id), 'value') : null;
    const currency = value === null ? null : currencyOf(value, moneyOf(page));
    if (currency !== null) return currency;
  }
  return null;
};

/** Of the other offers, or of the products offered instead: the page shows all its prices in one currency. */
const ofOthers: Field<string | null> = (page) => {
  const places = page.idsPresent().filter((id) => SUMMARIES.includes(id) || id.startsWith('exportAlternative'));
  for (const id of places) {
    const money = amountsIn(textOf(page.byId(id)), moneyOf(page))[0];
    if (money !== undefined) return money.currency;
  }
  return null;
};

/** ISO 4217 currency of the prices as displayed: of the price, else the one the page says it shows prices in, else the marketplace's. */
export const currency = once(
  (page: Page): string | null => firstOf(page, [ofPrice, ofPreference, ofOthers]) ?? page.marketplace.currency,
);
