import type { Element } from 'domhandler';
import { closest, hasClass, isWithinHidden, select, textOf } from '../../page/index.ts';
import { findPhrase, type ShopWords } from '@asa/contract';
import { parseMoneyRange, type MoneyContext, type MoneyRange } from '../../text/money.ts';
import { readPrice, type ShownPrice } from './price-node.ts';

/** What a price block shows: one price, or the two ends of a range. */
export type Shown = { readonly price: ShownPrice } | { readonly range: MoneyRange; readonly text: string };

const TO_PAY = '.priceToPay, .apexPriceToPay, .apex-pricetopay-value';
const RANGE = '.a-price-range';

/** Parts of a block that hold amounts other than the price. */
const ASIDE = [
  'basisPrice',
  'pricePerUnit',
  'savingsPercentage',
  'a-popover-preload',
  'apex-basisprice-value',
  'apex-priceperunit-value',
];

const isAside = (node: Element, top: Element): boolean =>
  isWithinHidden(node, top) || closest(node, (up) => ASIDE.some((name) => hasClass(up, name)), top) !== null;

const isStruck = (node: Element): boolean =>
  node.attribs['data-a-strike'] === 'true' || hasClass(node, 'a-text-strike');

/** Amounts without doubles. */
function distinct(prices: readonly (ShownPrice | null)[]): ShownPrice[] {
  const found: ShownPrice[] = [];
  for (const price of prices) {
    if (price !== null && !found.some((known) => known.amount === price.amount)) found.push(price);
  }
  return found;
}

function ofPrices(prices: readonly ShownPrice[]): Shown | null {
  const [low, high] = prices;
  if (low === undefined || prices.length > 2) return null;
  if (high === undefined) return { price: low };
  if (low.currency !== high.currency || low.amount > high.amount) return null;
  return { range: { min: low.amount, max: high.amount, currency: low.currency }, text: `${low.text} - ${high.text}` };
}

/** Text that follows a price in its parent, the unit of time of an instalment for example. */
function textAfter(node: Element): string {
  let text = '';
  for (let next = node.next; next !== null; next = next.next) text += textOf(next);
  return text.trim();
}

/** "$33.33/mo": an instalment, not a price. The word must come right after the amount. */
const isPerMonth = (node: Element, words: ShopWords): boolean => {
  const after = textAfter(node);
  if (after === '') return false;
  const hit = findPhrase(words.perMonth, after);
  return hit !== null && after.slice(0, hit.index).replace(/[\s/(x*]/g, '') === '';
};

/** What the block of a price (`#corePriceDisplay…`, `#corePrice…`) shows: the price to pay, never one beside it. */
export function readCore(block: Element, context: MoneyContext, words: ShopWords): Shown | null {
  const range = select(block, RANGE).find((node) => !isAside(node, block));
  if (range !== undefined) return ofPrices(distinct(select(range, '.a-price').map((node) => readPrice(node, context))));
  const marked = select(block, TO_PAY).filter((node) => !isAside(node, block));
  const nodes =
    marked.length > 0 ? marked : select(block, '.a-price').filter((node) => !isAside(node, block) && !isStruck(node));
  const plain = marked.length > 0 ? nodes : nodes.filter((node) => !isUnitPrice(node));
  return ofPrices(distinct(plain.filter((node) => !isPerMonth(node, words)).map((node) => readPrice(node, context))));
}

/** "(31,71 € / 2)": an amount between brackets with a stroke after it. */
export function isUnitPrice(node: Element): boolean {
  const parent = node.parent;
  if (parent === null || !('name' in parent)) return false;
  return /^\s*[([（]/.test(textOf(parent)) && /^\s*[/／]|^\s*\p{L}/u.test(textAfter(node));
}

/** What an element with a price in its text shows: one amount, or a range. */
export function readText(node: Element | null, context: MoneyContext): Shown | null {
  if (node === null) return null;
  const price = readPrice(node, context);
  if (price !== null) return { price };
  const text = textOf(node);
  const range = parseMoneyRange(text, context);
  return range === null ? null : { range, text };
}
