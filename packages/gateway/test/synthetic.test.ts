import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARKETPLACES, type Domain, type Language, type ProductTarget, type SearchTarget } from '@asa/contract';
import { readPage, type Reading } from '@asa/extract';
import { describeProduct, describeSearch, QUERY_MARKERS, renderProduct, renderSearch } from '@asa/origin';

/**
 * What the origin writes, the extractor reads: for every marketplace in each of its languages, a product page gives the
 * product it was made from, and a result page its cards, field by field. The origin's truth is the text as a reader
 * sees it.
 */

/** Products, searches and their pages for each language of each marketplace. */
const ASINS = 15;
/** Electronic and spoken books, music and films first; the others are things. */
const STARTS = ['BK', 'BA', 'BM', 'BV', 'BC', 'BR'] as const;
const SEARCHES = [
  { query: 'chairs', page: 1 },
  { query: 'coffee mugs', page: 2 },
  { query: `${QUERY_MARKERS.misspelt} chairs`, page: 1 },
  { query: QUERY_MARKERS.nothing, page: 1 },
] as const;

const read = (html: string, url: string, target: ProductTarget | SearchTarget): Reading =>
  readPage({
    body: new TextEncoder().encode(html),
    contentType: 'text/html;charset=UTF-8',
    status: 200,
    headers: {},
    url,
    target,
  });

/** Every place has ASINs of its own: together they show every state a product can be in many times. */
const asinsOf = (domain: Domain, language: Language): string[] =>
  Array.from({ length: ASINS }, (_, i) => {
    const letters = `${domain}${language}${i}`.toUpperCase().replace(/[^A-Z0-9]/g, '');
    return `${STARTS[i] ?? 'B0'}${letters.slice(-8).padStart(8, 'X')}`;
  });

for (const { domain, languages } of MARKETPLACES) {
  for (const language of languages) {
    test(`amazon.${domain} in ${language}: products`, () => {
      for (const asin of asinsOf(domain, language)) {
        const product = describeProduct(domain, language, asin);
        const url = `https://www.amazon.${domain}/dp/${asin}`;
        const reading = read(renderProduct(product), url, {
          kind: 'product',
          asin,
          domain,
          language,
          country: null,
          url,
        });
        assert.ok(reading.verdict === 'product', `${asin}: ${reading.verdict}`);
        assert.deepEqual(reading.fields.failed, [], asin);
        assert.deepEqual(reading.product, product.item, asin);
      }
    });

    test(`amazon.${domain} in ${language}: searches`, () => {
      for (const { query, page } of SEARCHES) {
        const search = describeSearch({ domain, language, query, page, sort: null });
        const url = `https://www.amazon.${domain}/s?k=${encodeURIComponent(query)}&page=${page}`;
        const target: SearchTarget = { kind: 'search', query, page, domain, language, country: null, url };
        const reading = read(renderSearch(search), url, target);
        assert.ok(reading.verdict === 'list' || reading.verdict === 'no_results', `${query}: ${reading.verdict}`);
        assert.deepEqual(reading.list, search.read, query);
      }
    });
  }
}
