import { findPhrase, hasPhrase, matchPhrase, shopWords, type Phrases } from '@asa/contract';
import type { Element } from 'domhandler';
import { foldText, hasClass, hasClassToken, select, textOf, type Page } from '../page/index.ts';
import { linesOf } from '../product/catalogue/lines.ts';
import { isUnseen, visibleText } from '../product/offer/visible.ts';
import { parseCount } from '../text/count.ts';
import type { Part } from './card.ts';
import { noResultsPhrases } from './list.ts';

/** The line over the list: "1-24 of over 4,000 results for ...". */
function resultLine(page: Page): Element | null {
  const bar = page.firstByAttr('data-component-type', 's-result-info-bar');
  if (bar !== null) return page.first(bar, 'h1 .s-breadcrumb') ?? page.first(bar, 'h1, h2') ?? bar;
  return page.byId('s-result-count');
}

/** The query is set apart from the line by its color. */
const isQuery = (element: Element): boolean =>
  hasClass(element, 'a-color-state') ||
  hasClass(element, 's-hidden') ||
  element.name === 'form' ||
  element.name === 'a';

/** Words that lead to the query ("for", "für", "para"): what stands before it, unless a line without a query ends so. */
function leadsOf(phrases: readonly string[]): string[] {
  const leads = phrases.map((phrase) => /(\p{L}+)\s*\{query\}$/u.exec(phrase)?.[1] ?? '').filter((lead) => lead !== '');
  return leads.filter((lead) => !phrases.some((phrase) => phrase.endsWith(lead)));
}

function withoutLead(line: string, phrases: readonly string[]): string {
  const text = line.replace(/[\s:：]+$/, '');
  const lead = leadsOf(phrases).find((one) => text.endsWith(` ${one}`));
  return lead === undefined ? text : text.slice(0, -lead.length).trim();
}

export interface Totals {
  readonly total_results: number | null;
  readonly total_results_string: string | null;
}

/** Number of results as the page says it; "over 4,000" is 4000, and stays "over" in the text. */
export function totals(page: Page): Totals {
  const line = visibleText(resultLine(page), isQuery);
  const words = shopWords(page.locale);
  const shown = (findPhrase(words.overResults, line) ?? findPhrase(words.resultsCount, line))?.values['total'] ?? null;
  const total = shown === null ? null : parseCount(shown, page.locale);
  const counted = page.jsonAfter('"totalResultCount"');
  return {
    total_results: total ?? (typeof counted === 'number' && Number.isInteger(counted) && counted >= 0 ? counted : null),
    total_results_string: /\p{N}/u.test(line) ? withoutLead(line, [...words.overResults, ...words.resultsCount]) : null,
  };
}

/** Containers of what is said over the list; since 2019 each is an item of the list itself. */
const MESSAGE_CLASSES = ['s-messaging-widget-results-header', 's-no-outline', 's-did-you-mean', 's-widget'] as const;
const MESSAGE_IDS = ['didYouMean', 'fkmr-results0', 'topDynamicContent'] as const;

/** What is said over the list, before its first card. Advertisements stand there too and say anything. */
function messages(page: Page, firstCard: Part | null): Element[] {
  const end = firstCard === null ? page.size : (page.outline.start[firstCard.number] ?? page.size);
  const top = MESSAGE_CLASSES.flatMap((token) => [...page.withClass(token, end)]).filter(
    (number) => !hasClassToken(page.pick(number, ['class'])[0] ?? '', 'AdHolder'),
  );
  const old = MESSAGE_IDS.map((id) => page.byId(id)).filter((element) => element !== null);
  return [...top.map((number) => page.element(number)), ...old];
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
  const queries = select(message, 'a[href*="/s?"]').map((link) => textOf(link).replace(QUOTES, '').trim());
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
  const { showingResultsFor, noResults } = shopWords(page.locale);
  const all = messages(page, firstCard);
  for (const line of all.flatMap(linesIn)) {
    const query = hasPhrase(noResults, line) ? null : namedQuery(line, showingResultsFor);
    if (query !== null) return query;
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
