import { ALL_LANGUAGES, hasPhrase, shopWords } from '@asa/contract';
import { hasClassToken, textOf, type Page } from '../page/index.ts';
import { partAt, type Part } from './card.ts';

/** The container of a result list in the layouts since 2014. */
const LIST_CLASSES = ['s-main-slot', 's-search-results'] as const;
const LIST_IDS = [
  's-results-list-atf',
  'atfResults',
  'btfResults',
  'mainResults',
  's-result-list-parent-container',
  'noResultsTitle',
] as const;

const ASIN = /^[A-Z0-9]{10}$/;

type Layout = (page: Page) => number[];

const isNamed = (page: Page, number: number, name: string): boolean => page.outline.name[number]?.text === name;

/** Since 2019: the cards of the main slot name their component. */
const componentCards: Layout = (page) => [...page.withAttr('data-component-type', 's-search-result')];
/** 2015-2020: list items. */
const itemCards: Layout = (page) =>
  [...page.withClass('s-result-item')].filter((number) => isNamed(page, number, 'li'));
/** Before: numbered boxes that carry the ASIN as their name. */
const namedCards: Layout = (page) =>
  [...page.withClass('product')].filter((number) => hasClassToken(page.pick(number, ['class'])[0] ?? '', 'result'));

const LAYOUTS: readonly Layout[] = [componentCards, itemCards, namedCards];

/** A card of the list before its parts are read. */
export interface CardRoot {
  readonly root: Part;
  readonly asin: string;
}

/** A visible card with its ASIN; carousels and messages carry the attribute empty. */
function cardAt(page: Page, number: number): CardRoot | null {
  const [data, name] = page.pick(number, ['data-asin', 'name']);
  const asin = (data ?? name ?? '').toUpperCase();
  const root = ASIN.test(asin) ? partAt(page, number) : null;
  return root === null ? null : { root, asin };
}

/** The cards of the main list in page order, whichever layout it has; sponsored ones included, hidden ones not. */
export function cardsOf(page: Page): CardRoot[] {
  for (const layout of LAYOUTS) {
    const cards = layout(page)
      .map((number) => cardAt(page, number))
      .filter((card) => card !== null);
    if (cards.length > 0) return cards;
  }
  return [];
}

/** The page is a result list, with or without cards. */
export const isList = (page: Page): boolean =>
  LIST_CLASSES.some((token) => page.hasClass(token)) || LIST_IDS.some((id) => page.has(id)) || hasCards(page);

/** The list has cards. Reads no region. */
export const hasCards = (page: Page): boolean =>
  page.hasAttr('data-component-type', 's-search-result') ||
  (page.hasClass('s-result-item') && page.someAttr('class', 's-result-item', 'li')) ||
  page.someAttr('id', 'result_', 'div');

/** Places of the sentence that says that there are no results. */
const MESSAGE_IDS = ['noResultsTitle', 'centerMinus', 'apsRedirectLink', 'didYouMean', 'topDynamicContent'] as const;
const MESSAGE_CLASSES = [
  's-no-outline',
  's-messaging-widget-results-header',
  's-no-results-result',
  's-main-slot',
] as const;

let phrases: readonly string[] | null = null;

/** The words of every language: a list may come in a language nobody asked for. */
function noResultsPhrases(): readonly string[] {
  phrases ??= [...new Set(ALL_LANGUAGES.flatMap((language) => shopWords(language).noResults))];
  return phrases;
}

/** A message is short; a list that has products is not asked. */
const LONGEST = 4000;

/** The page says that the search found nothing. */
export function saysNoResults(page: Page): boolean {
  const messages = [
    ...MESSAGE_IDS.map((id) => page.byId(id)).filter((element) => element !== null),
    ...MESSAGE_CLASSES.flatMap((token) => page.allByClass(token)),
  ];
  if (messages.some((element) => hasPhrase(noResultsPhrases(), textOf(element).slice(0, LONGEST)))) return true;
  return page.jsonAfter('"totalResultCount"') === 0;
}
