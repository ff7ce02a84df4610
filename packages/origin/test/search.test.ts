import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from 'cheerio/slim';
import { MARKETPLACES, SearchCard, SORTS } from '@asa/contract';
import { describeSearch, QUERY_MARKERS, renderSearch, RESULT_PAGES, type SearchInput } from '../src/index.ts';
import { SHOPS, has, lacks } from './support.ts';

const input = (over: Partial<SearchInput> = {}): SearchInput => ({
  domain: 'com',
  language: 'en_US',
  query: 'reading lamp',
  page: 1,
  sort: null,
  ...over,
});
const clean = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

test('a result page is the same each time and its truth is made of valid cards', () => {
  for (const { domain, languages } of MARKETPLACES) {
    const [language] = languages;
    const search = describeSearch(input({ domain, language }));
    assert.deepEqual(describeSearch(input({ domain, language })), search);
    for (const card of search.read.products)
      SearchCard.parse({ ...card, organic_position: 1, sponsored_position: null, page: 1 });
    assert.ok(search.cards.length >= 16 && search.cards.length <= 20);
  }
});

test('the page shows the truth, in every marketplace and language', () => {
  for (const [domain, language] of SHOPS) {
    const search = describeSearch(input({ domain, language }));
    const page = renderSearch(search);
    const $ = load(page);
    const cards = $('.s-main-slot div[data-component-type=s-search-result][data-asin]').toArray();
    const shown = cards.map((el) => {
      const card = $(el);
      const price = clean(card.find('[data-cy=price-recipe] .a-price:not(.a-text-price) .a-offscreen').first().text());
      return {
        asin: card.attr('data-asin'),
        title: clean(card.find('[data-cy=title-recipe] a h2 span').text()),
        price: price === '' ? null : price,
        sponsored: card.hasClass('AdHolder') && card.find('.puis-sponsored-label-text').length === 1,
      };
    });
    assert.deepEqual(
      shown,
      search.read.products.map((card) => ({
        asin: card.asin,
        title: clean(card.title),
        price: card.price_string === null ? null : clean(card.price_string),
        sponsored: card.is_sponsored,
      })),
      `${domain} ${language}`,
    );
    assert.ok($('.s-main-slot [data-asin]').length > cards.length, 'rails and banners that are no results');
    lacks(page, /undefined|\[object|NaN/);
    lacks($('#search').text(), /\{\w+\}|\u0001/, `${domain} ${language}`);
  }
});

test('pages of one query have different results, and there are seven of them', () => {
  const asins: string[] = [];
  for (let page = 1; page <= RESULT_PAGES; page++) {
    const organic = describeSearch(input({ page })).read.products.filter((card) => !card.is_sponsored);
    assert.equal(organic.length, 16);
    asins.push(...organic.map((card) => card.asin));
  }
  assert.equal(new Set(asins).size, RESULT_PAGES * 16);
  const past = describeSearch(input({ page: RESULT_PAGES + 1 }));
  assert.deepEqual([past.read.products, past.read.no_results], [[], false]);
  assert.equal(load(renderSearch(past))('[data-component-type=s-search-result]').length, 0);
  assert.notDeepEqual(describeSearch(input({ query: 'other' })).read.products, describeSearch(input()).read.products);
});

test('prices are sorted over all pages', () => {
  const prices = (sort: string): number[] =>
    Array.from({ length: RESULT_PAGES }, (_, i) => describeSearch(input({ sort, page: i + 1 })).read.products)
      .flat()
      .flatMap((card) => (card.is_sponsored || card.price === null ? [] : [card.price]));
  const rising = prices(SORTS.price_asc);
  assert.ok(rising.length > 80);
  assert.deepEqual(
    rising,
    rising.toSorted((a, b) => a - b),
  );
  assert.deepEqual(prices(SORTS.price_desc), rising.toReversed());
  const asins = (sort: string | null): string[] =>
    Array.from({ length: RESULT_PAGES }, (_, i) => describeSearch(input({ sort, page: i + 1 })).read.products)
      .flat()
      .flatMap((card) => (card.is_sponsored ? [] : [card.asin]));
  assert.deepEqual(asins(SORTS.price_asc).toSorted(), asins(null).toSorted(), 'sorting changes only the order');
  assert.notDeepEqual(asins(SORTS.newest), asins(null));
  assert.notDeepEqual(asins(SORTS.avg_customer_review), asins(null));
});

test('the words with a meaning of their own', () => {
  const nothing = describeSearch(input({ query: `blue ${QUERY_MARKERS.nothing}` }));
  assert.deepEqual([nothing.read.no_results, nothing.read.products, nothing.read.total_results], [true, [], null]);
  has(renderSearch(nothing), new RegExp(QUERY_MARKERS.nothing));
  const corrected = describeSearch(input({ query: `${QUERY_MARKERS.misspelt} lamp` }));
  assert.equal(corrected.read.corrected_query, `${QUERY_MARKERS.corrected} lamp`);
  assert.deepEqual(
    corrected.read.products,
    describeSearch(input({ query: `${QUERY_MARKERS.corrected} lamp` })).read.products,
  );
});

test('a query is shown as text', () => {
  const query = '<script>alert(1)</script> "&\'';
  const page = renderSearch(describeSearch(input({ query })));
  assert.ok(!page.includes('<script>alert'));
  const $ = load(page);
  assert.equal($('#twotabsearchtextbox').attr('value'), query);
  assert.ok($('.s-breadcrumb').text().includes(query));
});
