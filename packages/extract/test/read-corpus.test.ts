import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isDomain, marketplace, type Target } from '@asa/contract';
import { parseDocument } from 'htmlparser2';
import { createPage } from '../src/page/index.ts';
import { readMade, type PageInput } from '../src/read.ts';
import { corpusBody, corpusRows, elementsBelow, NO_CORPUS, type CorpusRow } from './page-tools.ts';

function inputOf(row: CorpusRow): PageInput {
  assert.ok(isDomain(row.marketplace));
  const domain = row.marketplace;
  const base = {
    domain,
    language: marketplace(domain).languages[0],
    country: null,
    url: `https://www.amazon.${domain}/dp/${row.asin}`,
  };
  const target: Target =
    row.kind === 'product'
      ? { ...base, kind: 'product', asin: row.asin ?? '' }
      : { ...base, kind: 'search', query: row.query ?? '', page: 1 };
  return { body: corpusBody(row), contentType: null, status: 200, headers: {}, url: base.url, target };
}

suite('the corpus, read', { skip: NO_CORPUS }, () => {
  test("what regions give is what htmlparser2's full document gives, field by field", () => {
    for (const kind of ['product', 'search']) {
      for (const row of corpusRows().filter((one) => one.kind === kind)) {
        const input = inputOf(row);
        const page = createPage(input);
        const full = elementsBelow(parseDocument(page.source()));
        assert.deepEqual(readMade(page, input), readMade(createPage(input, full), input), row.file);
      }
    }
  });

  test('a product page under an error status is a product, and no field fails', () => {
    for (const row of corpusRows().filter((one) => one.kind === 'product')) {
      const input = { ...inputOf(row), status: 503 };
      const reading = readMade(createPage(input), input);
      assert.ok(reading.verdict === 'product', `${row.file}: ${reading.verdict}`);
      assert.deepEqual([reading.fields.failed, reading.bugs], [[], []], row.file);
    }
  });

  test('half a page is never another answer: it is the same product, or truncated', () => {
    for (const row of corpusRows()
      .filter((one) => one.kind === 'product')
      .filter((_, i) => i % 2 === 0)) {
      const whole = inputOf(row);
      const full = readMade(createPage(whole), whole);
      assert.ok(full.verdict === 'product');
      for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
        const input = { ...whole, body: whole.body.subarray(0, Math.floor(whole.body.length * share)) };
        const cut = readMade(createPage(input), input);
        if (cut.verdict === 'truncated') continue;
        assert.ok(cut.verdict === 'product', `${row.file} cut at ${share}: ${cut.verdict}`);
        assert.deepEqual(
          [cut.product.asin, cut.product.title, cut.product.price, cut.product.currency, cut.product.availability],
          [full.product.asin, full.product.title, full.product.price, full.product.currency, full.product.availability],
          `${row.file} cut at ${share}`,
        );
      }
    }
  });
});
