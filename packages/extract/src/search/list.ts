import { ALL_LANGUAGES, hasPhrase, shopWords } from '@asa/contract';
import type { Element } from 'domhandler';
import { attr, hasClass, isWithinHidden, textOf, type Page } from '../page/index.ts';

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

/** The ASIN a card is for; carousels and messages carry the attribute empty. */
export function cardAsin(card: Element): string | null {
  const asin = (attr(card, 'data-asin') ?? attr(card, 'name') ?? '').toUpperCase();
  return ASIN.test(asin) ? asin : null;
}

type Layout = (page: Page) => Element[];

/** Since 2019: the cards of the main slot name their component. */
const componentCards: Layout = (page) => page.allByAttr('data-component-type', 's-search-result');
/** 2015-2020: list items. */
const itemCards: Layout = (page) =>
  page.allByClass('s-result-item').filter((element) => element.name === 'li' && attr(element, 'data-asin') !== null);
/** Before: numbered boxes that carry the ASIN as their name. */
const namedCards: Layout = (page) =>
  page.allByClass('product').filter((element) => hasClass(element, 'result') && attr(element, 'name') !== null);

const LAYOUTS: readonly Layout[] = [componentCards, itemCards, namedCards];

/** The cards of the main list in page order, whichever layout it has; sponsored ones included, hidden ones not. */
export function cardsOf(page: Page): Element[] {
  for (const layout of LAYOUTS) {
    const cards = layout(page).filter((card) => cardAsin(card) !== null && !isWithinHidden(card));
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
