import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { type Domain, type Language, type SearchTarget } from '@asa/contract';
import { createPage } from '../src/page/index.ts';
import { extractSearch } from '../src/search/index.ts';
import { reading, verdictOf } from './judge-tools.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/search');

interface Meta {
  readonly url: string;
  readonly marketplace: Domain;
  readonly language: Language;
  readonly query: string;
  readonly page: number;
}

const json = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(FIXTURES, folder, file), 'utf8'));
const bodyOf = (folder: string): Buffer => readFileSync(join(FIXTURES, folder, 'page.html'));

function targetOf(folder: string): SearchTarget {
  const { url, marketplace, language, query, page } = json(folder, 'meta.json') as Meta;
  return { kind: 'search', domain: marketplace, language, country: null, url, query, page };
}

const read = (folder: string) => {
  const target = targetOf(folder);
  return extractSearch(createPage({ body: bodyOf(folder), contentType: null, url: target.url, target }));
};

for (const folder of readdirSync(FIXTURES).sort()) {
  const found = read(folder) as unknown as Record<string, unknown>;
  const expected = json(folder, 'expected.json') as Record<string, unknown> & { products: Record<string, unknown>[] };
  suite(`search fixture ${folder}`, () => {
    for (const key of Object.keys(expected).filter((one) => one !== 'products')) {
      test(key, () => assert.deepEqual(found[key], expected[key]));
    }
    const cards = found['products'] as Record<string, unknown>[];
    test('the cards in order', () => {
      assert.deepEqual(
        cards.map((card) => card['asin']),
        expected.products.map((card) => card['asin']),
      );
    });
    for (const [i, card] of expected.products.entries()) {
      for (const [key, value] of Object.entries(card)) {
        test(`card ${i + 1}: ${key}`, () => assert.deepEqual(cards[i]?.[key], value));
      }
    }
  });
}

suite('lists', () => {
  test('a page without a list is none', () => {
    const target = targetOf('grid-2025');
    const page = createPage({ body: Buffer.from('<html><body>x</body></html>'), contentType: null, url: '', target });
    assert.equal(extractSearch(page), null);
  });

  test('verdicts of lists', () => {
    const verdict = (folder: string) => verdictOf(bodyOf(folder), { target: targetOf(folder) });
    assert.equal(verdict('no-results'), 'no_results');
    assert.equal(verdict('no-results-old'), 'no_results');
    assert.equal(verdict('past-the-end'), 'list');
    assert.equal(verdictOf(bodyOf('past-the-end'), { target: { ...targetOf('past-the-end'), page: 1 } }), 'unknown');
    for (const folder of ['grid-2025', 'list-2022', 'items-2019', 'boxes-2014']) assert.equal(verdict(folder), 'list');
  });

  test('a page past the last is an empty list', () => {
    const result = reading(bodyOf('past-the-end'), { target: targetOf('past-the-end') });
    assert.ok(result.verdict === 'list');
    assert.deepEqual([result.list.products, result.list.no_results], [[], false]);
  });
});
