import type { ProductItem } from '@asa/contract';
import { type Element, isTag } from 'domhandler';
import { hasClass, type Page, select, textOf } from '../../page/index.ts';
import { asciiDigits } from '../../text/digits.ts';
import { amountsIn, parseMoney } from '../../text/money.ts';
import { once } from '../field.ts';
import { moneyOf } from './context.ts';
import { readPrice, type ShownPrice } from './price-node.ts';
import { countedPrice, thePrice } from './price.ts';
import { priceParts } from './scope.ts';
import { orNull, visibleText } from './visible.ts';

const STRUCK_CLASSES = ['a-text-strike', 'listprice', 'priceBlockStrikePriceString'] as const;
const isStruck = (element: Element): boolean =>
  element.attribs['data-a-strike'] === 'true' || STRUCK_CLASSES.some((name) => hasClass(element, name));

interface Struck {
  readonly price: ShownPrice;
  readonly node: Element;
}

/** The crossed-out price beside the price; one that is not higher than the price is no saving and not taken. */
const struck = once((page: Page): Struck | null => {
  if (countedPrice(page) === null) return null;
  const now = thePrice(page)?.amount ?? 0;
  for (const part of priceParts(page)) {
    for (const node of part.elements) {
      if (!isStruck(node)) continue;
      const price = readPrice(node, moneyOf(page));
      if (price !== null && price.amount > now) return { price, node };
    }
  }
  return null;
});

export const priceStrikethrough = (page: Page): number | null => struck(page)?.price.amount ?? null;

/** What is spoken only repeats what is shown. */
const isSpoken = (element: Element): boolean => hasClass(element, 'aok-offscreen') || hasClass(element, 'a-offscreen');

function textBefore(node: Element): string {
  let text = '';
  for (let before = node.prev; before !== null; before = before.prev) {
    if (isTag(before)) text = isSpoken(before) ? text : `${visibleText(before)} ${text}`;
    else text = `${textOf(before)} ${text}`;
  }
  return text.trim();
}

/** The words before an amount, in its line or in the cell before; null when a number comes first. */
export function labelBefore(node: Element, levels = 4): string | null {
  let up: Element | null = node;
  for (let level = 0; up !== null && level < levels; level++) {
    const text = textBefore(up);
    if (text !== '') return /\p{N}/u.test(text) ? null : orNull(text.replace(/\s*[:：]\s*$/, ''));
    up = up.parent !== null && isTag(up.parent) ? up.parent : null;
  }
  return null;
}

export const priceStrikethroughLabel = (page: Page): string | null => {
  const found = struck(page);
  return found === null ? null : labelBefore(found.node);
};

/** Elements whose text is a saving, in the layouts of the years. */
const SAVING_IDS = [
  'savingsPercentage',
  'dealprice_savings',
  'regularprice_savings',
  'youSaveValue',
  'savingsAmount',
] as const;
const SAVING_CLASSES = [
  'savingsPercentage',
  'apex-savings-percentage',
  'priceBlockSavingsString',
  'ebooks-price-savings',
] as const;
/** "109,46€ (34 %)": an amount and its share. "(8% off)" of a way to pay is something else. */
const SHARE = /[([（]\s*[-−–]?\s*(?:[%٪]\s?\p{N}{1,3}|\p{N}{1,3}\s?[%٪])\s*[)\]）]/u;

function savingTexts(page: Page): string[] {
  const texts: string[] = [];
  for (const part of priceParts(page)) {
    const marked = [
      ...SAVING_IDS.map((id) => part.byId(id)),
      ...SAVING_CLASSES.flatMap((name) => part.byClass(name)),
    ].filter((element) => element !== null);
    texts.push(...marked.map((element) => visibleText(element)));
    const lines = part.roots.flatMap((root) => select(root, 'tr, li, .a-row, .a-section.inlineBlock, .a-nowrap'));
    texts.push(
      ...lines
        .filter((line) => part.elements.includes(line))
        .map((line) => visibleText(line))
        .filter((text) => SHARE.test(text)),
    );
  }
  return texts.filter((text) => text.length <= MAX_SAVING);
}

/** Percent of a text, 0-100: "-21 %", "%21", "(34 %)". */
export function percentIn(text: string): number | null {
  const found = /(\d{1,3})(?:[.,](\d{1,2}))?\s?[%٪]|[%٪]\s?(\d{1,3})/.exec(asciiDigits(text));
  if (found === null) return null;
  const value = Number(found[3] ?? (found[2] === undefined ? found[1] : `${found[1]}.${found[2]}`));
  return value <= 100 ? value : null;
}

/** A saving is told in a few words; more is a text that has swallowed others. */
const MAX_SAVING = 90;

/** The amount before the share: "Print List Price: $49.99 Save $18.50 (37%)" saves 18.50. */
function savedIn(page: Page, text: string): number | null {
  const [head = '', share] = text.split(SHARE);
  const told = share === undefined ? parseMoney(text, moneyOf(page)) : amountsIn(head, moneyOf(page)).at(-1);
  return share === undefined && percentIn(text) !== null ? null : (told?.amount ?? null);
}

/** The saving that the page names; nothing is computed. */
export const savings = (page: Page): ProductItem['savings'] => {
  if (countedPrice(page) === null) return null;
  const texts = savingTexts(page);
  const percent = texts.map(percentIn).find((value) => value !== null) ?? null;
  const amount = texts.map((text) => savedIn(page, text)).find((value) => value !== null) ?? null;
  return percent === null && amount === null ? null : { amount, percent };
};
