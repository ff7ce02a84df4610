import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { ProductItem } from '@asa/contract';
import { createPage, type Page } from '../src/page/index.ts';
import { offerFields } from '../src/product/offer/index.ts';
import { CORPUS, corpusBody, corpusRows, NO_CORPUS, type CorpusRow } from './page-tools.ts';

type Label = Readonly<Record<string, unknown>> & { readonly unsure?: Readonly<Record<string, string>> };
type Rule = (want: unknown, got: Partial<ProductItem>, label: Label) => boolean;

/** Fields of the scorer that this folder answers, and how many of the labelled values must be right. */
const SHARES: Readonly<Record<string, number>> = {
  price: 1,
  currency: 1,
  availability: 1,
  page_state: 1,
  price_min: 1,
  price_max: 1,
  price_strikethrough: 0.97,
  savings_percent: 0.97,
  unit_price: 0.97,
  stock: 0.97,
  seller_name: 0.97,
  seller_id: 0.97,
  ships_from: 0.97,
  is_amazon_fulfilled: 0.97,
  formats: 0.97,
  is_prime: 0.97,
  coupon: 0.97,
  deal: 0.97,
  delivery: 0.97,
  delivered_to: 0.97,
  returns: 0.97,
  offers_from: 0.97,
};

const rows = NO_CORPUS === false ? corpusRows().filter((row) => row.kind === 'product') : [];

function pageOf(row: CorpusRow, body: Uint8Array): Page {
  const url = `https://www.amazon.${row.marketplace}/dp/${row.asin ?? ''}`;
  const target = {
    kind: 'product',
    domain: row.marketplace,
    language: row.language,
    country: null,
    url,
    asin: row.asin,
  } as Page['target'];
  return createPage({ body, contentType: null, url, target });
}

type Offer = { [K in keyof typeof offerFields]: ReturnType<(typeof offerFields)[K]> };

const readAll = (page: Page): Offer =>
  Object.fromEntries(Object.entries(offerFields).map(([key, field]) => [key, field(page)])) as Offer;

const labelOf = (row: CorpusRow): Label => JSON.parse(readFileSync(join(CORPUS, row.label ?? ''), 'utf8')) as Label;

test('corpus: labelled values of the offer', { skip: NO_CORPUS }, async () => {
  const scorer = (await import(pathToFileURL(join(CORPUS, 'score.mjs')).href)) as { PRODUCT: Record<string, Rule> };
  const wrong = new Map<string, string[]>();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const label = labelOf(row);
    const got = readAll(pageOf(row, corpusBody(row)));
    for (const field of Object.keys(SHARES)) {
      if (!(field in label) || (label.unsure !== undefined && field in label.unsure)) continue;
      counts.set(field, (counts.get(field) ?? 0) + 1);
      if (scorer.PRODUCT[field]?.(label[field], got, label) !== true) {
        wrong.set(field, [...(wrong.get(field) ?? []), row.file]);
      }
    }
  }
  for (const [field, share] of Object.entries(SHARES)) {
    const all = counts.get(field) ?? 0;
    const bad = wrong.get(field) ?? [];
    assert.ok(
      all > 0 && (all - bad.length) / all >= share,
      `${field}: ${bad.length} of ${all} wrong: ${bad.join(' ')}`,
    );
  }
});

test('corpus: no price without a reason, no reason with a price', { skip: NO_CORPUS }, () => {
  for (const row of rows) {
    const page = pageOf(row, corpusBody(row));
    assert.equal(offerFields.price(page) === null, offerFields.no_price_reason(page) !== null, row.file);
  }
});

/** Amounts that must stay what they are or go, however the page is damaged. */
const AMOUNTS = ['price', 'price_buybox', 'price_min', 'price_max', 'price_subscribe'] as const;

test('corpus: a page that is cut short never shows another price', { skip: NO_CORPUS }, () => {
  for (const row of rows) {
    const body = corpusBody(row);
    const whole = readAll(pageOf(row, body));
    for (const share of [0.15, 0.3, 0.4, 0.55, 0.8]) {
      const page = pageOf(row, body.subarray(0, Math.floor(body.length * share)));
      for (const key of AMOUNTS) {
        const value = offerFields[key](page);
        assert.ok(value === null || value === whole[key], `${row.file} cut at ${share}: ${key} ${value}`);
      }
    }
  }
});

/** Regions whose loss must not bring another amount up. */
const REGIONS = [
  'apex_desktop',
  'corePriceDisplay_desktop_feature_div',
  'corePrice_feature_div',
  'corePrice_desktop',
  'desktop_buybox',
  'buybox',
  'newAccordionRow_0',
  'newAccordionRow',
  'usedAccordionRow',
  'snsAccordionRowMiddle',
  'kindle-price',
  'priceblock_ourprice',
  'actualPriceValue',
  'tmmSwatches',
  'price',
] as const;

test('corpus: a page without one of its regions never shows another price', { skip: NO_CORPUS }, () => {
  let removed = 0;
  for (const row of rows) {
    const body = corpusBody(row);
    const page = pageOf(row, body);
    const whole = readAll(page);
    const { outline } = page;
    for (const number of outline.withId) {
      const [start = 0, end = 0] = [outline.start[number], outline.end[number]];
      const at = outline.withId.indexOf(number);
      const id = page.raw.slice(outline.idStart[at], outline.idEnd[at]);
      if (!(REGIONS as readonly string[]).includes(id)) continue;
      const damaged = pageOf(row, Buffer.concat([body.subarray(0, start), body.subarray(end)]));
      removed++;
      for (const key of AMOUNTS) {
        const value = offerFields[key](damaged);
        assert.ok(value === null || value === whole[key], `${row.file} without #${id}: ${key} ${value}`);
      }
    }
  }
  assert.ok(removed > 100, `${removed} regions removed`);
});
