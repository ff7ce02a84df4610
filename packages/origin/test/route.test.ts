import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARKETPLACES } from '@asa/contract';
import fc from 'fast-check';
import { readRoute } from '../src/http/route.ts';

const product = (target: string, cookie?: string) => {
  const route = readRoute(target, cookie);
  assert.equal(route.kind, 'product', target);
  return route.kind === 'product' ? route : assert.fail();
};

test('every form of a product address', () => {
  for (const path of [
    '/dp/b000000000',
    '/dp/B000000000/',
    '/dp/B000000000?th=1&psc=1',
    '/gp/product/B000000000/ref=x',
    '/gp/aw/d/B000000000',
    '/d/B000000000',
    '/Some-Slug-%C3%BC/dp/B000000000/ref=sr_1_1?keywords=a',
    '/-/en/dp/B000000000',
    '/-/en/Slug/dp/B000000000',
  ]) {
    const route = product(`/de${path}`);
    assert.deepEqual([route.domain, route.asin], ['de', 'B000000000'], path);
  }
  assert.equal(product('http://www.example.test/de/dp/B000000000').asin, 'B000000000', 'absolute form of a proxy');
});

test('what is no product address', () => {
  for (const target of ['/de/dp/B00000000', '/de/dp/B0000000000', '/de/dpx/B000000000', '/de/gp/help'])
    assert.equal(readRoute(target, undefined).kind, 'other', target);
  for (const target of [
    '',
    '/',
    '*',
    '/amazon.de/dp/B000000000',
    '/DE/dp/B000000000',
    '/cn/dp/B000000000',
    '/__proto__/s?k=a',
  ])
    assert.equal(readRoute(target, undefined).kind, 'unknown_marketplace', target);
  assert.equal(readRoute('/de', undefined).kind, 'home');
  assert.equal(readRoute('/de/?ref=nav', undefined).kind, 'home');
});

test('a search with its page and sort', () => {
  const route = readRoute('/co.uk/s?k=+red+shoes%20&page=3&s=price-asc-rank', undefined);
  assert.ok(route.kind === 'search');
  assert.deepEqual([route.domain, route.query, route.page, route.sort], ['co.uk', 'red shoes', 3, 'price-asc-rank']);
  for (const page of ['0', '-1', 'x', '1.5', '']) {
    const odd = readRoute(`/com/s?k=a&page=${page}`, undefined);
    assert.ok(odd.kind === 'search' && odd.page === 1, page);
  }
  assert.equal(readRoute('/com/s', undefined).kind, 'other', 'no query, no search');
});

test('the language: query before path before cookie before the default', () => {
  assert.equal(product('/de/dp/B000000000').language, 'de_DE');
  assert.equal(product('/de/dp/B000000000', 'a=b; lc-acbde=cs_CZ').language, 'cs_CZ');
  assert.equal(product('/de/-/en/dp/B000000000', 'lc-acbde=cs_CZ').language, 'en_GB');
  assert.equal(product('/de/-/en/dp/B000000000?language=pl_PL').language, 'pl_PL');
  assert.equal(product('/de/dp/B000000000?language=en-gb').language, 'en_GB');
  assert.equal(
    product('/de/dp/B000000000?language=ja_JP', 'lc-acbfr=en_GB').language,
    'de_DE',
    'not of this marketplace',
  );
  assert.equal(product('/com/dp/B000000000', 'lc-main=es_US').language, 'es_US');
  assert.equal(product('/com.br/dp/B000000000', 'lc-acbbr=pt_BR').language, 'pt_BR');
});

test('each language of each marketplace can be asked for', () => {
  for (const { domain, languages } of MARKETPLACES)
    for (const language of languages)
      assert.equal(product(`/${domain}/dp/B000000000?language=${language}`).language, language);
});

test('no request target makes it throw', () => {
  const targets = fc.oneof(
    fc.string(),
    fc.string().map((text) => `/de/${text}`),
    fc.string().map((text) => `/com/s?k=${text}&page=${text}&language=${text}`),
    fc.constantFrom('//', '///', '/%', '/de/%E0%A4%A', '/de/dp/%', 'http://', 'http://[', '/de/\ud800', '/de?%%%'),
  );
  fc.assert(
    fc.property(
      targets,
      fc.option(fc.string(), { nil: undefined }),
      (target, cookie) => void readRoute(target, cookie),
    ),
  );
});
