import { hasPhrase, type ProductItem } from '@asa/contract';
import type { Element } from 'domhandler';
import { hasClass, type Page } from '../../page/index.ts';
import { parseCount } from '../../text/count.ts';
import { amountsIn } from '../../text/money.ts';
import { moneyOf, wordsOf } from './context.ts';
import { readPrice } from './price-node.ts';
import { otherRows } from './scope.ts';
import { visibleText } from './visible.ts';

type Offers = NonNullable<ProductItem['offers']>;

/** Places that sum up the other offers of this product. */
export const SUMMARIES: readonly string[] = [
  'olpLinkWidget_feature_div',
  'olp-upd-new-freeshipping',
  'olp_feature_div',
  'olp',
  'dynamic-aod-ingress-box',
  'mbc-olp-link',
  'mbc-upd-olp-link',
  'olpDivId',
];

interface Line {
  /** The words before the price. */
  readonly text: string;
  readonly price: number | null;
}

const isAmount = (element: Element): boolean =>
  (element.attribs['class'] ?? '').includes('offscreen') || hasClass(element, 'a-price');

/** Where an amount begins in a text. */
const AMOUNT = /\p{Sc}|[A-Z]{3}\s?\p{N}|\p{N}[\p{N}.,\s]*\p{Sc}/u;

/** "New (2) from" and the amount after it; a price of shipping follows later. */
function lineOf(page: Page, element: Element): Line {
  const context = moneyOf(page);
  const node = page.first(element, '.a-price');
  const whole = visibleText(element, isAmount);
  if (node !== null) return { text: whole, price: readPrice(node, context)?.amount ?? null };
  const amount = amountsIn(whole, context)[0]?.amount ?? null;
  const text = whole.split(AMOUNT)[0] ?? whole;
  return { text, price: amount };
}

/** Swatch of the format on show: a link for each condition. */
function swatchLines(page: Page): Line[] {
  const selected = page.first(page.byId('tmmSwatches'), '.swatchElement.selected, .selected');
  return page.select(selected, '.olp-new, .olp-used').map((element) => lineOf(page, element));
}

function lines(page: Page): Line[] {
  for (const id of SUMMARIES) {
    const element = page.has(id) ? page.byId(id) : null;
    if (element !== null && /\p{N}/u.test(visibleText(element))) return [lineOf(page, element)];
  }
  return swatchLines(page);
}

/** Rows of the accordion that are not the featured offer tell what they cost. */
function usedRow(page: Page): number | null {
  const row = otherRows(page).find((part) => /used|ubb/i.test(part.roots[0]?.attribs['id'] ?? ''));
  if (row === undefined) return null;
  const marked = ['header-price', 'offer-price', 'bb_price'].flatMap((name) => row.byClass(name));
  const node = row.byClass('a-price')[0] ?? row.byId('usedPrice') ?? marked[0] ?? null;
  return readPrice(node, moneyOf(page))?.amount ?? null;
}

const least = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

/**
 * Number and lowest prices of the other offers, as the page sums them up beside the featured one. A price "from" new
 * and used offers together is the lowest of both: used, unless a used offer on the page costs less.
 */
export const offers = (page: Page): ProductItem['offers'] => {
  const { used } = wordsOf(page);
  const found: Offers = { count: null, new_from: null, used_from: usedRow(page) };
  for (const { text, price } of lines(page)) {
    found.count ??= parseCount(text, page.locale);
    const isUsed = hasPhrase(used, text) && !(price !== null && found.used_from !== null && price > found.used_from);
    if (isUsed) found.used_from = least(found.used_from, price);
    else found.new_from = least(found.new_from, price);
  }
  return Object.values(found).every((value) => value === null) ? null : found;
};
