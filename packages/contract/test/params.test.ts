import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ApiError, DOMAINS, MARKETPLACES, parseProductParams, parseSearchParams, rawParams } from '../src/index.ts';

const problemOf = (read: () => unknown): ApiError => {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    return error;
  }
  return assert.fail('nothing was refused');
};
const product = (query: string) => parseProductParams(rawParams(query));
const search = (query: string) => parseSearchParams(rawParams(query));

test('a bare ASIN is upper-cased and gets the defaults', () => {
  assert.deepEqual(product('query=b0abcdef12'), {
    asin: 'B0ABCDEF12',
    domain: 'com',
    language: 'en_US',
    country: null,
    add_html: false,
  });
});

for (const url of [
  'https://www.amazon.co.jp/dp/B0ABCDEF12',
  'http://amazon.co.jp/gp/product/B0ABCDEF12/ref=x?psc=1',
  'www.amazon.co.jp/gp/aw/d/B0ABCDEF12#top',
  'amazon.co.jp/d/b0abcdef12/',
  'https://www.amazon.co.jp/-/en/Some-Slug/dp/B0ABCDEF12?th=1',
  'HTTPS://WWW.AMAZON.CO.JP/dp/B0ABCDEF12',
]) {
  test(`the URL ${url} names an ASIN and a marketplace`, () => {
    const { asin, domain, language } = product(`query=${encodeURIComponent(url)}`);
    assert.deepEqual({ asin, domain, language }, { asin: 'B0ABCDEF12', domain: 'co.jp', language: 'ja_JP' });
  });
}

for (const query of [
  'B0ABCDEF1',
  'B0ABCDEF123',
  'B0ABCDEF-2',
  '',
  ' ',
  'https://www.amazon.com/',
  'https://www.amazon.com/dp/B0ABCDEF1',
  'https://www.amazon.xyz/dp/B0ABCDEF12',
  'https://notamazon.com/dp/B0ABCDEF12',
  'https://www.amazon.com.evil.example/dp/B0ABCDEF12',
  'https://evil.example/www.amazon.com/dp/B0ABCDEF12',
  'https://www.amazon.com@evil.example/dp/B0ABCDEF12',
]) {
  test(`the query ${JSON.stringify(query)} is refused with its value`, () => {
    const error = problemOf(() => product(`query=${encodeURIComponent(query)}`));
    assert.equal(error.code, 'invalid_params');
    assert.ok(error.message.includes(JSON.stringify(query)) || error.message.includes('query'), error.message);
  });
}

test('every problem is named at once', () => {
  const { message } = problemOf(() => product('query=x&domain=xx&language=yy&country=ZZ&add_html=maybe'));
  for (const part of ['query "x"', 'domain "xx"', 'language "yy"', 'country "ZZ"', 'add_html "maybe"'])
    assert.ok(message.includes(part), `${part} in ${message}`);
});

test('a marketplace that contradicts the domain is refused', () => {
  const query = encodeURIComponent('https://www.amazon.de/dp/B0ABCDEF12');
  assert.equal(product(`query=${query}&domain=de`).domain, 'de');
  assert.match(problemOf(() => product(`query=${query}&domain=fr`)).message, /domain fr contradicts .* de/);
});

test('a language must be one of the marketplace', () => {
  for (const row of MARKETPLACES) {
    for (const language of row.languages)
      assert.equal(product(`query=B000000000&domain=${row.domain}&language=${language}`).language, language);
  }
  assert.match(problemOf(() => product('query=B000000000&domain=de&language=fr_FR')).message, /fr_FR .* de_DE, en_GB/);
});

test('a known parameter given twice, a NUL byte and broken UTF-8 are refused', () => {
  assert.match(problemOf(() => product('query=B000000000&query=B000000000')).message, /query was given 2 times/);
  assert.match(problemOf(() => search('query=a%00b')).message, /NUL byte/);
  assert.match(problemOf(() => search('query=a&foo=%00')).message, /"foo" contains a NUL byte/);
  assert.match(problemOf(() => search('query=%ED%A0%80')).message, /not valid UTF-8/);
  assert.match(
    problemOf(() => product('query=B000000000&render_js=1&render_js=1')).message,
    /render_js was given 2 times/,
  );
});

test('unknown parameters are ignored', () => {
  assert.equal(product('query=B000000000&foo=1&foo=2&=x').asin, 'B000000000');
});

test('a reserved parameter alone is not_implemented, beside another problem invalid_params with both', () => {
  for (const value of ['true', 'false', '', 'x'])
    assert.equal(problemOf(() => product(`query=B000000000&screenshot=${value}`)).code, 'not_implemented');
  const both = problemOf(() => product('query=x&render_js=1'));
  assert.equal(both.code, 'invalid_params');
  assert.match(both.message, /render_js/);
});

test('booleans are true, false, 1 and 0', () => {
  const values = ['true', '1', 'false', '0'].map((value) => product(`query=B000000000&add_html=${value}`).add_html);
  assert.deepEqual(values, [true, true, false, false]);
  assert.equal(problemOf(() => product('query=B000000000&add_html=TRUE')).code, 'invalid_params');
});

test('a search has its own parameters', () => {
  assert.deepEqual(search('query=%20a%20b%20&sort_by=newest&page=3&pages=2&country=de'), {
    query: 'a b',
    domain: 'com',
    language: 'en_US',
    country: 'DE',
    add_html: false,
    sort_by: 'newest',
    start_page: 3,
    pages: 2,
  });
  assert.equal(search('query=a&page=2&start_page=2').start_page, 2);
  assert.match(problemOf(() => search('query=a&page=2&start_page=3')).message, /differ/);
  for (const bad of ['pages=0', 'pages=11', 'pages=1.5', 'pages=-1', 'pages=', 'start_page=99', 'sort_by=cheap']) {
    assert.equal(problemOf(() => search(`query=a&${bad}`)).code, 'invalid_params', bad);
  }
  assert.equal(search(`query=${'x'.repeat(500)}`).query.length, 500);
  assert.match(problemOf(() => search(`query=${'x'.repeat(501)}`)).message, /501 characters/);
  assert.equal(problemOf(() => search('query=%20%20')).code, 'invalid_params');
});

test('no query string throws anything but an error of the table', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.webQueryParameters(),
        fc.string().map((s) => `query=${s}`),
      ),
      (query) => {
        for (const read of [product, search]) {
          try {
            const { domain } = read(query);
            assert.ok(DOMAINS.includes(domain));
          } catch (error) {
            assert.ok(error instanceof ApiError, String(error));
            assert.ok(error.message.length < 5000);
          }
        }
      },
    ),
  );
});
