import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { ProductItem } from '@asa/contract';
import { createPage, type Page } from '../src/page/index.ts';
import { extractProduct } from '../src/product/index.ts';
import { catalogueFields } from '../src/product/catalogue/index.ts';
import { CORPUS, corpusBody, corpusRows, NO_CORPUS, type CorpusRow } from './page-tools.ts';

type Catalogue = { [K in keyof typeof catalogueFields]: ReturnType<(typeof catalogueFields)[K]> };
type Label = Readonly<Record<string, unknown>> & { readonly unsure?: Readonly<Record<string, string>> };
type Rule = (want: unknown, got: Partial<ProductItem>, label: Label) => boolean;

/** Fields of the scorer that the catalogue answers, and the share of labelled values that must be right. */
const SHARES: Readonly<Record<string, number>> = {
  asin: 1,
  title: 1,
  ...Object.fromEntries(
    (
      'parent_asin brand kind rating reviews_count rating_histogram answered_questions_count images_count main_image_id ' +
      'has_videos bullets description_starts breadcrumb sales_rank date_first_available model_number ' +
      'product_dimensions item_weight details_sample overview_sample variation_dimensions variations_asins ' +
      'selected_dimensions authors isbn13 isbn10 is_amazons_choice is_best_seller sales_volume review_ids first_review ' +
      'frequently_bought_together language'
    )
      .split(' ')
      .map((field) => [field, 0.97]),
  ),
};

const rows = NO_CORPUS === false ? corpusRows().filter((row) => row.kind === 'product') : [];

function pageOf(row: CorpusRow, body: Uint8Array): Page {
  const asin = row.asin ?? '';
  const url = `https://www.amazon.${row.marketplace}/dp/${asin}`;
  const { marketplace: domain, language } = row;
  const target = { kind: 'product', domain, language, country: null, url, asin } as Page['target'];
  return createPage({ body, contentType: null, url, target });
}

const readAll = (page: Page): Catalogue =>
  Object.fromEntries(Object.entries(catalogueFields).map(([key, field]) => [key, field(page)])) as Catalogue;

const labelOf = (row: CorpusRow): Label => JSON.parse(readFileSync(join(CORPUS, row.label ?? ''), 'utf8')) as Label;

test('corpus: labelled values of the catalogue', { skip: NO_CORPUS }, async () => {
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
    const [all, bad] = [counts.get(field) ?? 0, wrong.get(field) ?? []];
    const message = `${field}: ${bad.length} of ${all} wrong: ${bad.join(' ')}`;
    assert.ok(all > 0 && (all - bad.length) / all >= share, message);
  }
});

test('corpus: every product page is a product, and no field has a bug', { skip: NO_CORPUS }, () => {
  for (const row of rows) {
    const { item, fields, bugs } = extractProduct(pageOf(row, corpusBody(row)));
    assert.deepEqual(bugs, [], row.file);
    assert.ok(item !== null, `${row.file} is a product`);
    assert.deepEqual([...fields.found, ...fields.missing].length, Object.keys(item).length, row.file);
  }
});

/** Pages that come instead of a product, and fragments of one, are none. */
const INSTEAD = ['captcha', 'continue_shopping', 'waf', 'error503', 'signin', 'notfound404', 'offers', 'bestsellers'];

test('corpus: a page that comes instead is no product', { skip: NO_CORPUS }, () => {
  const others = corpusRows().filter((row) => INSTEAD.includes(row.kind));
  assert.ok(others.length > 30);
  for (const row of others) {
    const { item, bugs } = extractProduct(pageOf({ ...row, marketplace: 'com', language: 'en_US' }, corpusBody(row)));
    assert.deepEqual(bugs, [], row.file);
    assert.equal(item, null, row.file);
  }
});

/** Values that name the product: damage may take them away, but never change them. */
const NAMING = ['title', 'brand', 'rating', 'reviews_count', 'parent_asin', 'answered_questions_count'] as const;
/** Values that list things of the product: damage may shorten them. */
const LISTING = ['images', 'authors', 'reviews', 'variations', 'frequently_bought_together', 'sales_rank'] as const;

function assertSameOrLess(whole: Catalogue, damaged: Catalogue, what: string): void {
  for (const key of NAMING) {
    const value = damaged[key];
    assert.ok(value === null || value === '' || value === whole[key], `${what}: ${key} ${String(value)}`);
  }
  for (const key of LISTING) {
    assert.ok(damaged[key].length <= whole[key].length, `${what}: ${key} grew to ${damaged[key].length}`);
  }
}

test('corpus: a page that is cut short never shows another product', { skip: NO_CORPUS }, () => {
  for (const row of rows) {
    const body = corpusBody(row);
    const whole = readAll(pageOf(row, body));
    for (const share of [0.2, 0.45, 0.7]) {
      const page = pageOf(row, body.subarray(0, Math.floor(body.length * share)));
      assertSameOrLess(whole, readAll(page), `${row.file} cut at ${share}`);
    }
  }
});
