import type { Element } from 'domhandler';
import { attr, first, select, textOf, type Page } from '../../page/index.ts';
import { asciiDigits } from '../../text/digits.ts';
import { firstOf, type Field } from '../field.ts';

type Histogram = Record<string, number>;

/** How rows name their stars, in links and classes of every language. */
const STARS_IN_LINK = /filterByStar=(one|two|three|four|five)_star|[_/]hist_([1-5])\b/;
const NAMES = ['', 'one', 'two', 'three', 'four', 'five'];

function starsOf(row: Element): number | null {
  for (const link of [row, ...select(row, 'a')]) {
    const found = STARS_IN_LINK.exec(attr(link, 'href') ?? attr(link, 'data-reviews-state-param') ?? '');
    if (found !== null) return found[2] === undefined ? NAMES.indexOf(found[1] ?? '') : Number(found[2]);
  }
  return null;
}

/** "87%", "% 87", "87 %": the number of a text that is nothing but a percentage. */
function percentIn(text: string | null): number | null {
  const found = /^\s*(?:[%٪]\s*(\d{1,3})|(\d{1,3})(?:\s*[%٪])?)\s*$/.exec(asciiDigits(text ?? ''));
  const value = Number(found?.[1] ?? found?.[2] ?? Number.NaN);
  return value <= 100 ? value : null;
}

/** The one percentage in a text of several words ("5 star 68%"). */
function percentAmong(text: string): number | null {
  const found = [...asciiDigits(text).matchAll(/(\d{1,3})\s*[%٪]|[%٪]\s*(\d{1,3})/g)].map((one) => one[1] ?? one[2]);
  return new Set(found).size === 1 ? percentIn(found[0] ?? '') : null;
}

function percentOf(row: Element): number | null {
  const meter = first(row, '.a-meter');
  const width = /width:\s*(\d{1,3})(?:\.\d+)?%/.exec(attr(first(row, '.a-meter-bar'), 'style') ?? '')?.[1];
  return (
    percentIn(attr(meter, 'aria-valuenow')) ??
    percentIn(attr(meter, 'aria-label')) ??
    percentIn(width ?? null) ??
    percentAmong(textOf(row)) ??
    percentAmong(attr(row, 'aria-label') ?? '')
  );
}

/** Rows of the table or list; the one for five stars comes first. Empty when a row has no percentage. */
function fromMeters(page: Page): Histogram | null {
  for (const table of page.shownById('histogramTable')) {
    const all = select(table, 'tr, li');
    const metered = all.filter((row) => first(row, '.a-meter') !== null);
    const rows = metered.length > 0 ? metered : all;
    if (rows.length !== 5) continue;
    const shares = rows.map((row, i) => [String(starsOf(row) ?? 5 - i), percentOf(row)] as const);
    if (shares.every(([, percent]) => percent !== null)) {
      return Object.fromEntries(shares.map(([stars, percent]) => [stars, (percent ?? 0) / 100]));
    }
  }
  return null;
}

/** Before 2014: "75% of reviews have 5 stars" is the title of each row, its class names the stars. */
function fromTitles(page: Page): Histogram | null {
  if (!page.has('revH')) return null;
  const found = NAMES.slice(1).map((name, i) => {
    const title = attr(page.allByClass(`histoRow${name}`)[0], 'title') ?? '';
    const percent = /(\d{1,3})\s?%/.exec(title)?.[1];
    return percent === undefined ? null : ([String(i + 1), Number(percent) / 100] as const);
  });
  return found.every((row) => row !== null) ? Object.fromEntries(found) : null;
}

/** `rating_histogram`: share of each number of stars; empty when the page shows none or nobody has rated. */
export const ratingHistogram: Field<Histogram> = (page) => {
  const found = firstOf(page, [fromMeters, fromTitles]);
  return found !== null && Object.values(found).some((share) => share > 0) ? found : {};
};
