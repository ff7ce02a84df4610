import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMAINS, parseProductParams, parseSearchParams, rawParams } from '@asa/contract';
import { planProduct, planSearch } from '../src/index.ts';

const AMAZON = 'https://www.amazon.{domain}';
const product = (query: string, template = AMAZON) => planProduct(parseProductParams(rawParams(query)), template);
const search = (query: string, page: number, template = AMAZON) =>
  planSearch(parseSearchParams(rawParams(query)), page, template);

test('a product page keeps the chosen variation selected', () => {
  assert.equal(product('query=B000000000').url, 'https://www.amazon.com/dp/B000000000?th=1&psc=1');
});

test('the origin may be any server and path', () => {
  assert.equal(
    product('query=B000000000&domain=co.uk', 'http://127.0.0.1:9100/{domain}').url,
    'http://127.0.0.1:9100/co.uk/dp/B000000000?th=1&psc=1',
  );
  assert.equal(
    search('query=a+b&domain=co.uk', 2, 'http://127.0.0.1:9100/{domain}/').url,
    'http://127.0.0.1:9100/co.uk/s?k=a+b&page=2',
  );
});

test("a language that is not the marketplace's first is asked for", () => {
  assert.match(product('query=B000000000&domain=de&language=en_GB').url, /language=en_GB/);
  assert.doesNotMatch(product('query=B000000000&domain=de&language=de_DE').url, /language/);
});

test("sort_by becomes the marketplace's own parameter, page 1 and best_match none", () => {
  assert.equal(search('query=x', 1).url, 'https://www.amazon.com/s?k=x');
  assert.equal(search('query=x&sort_by=price_asc', 3).url, 'https://www.amazon.com/s?k=x&page=3&s=price-asc-rank');
});

test('a query with every kind of character stays one parameter', () => {
  const text = 'a&b=c#d/é手機%20"';
  const url = new URL(search(`query=${encodeURIComponent(text)}`, 1).url);
  assert.equal(url.searchParams.get('k'), text);
  assert.equal(url.hash, '');
});

test('every marketplace has its own address', () => {
  const hosts = DOMAINS.map((domain) => new URL(product(`query=B000000000&domain=${domain}`).url).host);
  assert.equal(new Set(hosts).size, DOMAINS.length);
});
