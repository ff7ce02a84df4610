import { ALL_LANGUAGES, hasPhrase, shopWords } from '@asa/contract';
import { textOf, type Page } from '../page/index.ts';
import { once } from '../product/field.ts';
import { partAt, type CardRoot } from './card.ts';

/** Containers of a result list in the layouts since 2014. */
const LIST_CLASSES = ['s-main-slot', 's-search-results', 's-result-list', 's-result-list-parent-container'] as const;
const LIST_IDS = [
  's-results-list-atf',
  'atfResults',
  'btfResults',
  'mainResults',
  'resultItems',
  'noResultsTitle',
] as const;

const ASIN = /^[A-Z0-9]{10}$/;

interface Layout {
  /** Numbers of the elements that may be cards. */
  readonly cards: (page: Page) => number[];
  /** The card's ASIN, or what stands in its place. */
  readonly asin: (page: Page, number: number) => string | null;
}

const isNamed = (page: Page, number: number, name: string): boolean => page.outline.name[number]?.text === name;
const tokens = (page: Page, number: number, ...wanted: readonly string[]): boolean =>
  wanted.some((token) => page.hasClassAt(number, token));

/** Carousels and messages carry the attribute empty. */
const dataAsin = (page: Page, number: number): string | null => page.attribute(number, 'data-asin');
const nameAsin = (page: Page, number: number): string | null => page.attribute(number, 'name');

const PRODUCT_LINK = /\/(?:dp|gp\/product|gp\/aw\/d)\/([A-Z0-9]{10})(?=[/?]|$)/;

/** The ASIN of the first link below, up to the next item: the one above may have lost its end tag. */
function linkAsin(page: Page, number: number): string | null {
  const end = page.outline.last[number] ?? number;
  for (let inside = number + 1; inside < end; inside++) {
    if (tokens(page, inside, 'sx-table-item')) return null;
    if (!isNamed(page, inside, 'a')) continue;
    const asin =
      page.attribute(inside, 'data-asin') ?? PRODUCT_LINK.exec(page.attribute(inside, 'href') ?? '')?.[1] ?? null;
    if (asin !== null) return asin;
  }
  return null;
}

/** In the order in which they are looked for: the first that has cards is the page's. */
const LAYOUTS: readonly Layout[] = [
  // Since the autumn of 2019: the cards of the main slot name their component.
  { cards: (page) => [...page.withAttr('data-component-type', 's-search-result')], asin: dataAsin },
  // 2015-2020: list items.
  { cards: (page) => page.withClass('s-result-item').filter((one) => isNamed(page, one, 'li')), asin: dataAsin },
  // In 2019: boxes of a grid. Messages and carousels between them are widgets.
  {
    cards: (page) =>
      page.withClass('s-result-item').filter((one) => isNamed(page, one, 'div') && !tokens(page, one, 's-widget')),
    asin: dataAsin,
  },
  // Before 2015: numbered boxes that carry the ASIN as their name.
  {
    cards: (page) => page.withClass('celwidget').filter((one) => tokens(page, one, 'result', 'prod')),
    asin: nameAsin,
  },
  // The small pages for phones before 2019 name the product in the link only.
  { cards: (page) => [...page.withClass('sx-table-item')], asin: linkAsin },
];

/** What is around an element: something hidden, a card of the list, or neither. */
type Around = 'hidden' | 'card' | 'list';

/**
 * Tells which elements stand in something hidden. A card that lost an end tag has the next ones within it: what hides a
 * part of a card hides none of them. Cards have most of what is around them in common, so answers are kept.
 */
function hiderOf(page: Page, cards: ReadonlySet<number>): (number: number) => boolean {
  const { parent } = page.outline;
  const known = new Map<number, Around>();
  return (number) => {
    const path: number[] = [];
    let up = parent[number] ?? -1;
    for (; up >= 0 && !known.has(up); up = parent[up] ?? -1) path.push(up);
    let around: Around = known.get(up) ?? 'list';
    for (const one of path.toReversed()) {
      if (around === 'list' && cards.has(one)) around = 'card';
      else if (around === 'list' && partAt(page, one) === null) around = 'hidden';
      known.set(one, around);
    }
    return around === 'hidden';
  };
}

function findCards(page: Page): CardRoot[] {
  for (const layout of LAYOUTS) {
    const numbers = layout.cards(page);
    const isWithinHidden = hiderOf(page, new Set(numbers));
    const cards = numbers.flatMap((number): CardRoot[] => {
      const asin = (layout.asin(page, number) ?? '').toUpperCase();
      const root = ASIN.test(asin) && !isWithinHidden(number) ? partAt(page, number) : null;
      return root === null ? [] : [{ root, asin }];
    });
    if (cards.length > 0) return cards;
  }
  return [];
}

/**
 * The cards of the main list in page order, whichever layout it has; sponsored ones included, those that a shopper does
 * not see not. The judge asks before the list is read, so they are found once a page.
 */
export const cardsOf = once((page: Page): readonly CardRoot[] => findCards(page));

/** The page is a result list, with or without cards. */
export const isList = (page: Page): boolean =>
  LIST_CLASSES.some((token) => page.hasClass(token)) || LIST_IDS.some((id) => page.has(id)) || hasCards(page);

/** The list has cards. */
export const hasCards = (page: Page): boolean => cardsOf(page).length > 0;

/** Places of the sentence that says that there are no results. */
const MESSAGE_IDS = ['noResultsTitle', 'centerMinus', 'apsRedirectLink', 'didYouMean', 'topDynamicContent'] as const;
const MESSAGE_CLASSES = [
  's-no-outline',
  's-messaging-widget-results-header',
  's-no-results-result',
  's-main-slot',
] as const;

let phrases: readonly string[] | null = null;

/**
 * The words of every language: a list may come in a language nobody asked for. Without the full stop, because the name of
 * a department may follow the query.
 */
export function noResultsPhrases(): readonly string[] {
  phrases ??= [
    ...new Set(
      ALL_LANGUAGES.flatMap((language) => shopWords(language).noResults.map((phrase) => phrase.replace(/[.。]$/, ''))),
    ),
  ];
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
