import { shopWords, type ShopWords } from '@asa/contract';
import type { Element } from 'domhandler';
import { firstFrom, SILENT, type Page } from '../page/index.ts';
import type { MoneyContext } from '../text/money.ts';

/**
 * A visible element of a card, as the page's outline has it: a card has hundreds, of which a dozen are read. What it
 * carries is looked up when it is asked for.
 */
export interface Part {
  readonly page: Page;
  /** Number of the element in the outline. */
  readonly number: number;
  /** Tag name. */
  readonly name: string;
  /** It has a class attribute. */
  readonly isClassed: boolean;
  /** It has no elements inside. */
  readonly isLeaf: boolean;
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
  /** The parts by their numbers, counted from the root's. */
  readonly byNumber: readonly (Part | undefined)[];
  /** Those of the first format the card offers: a book's card lists hardcover, Kindle, ... one under the other. */
  readonly offer: readonly Part[];
  /** The price elements of the offer, whatever they are the price of. */
  readonly amounts: readonly Part[];
  /** The offer's recipes by their names. */
  readonly recipes: () => ReadonlyMap<string, Part>;
  readonly page: Page;
  readonly words: ShopWords;
  readonly money: MoneyContext;
}

/** The part carries the class token. */
export const has = (part: Part, token: string): boolean => part.isClassed && part.page.hasClassAt(part.number, token);

/** The part carries one of the class tokens. */
export const hasAny = (part: Part, tokens: readonly string[]): boolean =>
  part.isClassed && tokens.some((token) => part.page.hasClassAt(part.number, token));

/** An attribute of a part, null when it has none of the name. */
export const attrOf = (part: Part, name: string): string | null => part.page.attribute(part.number, name);

/** An attribute of a part contains one of the texts (ASCII). */
export const attrHas = (part: Part, name: string, texts: readonly string[]): boolean =>
  part.page.attributeHas(part.number, name, texts);

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

/** The element as a part; null for one that a shopper does not see. Popovers and side sheets are preloaded. */
export function partAt(page: Page, number: number): Part | null {
  const name = page.outline.name[number]?.text ?? '';
  if (SILENT.has(name)) return null;
  if (page.isHiddenAt(number) || page.hasClassAt(number, 'a-popover-preload')) return null;
  const { classStart, last } = page.outline;
  return { page, number, name, isClassed: classStart[number] !== -1, isLeaf: last[number] === number + 1 };
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
const isFormatLabel = (part: Part): boolean =>
  (part.name === 'a' && has(part, 'a-text-bold') && !has(part, 'a-button-text')) ||
  (part.name === 'h3' && attrOf(part, 'data-attribute') !== null) ||
  (part.name === 'td' && has(part, 'tpType'));

const isDivider = (part: Part): boolean => part.name === 'hr' && has(part, 'a-divider-normal');

/** The parts up to where the second format begins. */
function firstOffer(parts: readonly Part[]): readonly Part[] {
  let labels = 0;
  for (const [i, part] of parts.entries()) {
    if (isDivider(part)) return parts.slice(0, i);
    if (isFormatLabel(part) && ++labels === 2) return parts.slice(0, i);
  }
  return parts;
}

/** `next` is the number of the list's next card. */
export function readCard(page: Page, { root, asin }: CardRoot, next = Infinity): Card {
  const parts = partsBelow(page, root.number, next);
  const offer = firstOffer(parts);
  const byNumber: (Part | undefined)[] = [];
  for (const part of parts) byNumber[part.number - root.number] = part;
  let recipes: ReadonlyMap<string, Part> | null = null;
  return {
    asin,
    root,
    parts,
    byNumber,
    offer,
    recipes: () => (recipes ??= recipesIn(offer)),
    amounts: offer.filter((part) => has(part, 'a-price')),
    page,
    words: shopWords(page.locale),
    money: { language: page.locale, currency: page.marketplace.currency },
  };
}

/** Of the parts of a card or a run of them, those with one of these class tokens, in page order. */
export function allWithClass(card: Card, parts: readonly Part[], ...tokens: readonly string[]): Part[] {
  const [first] = parts;
  const last = parts.at(-1);
  const found: Part[] = [];
  if (first === undefined || last === undefined) return found;
  for (const token of tokens) {
    const numbers = card.page.withClass(token);
    for (let i = firstFrom(numbers, first.number); (numbers[i] ?? Infinity) <= last.number; i++) {
      const part = card.byNumber[(numbers[i] ?? 0) - card.root.number];
      if (part !== undefined && !found.includes(part)) found.push(part);
    }
  }
  return tokens.length === 1 ? found : found.sort((a, b) => a.number - b.number);
}

/** The first part with one of these class tokens. */
export function withClass(card: Card, parts: readonly Part[], ...tokens: readonly string[]): Part | null {
  return allWithClass(card, parts, ...tokens)[0] ?? null;
}

/** The parts that have an id. */
export function withId(card: Card): Part[] {
  const { withId: numbers } = card.page.outline;
  const found: Part[] = [];
  const last = card.parts.at(-1)?.number ?? -1;
  for (let i = firstFrom(numbers, card.root.number); (numbers[i] ?? Infinity) <= last; i++) {
    const part = card.byNumber[(numbers[i] ?? 0) - card.root.number];
    if (part !== undefined) found.push(part);
  }
  return found;
}

/** The first part of the offer that is the recipe `name`. */
export const recipe = (card: Card, name: string): Part | null => card.recipes().get(name) ?? null;

/** The first of each recipe (a named piece of the card since 2023) among the parts. */
function recipesIn(parts: readonly Part[]): ReadonlyMap<string, Part> {
  const recipes = new Map<string, Part>();
  for (const part of parts) {
    const name = part.name === 'div' ? attrOf(part, 'data-cy') : null;
    if (name !== null && !recipes.has(name)) recipes.set(name, part);
  }
  return recipes;
}
