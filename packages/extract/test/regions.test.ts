import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Domain, Language, ProductField, ProductItem } from '@asa/contract';
import { createPage, type Page } from '../src/page/index.ts';
import { isEmpty } from '../src/product/field.ts';
import { extractProduct } from '../src/product/index.ts';
import { corpusBody, corpusRows, NO_CORPUS, type CorpusRow } from './page-tools.ts';

/**
 * A page without one of its regions is never answered from another product's parts: each element with an id that the
 * extractor knows is taken out in turn, and every field keeps its value, says less of it, or becomes empty.
 */

/** Every word in the extractor's code that could be an id. */
function knownIds(): ReadonlySet<string> {
  const root = join(import.meta.dirname, '../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const code = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  return new Set([...code.matchAll(/['"#]([A-Za-z][\w.-]+)/g)].map((found) => found[1] ?? ''));
}

/** Equal, empty, `false` for `true`, or a part of it: fewer rows of a list or a map, fewer keys told of one thing. */
function saysNoMore(damaged: unknown, whole: unknown): boolean {
  if (isDeepStrictEqual(damaged, whole) || isEmpty(damaged) || damaged === false) return true;
  if (Array.isArray(damaged)) {
    return Array.isArray(whole) && damaged.every((one) => whole.some((other) => saysNoMore(one, other)));
  }
  if (typeof damaged !== 'object' || typeof whole !== 'object' || damaged === null || whole === null) return false;
  const before = new Map<string, unknown>(Object.entries(whole));
  return Object.entries(damaged).every(([key, value]) => saysNoMore(value, before.get(key)));
}

const letters = (text: string | null): string => (text ?? '').replace(/[^\p{L}\p{N}]/gu, '').replace(/0+$/, '');

/** A text that the whole page tells of this product somewhere: as a fact, in its description, or in the maker's words. */
function isToldOf(text: string | null, whole: ProductItem): boolean {
  const { product_details: details, product_overview: overview, technical_details: technical } = whole;
  const told = [details, overview, technical].flatMap((facts) => Object.values(facts));
  const all = letters([...told, whole.description ?? '', whole.aplus?.text ?? '', whole.bullet_points ?? ''].join(' '));
  return all.includes(letters(text));
}

type Rule = (damaged: ProductItem, whole: ProductItem) => boolean;

const anything: Rule = () => true;

/** Fields that may become something else, and what. Each other place shows the same product. */
const RULES: Partial<Readonly<Record<ProductField, Rule>>> = {
  // The reason of a state is that of the page that is left.
  availability: anything,
  page_state: anything,
  no_price_reason: (damaged, whole) => damaged.price === null || whole.price !== null,
  // A page without any amount names its marketplace's.
  currency: (damaged) => damaged.price === null,
  // "₹1,239" beside the title is "₹1,239.00" in the box.
  price_string: (damaged, whole) => letters(damaged.price_string) === letters(whole.price_string),
  // The head of the page cuts long names of places.
  delivered_to: anything,
  // The list price of the printed edition stands below that of the digital one.
  price_strikethrough: (damaged) => (damaged.price_strikethrough ?? 0) > (damaged.price ?? 0),
  price_strikethrough_label: anything,
  // Used and other offers are summed up at several places, each with its own lowest price.
  offers: anything,
  // Returns and condition are told at several places, each in words of its own.
  buybox: (damaged, whole) =>
    damaged.buybox.every((offer, i) => saysNoMore({ ...offer, returns: null, condition: null }, whole.buybox[i] ?? {})),
  // The same pictures in another size, or those of another gallery of the product.
  images: (damaged, whole) => damaged.images.length <= whole.images.length,
  // Facts are told twice, in the details and in the overview, in other words.
  manufacturer: (damaged, whole) => isToldOf(damaged.manufacturer, whole),
  model_number: (damaged, whole) => isToldOf(damaged.model_number, whole),
  product_dimensions: (damaged, whole) => isToldOf(damaged.product_dimensions, whole),
  item_weight: (damaged, whole) => isToldOf(damaged.item_weight, whole),
  product_details: (damaged, whole) => Object.values(damaged.product_details).every((value) => isToldOf(value, whole)),
  // Mobile pages have the text twice, once cut short.
  description: (damaged, whole) =>
    isToldOf(damaged.description, whole) ||
    letters(damaged.description).startsWith(letters(whole.description).slice(0, 40)),
  delivery: anything,
  // Of the story of the brand and the presentation one is left.
  aplus: (damaged, whole) => damaged.aplus?.images.every((url) => whole.aplus?.images.includes(url)) ?? true,
};

function pageOf(row: CorpusRow, body: Uint8Array): Page {
  const url = `https://www.amazon.${row.marketplace}/dp/${row.asin ?? ''}`;
  const [domain, language] = [row.marketplace as Domain, row.language as Language];
  return createPage({
    body,
    contentType: null,
    url,
    target: { kind: 'product', domain, language, country: null, url, asin: row.asin ?? '' },
  });
}

/** Fields that say something else than the whole page did. */
const changedFields = (damaged: ProductItem, whole: ProductItem, what: string): string[] =>
  (Object.keys(whole) as ProductField[])
    .filter((key) => !saysNoMore(damaged[key], whole[key]) && RULES[key]?.(damaged, whole) !== true)
    .map((key) => `${what}: ${key} ${JSON.stringify(damaged[key])}, not ${JSON.stringify(whole[key])}`);

test('corpus: a page without one of its regions shows the same product or less', { skip: NO_CORPUS }, () => {
  const known = knownIds();
  const changed: string[] = [];
  let removed = 0;
  for (const row of corpusRows().filter(({ kind }) => kind === 'product')) {
    const body = corpusBody(row);
    const page = pageOf(row, body);
    const whole = extractProduct(page).item;
    assert.ok(whole !== null, row.file);
    const { outline } = page;
    for (const [i, number] of outline.withId.entries()) {
      const id = page.raw.slice(outline.idStart[i], outline.idEnd[i]);
      if (!known.has(id)) continue;
      removed++;
      const rest = Buffer.concat([body.subarray(0, outline.start[number]), body.subarray(outline.end[number])]);
      const { item, bugs } = extractProduct(pageOf(row, rest));
      assert.deepEqual(bugs, [], `${row.file} without #${id}`);
      if (item !== null) changed.push(...changedFields(item, whole, `${row.file} without #${id}`));
    }
  }
  assert.deepEqual(changed, []);
  assert.ok(removed > 2000, `${removed} regions removed`);
});
