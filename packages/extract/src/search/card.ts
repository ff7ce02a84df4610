import { shopWords, type ShopWords } from '@asa/contract';
import { isTag, type Element } from 'domhandler';
import { attr, hasClassToken, isHidden, type Page } from '../page/index.ts';
import type { MoneyContext } from '../text/money.ts';

/** A visible element of a card, with its class attribute at hand: fields ask for classes far more than for anything else. */
export interface Part {
  readonly element: Element;
  readonly classes: string;
}

/** One card of the list, walked once. */
export interface Card {
  readonly asin: string;
  readonly root: Part;
  /** Visible elements of the card, in page order. */
  readonly parts: readonly Part[];
  /** Those of the first format the card offers: a book's card lists hardcover, Kindle, ... one under the other. */
  readonly offer: readonly Part[];
  /** The price elements of the offer, whatever they are the price of. */
  readonly amounts: readonly Part[];
  readonly page: Page;
  readonly words: ShopWords;
  readonly money: MoneyContext;
}

const SILENT = new Set(['script', 'style', 'noscript', 'template']);

export const partOf = (element: Element): Part => ({ element, classes: attr(element, 'class') ?? '' });

/** The part carries the class token. */
export const has = (part: Part, token: string): boolean => part.classes !== '' && hasClassToken(part.classes, token);

/** The part carries one of the class tokens. */
export const hasAny = (part: Part, tokens: readonly string[]): boolean =>
  part.classes !== '' && tokens.some((token) => hasClassToken(part.classes, token));

/** Popovers and side sheets are preloaded: a shopper does not see them. */
const isUnseen = (part: Part): boolean =>
  SILENT.has(part.element.name) || isHidden(part.element) || part.classes.includes('a-popover-preload');

function walk(element: Element, into: Part[]): void {
  for (const child of element.children) {
    if (!isTag(child)) continue;
    const part = partOf(child);
    if (isUnseen(part)) continue;
    into.push(part);
    walk(child, into);
  }
}

/** Label of a format: a bold link over its price; before 2020 a heading that names the format. */
const isFormatLabel = (part: Part): boolean =>
  (part.element.name === 'a' && has(part, 'a-text-bold') && !has(part, 'a-button-text')) ||
  (part.element.name === 'h3' && attr(part.element, 'data-attribute') !== null) ||
  (part.element.name === 'td' && has(part, 'tpType'));

const isDivider = (part: Part): boolean => part.element.name === 'hr' && has(part, 'a-divider-normal');

/** The parts up to where the second format begins. */
function firstOffer(parts: readonly Part[]): readonly Part[] {
  let labels = 0;
  for (const [i, part] of parts.entries()) {
    if (isDivider(part)) return parts.slice(0, i);
    if (isFormatLabel(part) && ++labels === 2) return parts.slice(0, i);
  }
  return parts;
}

export function readCard(page: Page, root: Element, asin: string): Card {
  const parts: Part[] = [];
  walk(root, parts);
  const offer = firstOffer(parts);
  return {
    asin,
    root: partOf(root),
    parts,
    offer,
    amounts: offer.filter((part) => has(part, 'a-price')),
    page,
    words: shopWords(page.locale),
    money: { language: page.locale, currency: page.marketplace.currency },
  };
}

/** The first element with one of these class tokens. */
export const withClass = (parts: readonly Part[], ...tokens: readonly string[]): Element | null =>
  parts.find((part) => hasAny(part, tokens))?.element ?? null;

/** The first element that is a recipe (a named piece of the card since 2023). */
export const recipe = (parts: readonly Part[], name: string): Element | null =>
  parts.find(({ element }) => element.name === 'div' && attr(element, 'data-cy') === name)?.element ?? null;
