import { findPhrase, hasPhrase, matchPhrase, shopWords } from '@asa/contract';
import type { Element } from 'domhandler';
import { hasClass, select, textOf, type Page } from '../page/index.ts';
import { linesOf } from '../product/catalogue/lines.ts';
import { isUnseen, visibleText } from '../product/offer/visible.ts';
import { parseCount } from '../text/count.ts';
import type { Part } from './card.ts';

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

/** Lines of the messages over the list: those before its first card. */
function messages(page: Page, firstCard: Part | null): string[] {
  const end = firstCard === null ? page.size : (page.outline.start[firstCard.number] ?? page.size);
  const top = ['s-messaging-widget-results-header', 's-no-outline', 's-did-you-mean', 's-widget'].flatMap((token) =>
    [...page.withClass(token, end)].map((number) => page.element(number)),
  );
  const old = ['didYouMean', 'fkmr-results0', 'topDynamicContent'].map((id) => page.byId(id));
  return [...top, ...old].flatMap((element) => linesOf(element, isUnseen)).map((line) => line.slice(0, 1000));
}

const QUOTES = /^["'“”„«»「『]+|["'“”„«»」』]+$/g;

/** The query that was searched in place of the one asked. */
export function correctedQuery(page: Page, firstCard: Part | null): string | null {
  const { showingResultsFor, noResults } = shopWords(page.locale);
  for (const message of messages(page, firstCard)) {
    if (hasPhrase(noResults, message)) continue;
    const whole = matchPhrase(showingResultsFor, message) ?? findPhrase(showingResultsFor, message)?.values ?? null;
    const query = whole?.['query']?.replace(QUOTES, '').trim();
    if (query !== undefined && query !== '') return query;
  }
  return null;
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
