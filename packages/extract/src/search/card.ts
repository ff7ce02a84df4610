import { shopWords, type ShopWords } from '@asa/contract';
import { isTag, type Element } from 'domhandler';
import { attr, hasClass, isHidden, type Page } from '../page/index.ts';
import type { MoneyContext } from '../text/money.ts';

/** One card of the list, walked once: its visible elements in page order. */
export interface Card {
  readonly asin: string;
  readonly root: Element;
  /** Visible elements of the card, in page order. */
  readonly parts: readonly Element[];
  /** Those of the first format the card offers: a book's card lists hardcover, Kindle, ... one under the other. */
  readonly offer: readonly Element[];
  readonly page: Page;
  readonly words: ShopWords;
  readonly money: MoneyContext;
}

const SILENT = new Set(['script', 'style', 'noscript', 'template']);

/** Popovers and side sheets are preloaded: a shopper does not see them. */
const isUnseen = (element: Element): boolean =>
  SILENT.has(element.name) || isHidden(element) || hasClass(element, 'a-popover-preload');

function walk(element: Element, into: Element[]): void {
  for (const child of element.children) {
    if (!isTag(child) || isUnseen(child)) continue;
    into.push(child);
    walk(child, into);
  }
}

/** Label of a format: a bold link over its price; before 2020 a heading that names the format. */
const isFormatLabel = (element: Element): boolean =>
  (element.name === 'a' && hasClass(element, 'a-text-bold') && !hasClass(element, 'a-button-text')) ||
  (element.name === 'h3' && attr(element, 'data-attribute') !== null) ||
  hasClass(element, 'tpType');

const isDivider = (element: Element): boolean => element.name === 'hr' && hasClass(element, 'a-divider-normal');

/** The parts up to where the second format begins. */
function firstOffer(parts: readonly Element[]): readonly Element[] {
  let labels = 0;
  for (const [i, part] of parts.entries()) {
    if (isDivider(part)) return parts.slice(0, i);
    if (isFormatLabel(part) && ++labels === 2) return parts.slice(0, i);
  }
  return parts;
}

export function readCard(page: Page, root: Element, asin: string): Card {
  const parts: Element[] = [];
  walk(root, parts);
  return {
    asin,
    root,
    parts,
    offer: firstOffer(parts),
    page,
    words: shopWords(page.locale),
    money: { language: page.locale, currency: page.marketplace.currency },
  };
}

/** The first part with one of these class tokens. */
export const partWithClass = (parts: readonly Element[], ...tokens: readonly string[]): Element | null =>
  parts.find((part) => tokens.some((token) => hasClass(part, token))) ?? null;

/** The first part that is a recipe (a named piece of the card since 2023). */
export const recipe = (parts: readonly Element[], ...names: readonly string[]): Element | null =>
  parts.find((part) => names.includes(attr(part, 'data-cy') ?? '')) ?? null;
