import { findPhrase, shopWords, type Phrases } from '@asa/contract';
import type { Element } from 'domhandler';
import { hasClass, type Page } from '../page/index.ts';
import { visibleText } from '../product/offer/visible.ts';
import { parseCount } from '../text/count.ts';

/** The line over the list: "1-24 of over 4,000 results for ...". */
function resultLine(page: Page): Element | null {
  const bar = page.firstByAttr('data-component-type', 's-result-info-bar');
  if (bar !== null) return page.first(bar, 'h1 .s-breadcrumb') ?? page.first(bar, 'h1, h2') ?? bar;
  return page.firstById('s-result-count', 'resultCount');
}

/** The query is set apart from the line by its color. */
const isQuery = (element: Element): boolean =>
  hasClass(element, 'a-color-state') ||
  hasClass(element, 's-hidden') ||
  element.name === 'form' ||
  element.name === 'a';

const QUERY = '{query}';

/** Words that lead to the query ("for", "für", "para"): what stands before it, unless a line without a query ends so. */
function leadsOf(phrases: Phrases): string[] {
  const leads = phrases.map((phrase) => /(\p{L}+)\s*\{query\}$/u.exec(phrase)?.[1] ?? '').filter((lead) => lead !== '');
  return leads.filter((lead) => !phrases.some((phrase) => phrase.endsWith(lead)));
}

/** Words that follow a query at the beginning ("için"): what a phrase has more than another one without the query. */
function followersOf(phrases: Phrases): string[] {
  const without = phrases.filter((phrase) => !phrase.includes(QUERY));
  return phrases
    .filter((phrase) => phrase.startsWith(QUERY))
    .flatMap((phrase) => {
      const rest = phrase.slice(QUERY.length);
      const same = without.filter((other) => rest.endsWith(other));
      return same.map((other) => rest.slice(0, -other.length).trim());
    })
    .filter((words) => words !== '');
}

/** The line without the words that tie the query to it, which is not in it any more. */
function withoutTies(line: string, phrases: Phrases): string {
  const text = line.replace(/[\s:：]+$/, '');
  const lead = leadsOf(phrases).find((one) => text.endsWith(` ${one}`));
  const end = lead === undefined ? text : text.slice(0, -lead.length).trim();
  const follower = followersOf(phrases).find((one) => end.startsWith(`${one} `));
  return follower === undefined ? end : end.slice(follower.length).trim();
}

/** The number in the line. Some phrases are only used with a query: a sign stands in its place. */
function numberIn(line: string, phrases: Phrases): string | null {
  const lines = [line, `${line} *`, `* ${line}`, `*${line}`];
  return lines.map((one) => findPhrase(phrases, one)?.values['total'] ?? null).find((total) => total !== null) ?? null;
}

export interface Totals {
  readonly total_results: number | null;
  readonly total_results_string: string | null;
}

/** Number of results as the page says it; "over 4,000" is 4000, and stays "over" in the text. */
export function totals(page: Page): Totals {
  const line = visibleText(resultLine(page), isQuery);
  const { overResults, resultsCount } = shopWords(page.locale);
  const shown = numberIn(line, overResults) ?? numberIn(line, resultsCount);
  const total = shown === null ? null : parseCount(shown, page.locale);
  const counted = page.jsonAfter('"totalResultCount"');
  return {
    total_results: total ?? (typeof counted === 'number' && Number.isInteger(counted) && counted >= 0 ? counted : null),
    total_results_string: /\p{N}/u.test(line) ? withoutTies(line, [...overResults, ...resultsCount]) : null,
  };
}
