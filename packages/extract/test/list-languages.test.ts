import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ALL_LANGUAGES,
  fill,
  LANGUAGES,
  MARKETPLACES,
  placeholdersOf,
  shopWords,
  type Language,
  type ReadSearchPage,
  type SearchTarget,
} from '@asa/contract';
import { readAs, SEARCH } from './verdict-tools.ts';

/** Every phrase of every language in the place where a list says it. */

const QUERY = 'qzxv 12';

function targetOf(language: Language): SearchTarget {
  const row = MARKETPLACES.find(({ languages }) => (languages as readonly Language[]).includes(language));
  assert.ok(row !== undefined, language);
  return { ...SEARCH, domain: row.domain, language, query: QUERY };
}

const CARD = `<div data-asin="B0TESTLA01" data-component-type="s-search-result" class="s-result-item"><a href="/x"><h2><span>A kettle</span></h2></a></div>`;
const message = (text: string): string =>
  `<div data-asin="" class="s-result-item s-widget"><div class="s-no-outline"><div class="a-row">${text}</div></div></div>`;

function read(language: Language, over: string, items: string): ReadSearchPage {
  const tag = language.replace('_', '-').toLowerCase();
  const html = `<!doctype html><html lang="${tag}"><body><div id="search">${over}<div class="s-main-slot">${items}</div></div></body></html>`;
  const reading = readAs(html, targetOf(language));
  assert.ok(reading.verdict === 'list' || reading.verdict === 'no_results', `${language}: ${reading.verdict}`);
  assert.equal(reading.list.language, language);
  return reading.list;
}

/** The query in a sentence, set apart as the page does it. */
const withQuery = (phrase: string): string =>
  fill(phrase, { query: `<span class="a-color-state a-text-bold">"${QUERY}"</span>` });

const infoBar = (line: string): string =>
  `<span data-component-type="s-result-info-bar"><h1><div class="s-breadcrumb"><span>${line}</span></div></h1></span>`;

/** A number as the language's pages write it. */
const shown = (n: number, language: Language): string =>
  String(n).replaceAll(/\B(?=(\d{3})+$)/g, LANGUAGES[language].grouping[0] ?? '');

for (const language of ALL_LANGUAGES) {
  const words = shopWords(language);
  describe(`a list in ${language}`, () => {
    test('says that there are no results', () => {
      for (const phrase of words.noResults) {
        const {
          no_results: none,
          products,
          corrected_query: corrected,
        } = read(language, '', message(withQuery(phrase)));
        assert.deepEqual([none, products, corrected], [true, [], null], phrase);
      }
    });

    test('says which query it shows the results of', () => {
      for (const phrase of words.showingResultsFor) {
        const over = message(fill(phrase, { query: '<a href="/s?k=kettle"><b>kettle 12</b></a>' }));
        assert.equal(read(language, '', over + CARD).corrected_query, 'kettle 12', phrase);
      }
    });

    test('says how many results there are', () => {
      for (const phrase of [...words.overResults, ...words.resultsCount]) {
        const numbers = { from: 1, to: 16, total: shown(4000, language) };
        const line = fill(phrase, {
          ...numbers,
          query: `<span class="a-color-state">"${QUERY}"</span>`,
        });
        const { total_results: total, total_results_string: text } = read(language, infoBar(line), CARD);
        assert.equal(total, 4000, phrase);
        assert.ok(text !== null && text.includes(numbers.total) && !text.includes('qzxv'), `${phrase}: ${text}`);
        // "over" is a part of what is said of the number.
        if (!placeholdersOf(phrase).includes('query')) assert.equal(text, fill(phrase, numbers), phrase);
      }
    });

    test('says of a card that it was paid for', () => {
      for (const phrase of words.sponsored) {
        for (const label of [phrase, `[${phrase}]`]) {
          const card = CARD.replace('<a href', `<span class="a-color-secondary">${label}</span><a href`);
          assert.equal(read(language, '', card).products[0]?.is_sponsored, true, label);
        }
      }
    });
  });
}
