import type { ProductItem } from '@asa/contract';
import type { Element } from 'domhandler';
import { parseDocument } from 'htmlparser2';
import { attr, hasClass, type Page } from '../../page/index.ts';
import { amountsIn } from '../../text/money.ts';
import { type Field, firstOf } from '../field.ts';
import { moneyOf } from './context.ts';
import { readPrice } from './price-node.ts';
import { visibleText } from './visible.ts';

type Format = ProductItem['formats'][number];

const ASIN_IN_LINK = /\/(?:dp|gp\/product|gp\/aw\/d|d)\/([A-Z0-9]{10})(?![A-Z0-9])/i;
/** "Paperback, Illustrated": the edition is no part of the format. */
const name = (text: string): string => text.replace(/\s*[:：–-]\s*$/, '').trim();

function asinOf(page: Page, element: Element, selected: boolean): string | null {
  for (const link of [element, ...page.select(element, 'a[href]')]) {
    const asin = ASIN_IN_LINK.exec(attr(link, 'href') ?? '')?.[1];
    if (asin !== undefined) return asin.toUpperCase();
  }
  return selected && page.target.kind === 'product' ? page.target.asin : null;
}

/** What one pays to own it: a subscription's zero gives way to the price "to buy" beside it. */
function priceOf(page: Page, swatch: Element): number | null {
  const main = page.first(
    swatch,
    '.slot-price, .a-button-text .a-color-price, .a-button-text .a-color-base, .audible_mm_price',
  );
  const context = moneyOf(page);
  const shown = main === null ? null : (readPrice(main, context) ?? amountsIn(visibleText(main), context)[0] ?? null);
  if (shown !== null && shown.amount !== 0) return shown.amount;
  const extra = page
    .select(swatch, '.slot-extraMessage, .extra-message, .slot-buyingPrice')
    .map((node) => amountsIn(visibleText(node), context)[0]);
  return extra.find((money) => money !== undefined && money.amount > 0)?.amount ?? shown?.amount ?? null;
}

/** Where the name of a format stands in its swatch, the newest markup first. */
const TITLES = ['.slot-title', '.a-button-text > span', '.a-list-item a span', 'span'] as const;

function formatOf(page: Page, element: Element): Format | null {
  const title = TITLES.map((selector) => page.first(element, selector)).find((node) => node !== null) ?? null;
  const format = name(visibleText(title));
  if (format === '' || /\p{Sc}/u.test(format)) return null;
  const selected = hasClass(element, 'selected') || page.first(element, '.selected') !== null;
  return { format, asin: asinOf(page, element, selected), price: priceOf(page, element), selected };
}

/** Books: one swatch a format. */
const swatches: Field<Format[]> = (page) => {
  const place = page.byId('tmmSwatches');
  const items = page.select(place, '.swatchElement, [id^="tmm-grid-swatch-"]');
  return items.map((item) => formatOf(page, item)).filter((format) => format !== null);
};

/** Tabs over the buy box, 2021. The last tabs are other sellers. */
const tabs: Field<Format[]> = (page) =>
  page.select(page.byId('mediaTabs_tabSet'), '[id^="mediaTab_heading_"]').flatMap((tab) => {
    const title = page.first(tab, '.mediaTab_title');
    const price = readPrice(page.first(tab, '.mediaTab_subtitle'), moneyOf(page));
    if (title === null || price === null) return [];
    const selected = hasClass(tab, 'a-active');
    return [{ format: name(visibleText(title)), asin: asinOf(page, tab, selected), price: price.amount, selected }];
  });

/** Mobile: a list behind a button; the marks of what is selected are set by a script. */
const list: Field<Format[]> = (page) =>
  page.select(page.byId('a-popover-mediaMatrix_secondary_view_div'), 'li').flatMap((item) => {
    const title = page.first(item, '.a-text-bold');
    if (title === null) return [];
    const asin = asinOf(page, item, false);
    const selected = page.target.kind === 'product' && asin === page.target.asin;
    const price = readPrice(page.first(item, '.a-color-price'), moneyOf(page));
    return [{ format: name(visibleText(title)), asin, price: price?.amount ?? null, selected }];
  });

/** 2013: a table whose rows hold stray end tags that close them: a row is cut out by its text and read on its own. */
const table: Field<Format[]> = (page) =>
  page.idsPresent().flatMap((id) => {
    const asin = /^tmm_([A-Z0-9]{10})$/.exec(id)?.[1];
    if (asin === undefined) return [];
    const row = parseDocument(page.between(new RegExp(`\\b${id}\\b`), /<\/tr\s*>/i, 10_000) ?? '');
    const format = name(visibleText(page.first(row, '.tmm_bookTitle')));
    if (format === '') return [];
    const price = readPrice(page.first(row, '.price'), moneyOf(page));
    const selected = (attr(page.byId(id), 'class') ?? '').includes('activeRow');
    return [{ format, asin, price: price?.amount ?? null, selected }];
  });

/** Films: links to the discs. */
const discs: Field<Format[]> = (page) =>
  page.select(page.byId('dv-center-features'), '[class*="linking-other-formats"] a').flatMap((link) => {
    const price = readPrice(page.first(link, '.a-color-secondary'), moneyOf(page));
    const format = name(visibleText(link, (part) => hasClass(part, 'a-color-secondary')));
    return format === ''
      ? []
      : [{ format, asin: asinOf(page, link, false), price: price?.amount ?? null, selected: false }];
  });

/** Formats of a book or film that the page offers, with what each costs to own. */
export const formats = (page: Page): ProductItem['formats'] =>
  firstOf(page, [swatches, tabs, list, table, discs]) ?? [];
