import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPage } from '../src/page/index.ts';
import { extractSearch } from '../src/search/index.ts';

/** Lists before 2020: under the title stand a small date, or the word "by" and a name. */

const small = (text: string): string => `<span class="a-size-small a-color-secondary">${text}</span>`;

function brandOf(underTitle: string): string | null | undefined {
  const body = `<html lang="de-de"><body><ul id="s-results-list-atf"><li id="result_0" data-asin="B0TESTDATE" class="s-result-item celwidget">
    <div><a class="s-access-detail-page" href="/dp/B0TESTDATE"><h2 class="s-access-title">Buch</h2></a>${underTitle}</div></li></ul></body></html>`;
  const url = 'https://www.amazon.de/s?k=buch';
  const target = {
    kind: 'search',
    domain: 'de',
    language: 'de_DE',
    country: null,
    url,
    query: 'buch',
    page: 1,
  } as const;
  const page = createPage({ body: Buffer.from(body), contentType: null, url, target });
  return extractSearch(page)?.products[0]?.brand;
}

test('the date of publication beside a title is no brand', () => {
  const space = '<span class="a-letter-space"></span>';
  assert.equal(brandOf(`${space}${small('8. April 2019')}`), null);
  assert.equal(brandOf(`${space}${small('1985')}<div>${small('von ')}${small('Erika Muster')}</div>`), null);
});

test('a name after the word for "by" is one', () => {
  assert.equal(brandOf(`<div>${small('von ')}${small('Muster &amp; Co')}</div>`), 'Muster & Co');
});
