import type { Element } from 'domhandler';
import { attr, closest, first, hasClass, isWithinHidden, select, textOf } from '../../page/index.ts';
import { findPhrase, type ShopWords } from '@asa/contract';
import { parseMoneyRange, type MoneyContext, type MoneyRange } from '../../text/money.ts';
import { readPrice, type ShownPrice } from './price-node.ts';

/** What a price block shows: one price, or the two ends of a range. */
export type Shown = { readonly price: ShownPrice } | { readonly range: MoneyRange; readonly text: string };

/** The site marks the price to pay with several names: `priceToPay`, `apexPriceToPay`, `reinventPricePriceToPayMargin`. */
const TO_PAY = '.a-price[class*="riceToPay"], .apex-pricetopay-value';
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

/** One amount; or two when they are the ends of a range. Two amounts without a dash between them are no price. */
function ofPrices(prices: readonly ShownPrice[], isRange: boolean): Shown | null {
  const [low, high] = prices;
  if (low === undefined || prices.length > 2) return null;
  if (high === undefined) return { price: low };
  if (!isRange || low.currency !== high.currency || low.amount > high.amount) return null;
  return { range: { min: low.amount, max: high.amount, currency: low.currency }, text: `${low.text} - ${high.text}` };
}

/** A dash stands between two elements of one parent. */
function dashBetween(nodes: readonly Element[]): boolean {
  const [start, last] = [nodes[0], nodes.at(-1)];
  if (start === undefined || last === undefined || start === last || start.parent !== last.parent) return false;
  let text = '';
  for (let next = start.next; next !== null && next !== last; next = next.next) text += textOf(next);
  return /^\s*[-–—~〜～]\s*$/.test(text);
}

/** Text that follows a price in its parent, the unit of time of an instalment for example. */
function textAfter(node: Element): string {
  let text = '';
  for (let next = node.next; next !== null; next = next.next) text += textOf(next);
  return text.trim();
}

/** What the text for screen readers says after the first amount. */
const spokenAfter = (node: Element): string =>
  textOf(first(node, '.a-offscreen')).replace(/^\P{N}*\p{N}[\p{N}.,٫٬\s]*/u, '');

/** "$33.33/mo": an instalment, not a price. The word must come right after the amount, in its element or behind it. */
const isPerMonth = (node: Element, words: ShopWords): boolean =>
  [textAfter(node), spokenAfter(node)].some((after) => {
    const hit = after === '' ? null : findPhrase(words.perMonth, after);
    return hit !== null && after.slice(0, hit.index).replace(/[\s/(x*\p{Sc}]/gu, '') === '';
  });

/** What the block of a price (`#corePriceDisplay…`, `#corePrice…`) shows: the price to pay, never one beside it. */
export function readCore(block: Element, context: MoneyContext, words: ShopWords): Shown | null {
  const pricesOf = (nodes: readonly Element[]): ShownPrice[] => distinct(nodes.map((node) => readPrice(node, context)));
  const range = select(block, RANGE).find((node) => !isAside(node, block));
  if (range !== undefined) return ofPrices(pricesOf(select(range, '.a-price')), true);
  const marked = select(block, TO_PAY).filter((node) => !isAside(node, block));
  const all = marked.length > 0 ? marked : unmarked(block);
  const nodes = all.filter((node) => !isPerMonth(node, words));
  return ofPrices(pricesOf(nodes), dashBetween(nodes));
}

/** In these the price to pay is always marked: an amount without the mark is another one, a saving or a unit price. */
const MARKED = new Set(['corePrice_desktop', 'corePriceDisplay_desktop_feature_div']);

function unmarked(block: Element): Element[] {
  if (MARKED.has(attr(block, 'id') ?? '')) return [];
  const plain = select(block, '.a-price').filter((node) => isPlain(node, block));
  // Smaller prices beside the price are of this kind; a price that stands alone may be too.
  const large = plain.filter((node) => !hasClass(node, 'a-text-price'));
  return large.length > 0 ? large : plain;
}

const isPlain = (node: Element, block: Element): boolean =>
  !isAside(node, block) && !isStruck(node) && !isUnitPrice(node);

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
