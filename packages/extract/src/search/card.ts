import { shopWords, type ShopWords } from '@asa/contract';
import type { Element } from 'domhandler';
import { hasClassToken, isHiddenBy, type Page } from '../page/index.ts';
import type { MoneyContext } from '../text/money.ts';

/**
 * A visible element of a card, as the page's outline has it: a card has hundreds, of which a dozen are read. Fields ask
 * for classes far more than for anything else, so those are at hand.
 */
export interface Part {
  /** Number of the element in the outline. */
  readonly number: number;
  /** Tag name. */
  readonly name: string;
  readonly classes: string;
  /** It has no elements inside. */
  readonly isLeaf: boolean;
  /** The attributes that are asked for elements of its name, in the order of `WANTED`. */
  readonly attributes: readonly (string | null)[];
}

/** A card of the list before its parts are read. */
export interface CardRoot {
  readonly root: Part;
  readonly asin: string;
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

/** The part carries the class token. */
export const has = (part: Part, token: string): boolean => part.classes !== '' && hasClassToken(part.classes, token);

/** The part carries one of the class tokens. */
export const hasAny = (part: Part, tokens: readonly string[]): boolean =>
  part.classes !== '' && tokens.some((token) => hasClassToken(part.classes, token));

const LOOKS = ['class', 'style', 'hidden'] as const;
/** Attributes that fields ask for, by tag name: read in one go with what decides whether the part is seen. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  a: [...LOOKS, 'href', 'aria-label', 'alt', 'id'],
  div: [...LOOKS, 'data-cy', 'aria-label', 'id'],
  img: [...LOOKS, 'src', 'srcset'],
  span: [...LOOKS, 'aria-label', 'data-a-strike', 'id'],
};

/** An attribute of a part, null when it has none of the name. */
export function attrOf(card: Card, part: Part, name: string): string | null {
  const at = (WANTED[part.name] ?? LOOKS).indexOf(name);
  return (at === -1 ? card.page.pick(part.number, [name])[0] : part.attributes[at]) ?? null;
}

/** The part as an element, read now. */
export const elementOf = (card: Card, part: Part): Element => card.page.element(part.number);

/** Bytes between the part's tags: a cheap bound for the length of its text. */
export const sizeOf = (card: Card, { number }: Part): number =>
  (card.page.outline.end[number] ?? 0) - (card.page.outline.open[number] ?? 0);

/** Numbers of the elements around a part, from the nearest outward, within the card. */
export function* around(card: Card, part: Part): Generator<number> {
  const { parent } = card.page.outline;
  for (let up = parent[part.number] ?? -1; up >= card.root.number; up = parent[up] ?? -1) yield up;
}

/** Class tokens of the list's items: cards of all layouts, and the widgets between them. */
const ITEM_CLASSES = ['s-result-item', 'sx-table-item'] as const;

const isItem = (part: Part): boolean =>
  hasAny(part, ITEM_CLASSES) || (has(part, 'celwidget') && hasAny(part, ['result', 'prod']));

const SILENT = new Set(['script', 'style', 'noscript', 'template']);

/** The element as a part; null for one that a shopper does not see. Popovers and side sheets are preloaded. */
export function partAt(page: Page, number: number): Part | null {
  const name = page.outline.name[number]?.text ?? '';
  if (SILENT.has(name)) return null;
  const attributes = page.pick(number, WANTED[name] ?? LOOKS);
  const [classes = null, style = null, hidden = null] = attributes;
  if (isHiddenBy(classes, style, hidden) || classes?.includes('a-popover-preload') === true) return null;
  return { number, name, classes: classes ?? '', isLeaf: page.outline.last[number] === number + 1, attributes };
}

/**
 * The visible elements of a card, in page order. A card that lost an end tag runs on into the next items of the list:
 * it ends where one begins, and what encloses both is no part of it, so that no card shows what another is.
 */
function partsBelow(page: Page, root: number, next: number): Part[] {
  const { last } = page.outline;
  const parts: Part[] = [];
  const whole = last[root] ?? root;
  let end = Math.min(whole, next);
  for (let number = root + 1; number < end;) {
    const part = partAt(page, number);
    if (part !== null && isItem(part)) end = number;
    else if (part !== null) parts.push(part);
    number = part === null ? (last[number] ?? number + 1) : number + 1;
  }
  return end === whole ? parts : parts.filter((one) => (last[one.number] ?? end) <= end);
}

/** Label of a format: a bold link over its price; before 2020 a heading that names the format. */
const isFormatLabel = (page: Page, part: Part): boolean =>
  (part.name === 'a' && has(part, 'a-text-bold') && !has(part, 'a-button-text')) ||
  (part.name === 'h3' && page.pick(part.number, ['data-attribute'])[0] !== null) ||
  (part.name === 'td' && has(part, 'tpType'));

const isDivider = (part: Part): boolean => part.name === 'hr' && has(part, 'a-divider-normal');

/** The parts up to where the second format begins. */
function firstOffer(page: Page, parts: readonly Part[]): readonly Part[] {
  let labels = 0;
  for (const [i, part] of parts.entries()) {
    if (isDivider(part)) return parts.slice(0, i);
    if (isFormatLabel(page, part) && ++labels === 2) return parts.slice(0, i);
  }
  return parts;
}

/** `next` is the number of the list's next card. */
export function readCard(page: Page, { root, asin }: CardRoot, next = Infinity): Card {
  const parts = partsBelow(page, root.number, next);
  const offer = firstOffer(page, parts);
  return {
    asin,
    root,
    parts,
    offer,
    amounts: offer.filter((part) => has(part, 'a-price')),
    page,
    words: shopWords(page.locale),
    money: { language: page.locale, currency: page.marketplace.currency },
  };
}

/** The first part with one of these class tokens. */
export const withClass = (parts: readonly Part[], ...tokens: readonly string[]): Part | null =>
  parts.find((part) => hasAny(part, tokens)) ?? null;

/** The first part that is a recipe (a named piece of the card since 2023). */
export const recipe = (card: Card, name: string): Part | null =>
  card.offer.find((part) => part.name === 'div' && attrOf(card, part, 'data-cy') === name) ?? null;
