import { findPhrase, hasPhrase, matchPhrase, shopWords, type Phrases } from '@asa/contract';
import type { Element } from 'domhandler';
import { foldText, select, textOf, type Page } from '../page/index.ts';
import { linesOf } from '../product/catalogue/lines.ts';
import { isUnseen } from '../product/offer/visible.ts';
import type { Part } from './card.ts';
import { noResultsPhrases } from './list.ts';

/** Containers of what is said over the list; since 2019 each is an item of the list itself. */
const MESSAGE_CLASSES = ['s-messaging-widget-results-header', 's-no-outline', 's-did-you-mean', 's-widget'] as const;
const MESSAGE_IDS = ['didYouMean', 'fkmr-results0', 'topDynamicContent'] as const;

/** What is said over the list, before its first card. Advertisements stand there too and say anything. */
function messages(page: Page, firstCard: Part | null): Element[] {
  const end = firstCard?.number ?? page.outline.count;
  const top: number[] = [];
  for (const number of MESSAGE_CLASSES.flatMap((token) => page.withClass(token)).toSorted((a, b) => a - b)) {
    if (number >= end) break;
    const outer = top.at(-1);
    // One within another is read with it.
    if (outer === undefined || number >= (page.outline.last[outer] ?? number)) top.push(number);
  }
  const said = top.filter((number) => !page.hasClassAt(number, 'AdHolder'));
  const old = MESSAGE_IDS.map((id) => page.byId(id)).filter((element) => element !== null);
  return [...said.map((number) => page.element(number)), ...old];
}

const LONGEST_LINE = 1000;
const linesIn = (message: Element): string[] => linesOf(message, isUnseen).map((line) => line.slice(0, LONGEST_LINE));

/** The message over the list that the search found nothing: what follows are other products. */
export const saysNothingFound = (page: Page, firstCard: Part): boolean =>
  messages(page, firstCard)
    .flatMap(linesIn)
    .some((line) => hasPhrase(noResultsPhrases(), line));

const QUOTES = /^["'“”„«»「『]+|["'“”„«»」』]+$/g;
const plain = (query: string): string => foldText(query.replace(QUOTES, '')).toLowerCase();

/** "Showing results for lamp": the line begins so. */
function namedQuery(line: string, phrases: Phrases): string | null {
  const found =
    matchPhrase(phrases, line) ?? (findPhrase(phrases, line)?.index === 0 ? findPhrase(phrases, line)?.values : null);
  return found?.['query']?.replace(QUOTES, '').trim() || null;
}

/** Whatever the language: a link to another search, and then one to the search that was asked ("instead"). */
function linkedQuery(message: Element, asked: string): string | null {
  const queries = select(message, 'a[href]').map((link) => textOf(link).replace(QUOTES, '').trim());
  const [other, own] = queries;
  return queries.length === 2 &&
    other !== undefined &&
    own !== undefined &&
    plain(own) === plain(asked) &&
    plain(other) !== plain(asked)
    ? other || null
    : null;
}

/** The query that was searched in place of the one asked. */
export function correctedQuery(page: Page, firstCard: Part | null): string | null {
  const { showingResultsFor } = shopWords(page.locale);
  const all = messages(page, firstCard);
  for (const line of all.flatMap(linesIn)) {
    const query = namedQuery(line, showingResultsFor);
    if (query !== null && !hasPhrase(noResultsPhrases(), line)) return query;
  }
  const { target } = page;
  if (target.kind !== 'search' || firstCard === null) return null;
  return all.map((message) => linkedQuery(message, target.query)).find((query) => query !== null) ?? null;
}

/** Related searches below the list, in page order. */
export function relatedSearches(page: Page): string[] {
  const boxes = [
    page.firstByAttr('data-component-type', 'text-reformulation-widget'),
    page.firstById('relatedSearches', 'related-searches'),
  ];
  const texts = boxes
    .filter((box) => box !== null)
    .flatMap((box) => select(box, 'a[href]').map((link) => textOf(link)));
  return [...new Set(texts.filter((text) => text !== ''))];
}
