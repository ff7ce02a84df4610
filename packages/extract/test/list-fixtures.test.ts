import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Domain, Language, ReadSearchPage, SearchTarget } from '@asa/contract';
import { readAs, SEARCH } from './verdict-tools.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/list');

interface Meta {
  readonly url: string;
  readonly marketplace: Domain;
  readonly language: Language;
  readonly query: string;
  readonly page: number;
}
type Values = Readonly<Record<string, unknown>>;
type Expected = Values & { readonly products: readonly Values[] };

const json = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(FIXTURES, folder, file), 'utf8'));

function listOf(folder: string): ReadSearchPage {
  const { url, marketplace: domain, language, query, page } = json(folder, 'meta.json') as Meta;
  const target: SearchTarget = { ...SEARCH, domain, language, url, query, page };
  const reading = readAs(readFileSync(join(FIXTURES, folder, 'page.html')), target);
  assert.ok(reading.verdict === 'list' || reading.verdict === 'no_results', reading.verdict);
  assert.equal(reading.verdict === 'no_results', reading.list.no_results);
  return reading.list;
}

/** Those values of what was read that the fixture says something about. */
const shownOf = (read: object, expected: Values): Values => {
  const values: Values = { ...read };
  return Object.fromEntries(Object.keys(expected).map((key) => [key, values[key]]));
};

for (const folder of readdirSync(FIXTURES).sort()) {
  describe(`list fixture ${folder}`, () => {
    const { products, ...facts } = json(folder, 'expected.json') as Expected;
    const list = listOf(folder);

    test('what the page says of its list', () => {
      assert.deepEqual(shownOf(list, facts), facts);
    });

    test('its products in order', () => {
      assert.deepEqual(
        list.products.map(({ asin }) => asin),
        products.map(({ asin }) => asin),
      );
    });

    for (const [i, card] of products.entries()) {
      test(`card ${i + 1}, ${String(card['asin'])}`, () => {
        assert.deepEqual(shownOf(list.products[i] ?? {}, card), card);
      });
    }
  });
}
