import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDomain, type PageVerdict, type Target } from '@asa/contract';
import { pageOf, CORPUS, corpusBody, corpusRows, NO_CORPUS, type CorpusRow } from './page-tools.ts';
import { verdictOf as judged } from './judge-tools.ts';
import { PRODUCT, SEARCH, TARGETS, readAs, targetAt, verdictOf } from './verdict-tools.ts';

/** Kinds of pages that come instead of the one asked for: their verdict, and the status they come with. */
const INSTEAD: Readonly<Record<string, { readonly verdict: PageVerdict; readonly status: number }>> = {
  captcha: { verdict: 'captcha', status: 503 },
  continue_shopping: { verdict: 'continue_shopping', status: 500 },
  waf: { verdict: 'waf', status: 202 },
  error503: { verdict: 'service_unavailable', status: 503 },
  signin: { verdict: 'sign_in', status: 403 },
  notfound404: { verdict: 'not_found', status: 404 },
};

/** Saved as "other", yet a product's page. */
const REALLY_PRODUCTS = new Set(['pages/other/br_amazon-echo-dot-max-gerac-a_1.html']);

/** Statuses under which challenges come: the page decides all the same. */
const STATUSES = [202, 403, 404, 405, 410, 429, 500, 503] as const;
const statusFor = (row: CorpusRow): number => STATUSES[row.file.length % STATUSES.length] ?? 503;

const rows = NO_CORPUS === false ? corpusRows() : [];
const ofKind = (...kinds: string[]): CorpusRow[] => rows.filter((row) => kinds.includes(row.kind));

/** A target at the page's marketplace; the corpus has pages of one marketplace that the contract does not serve. */
const at = (target: Target, row: CorpusRow): Target =>
  isDomain(row.marketplace) ? targetAt(target, row.marketplace) : target;
const productOf = (row: CorpusRow, asin: string): Target => ({
  ...PRODUCT,
  ...at(PRODUCT, row),
  kind: 'product',
  asin,
});

describe('verdicts on the corpus', { skip: NO_CORPUS }, () => {
  test(`the corpus has pages of every kind (${CORPUS})`, () => {
    for (const kind of [...Object.keys(INSTEAD), 'product', 'search', 'bestsellers', 'offers', 'other']) {
      assert.ok(ofKind(kind).length > 0, kind);
    }
  });

  for (const [kind, { verdict, status }] of Object.entries(INSTEAD)) {
    test(`${kind}: ${verdict} under its status and under 200, for a product and for a search`, () => {
      for (const row of ofKind(kind)) {
        for (const target of TARGETS) {
          for (const shown of [status, 200]) {
            assert.equal(verdictOf(corpusBody(row), at(target, row), { status: shown }), verdict, row.file);
          }
        }
      }
    });
  }

  // Under status 200 they are read by the tests of fields, of words in products and of lists.
  test('product pages are products under any status, and those of another ASIN are a mismatch', () => {
    for (const row of ofKind('product')) {
      const body = corpusBody(row);
      assert.equal(verdictOf(body, productOf(row, row.asin ?? ''), { status: statusFor(row) }), 'product', row.file);
      assert.equal(verdictOf(body, productOf(row, 'B0AAAAAAAA')), 'other_product', row.file);
      assert.equal(verdictOf(body, at(SEARCH, row)), 'unknown', row.file);
    }
  });

  test('a parent that is answered by its child is the product; a sibling or a companion is another', () => {
    const seen = { parents: 0, others: 0 };
    for (const row of ofKind('product')) {
      const asin = row.asin ?? '';
      const reading = readAs(corpusBody(row), productOf(row, asin));
      assert.ok(reading.verdict === 'product', row.file);
      const { parent_asin: parent, variations, frequently_bought_together: companions } = reading.product;
      if (parent !== null && parent !== asin) {
        assert.equal(
          judged(corpusBody(row), { target: productOf(row, parent) }),
          'product',
          `${row.file} for ${parent}`,
        );
        seen.parents += 1;
      }
      const others = [...variations.map((one) => one.asin), ...companions].filter(
        (one) => ![asin, parent].includes(one),
      );
      for (const other of others.slice(0, 1)) {
        assert.equal(
          judged(corpusBody(row), { target: productOf(row, other) }),
          'other_product',
          `${row.file} for ${other}`,
        );
        seen.others += 1;
      }
    }
    assert.ok(seen.parents > 10 && seen.others > 20, JSON.stringify(seen));
  });

  test('search pages are lists under any status, and a shelf in place of a product', () => {
    for (const row of ofKind('search')) {
      const body = corpusBody(row);
      assert.equal(judged(body, { target: at(SEARCH, row), status: statusFor(row) }), 'list', row.file);
      assert.equal(verdictOf(body, at(PRODUCT, row)), 'shelf', row.file);
    }
  });

  test('best seller lists are a shelf in place of a product, and no list of results', () => {
    for (const row of ofKind('bestsellers')) {
      assert.equal(verdictOf(corpusBody(row), at(PRODUCT, row)), 'shelf', row.file);
      assert.equal(verdictOf(corpusBody(row), at(SEARCH, row)), 'unknown', row.file);
    }
  });

  test('fragments of offers are offers', () => {
    for (const row of ofKind('offers')) {
      for (const target of TARGETS) assert.equal(verdictOf(corpusBody(row), at(target, row)), 'offers', row.file);
    }
  });

  test('other pages are neither blocks nor answers', () => {
    for (const row of ofKind('other')) {
      if (REALLY_PRODUCTS.has(row.file)) {
        const reading = readAs(corpusBody(row), at(PRODUCT, row));
        assert.ok(reading.verdict === 'other_product' && reading.pageAsin !== null, row.file);
        assert.equal(verdictOf(corpusBody(row), productOf(row, reading.pageAsin)), 'product', row.file);
        continue;
      }
      assert.match(verdictOf(corpusBody(row), at(PRODUCT, row)), /^(?:home|shelf|unknown)$/, row.file);
      assert.match(verdictOf(corpusBody(row), at(SEARCH, row)), /^(?:home|unknown)$/, row.file);
    }
  });

  test('every product and search page is whole, and truncated when its last tenth is lost', () => {
    for (const row of ofKind('product', 'search')) {
      const body = corpusBody(row);
      assert.ok(pageOf(body).isWhole, row.file);
      const target = row.kind === 'product' ? productOf(row, row.asin ?? '') : at(SEARCH, row);
      const cut = body.subarray(0, Math.floor(body.length * 0.9));
      assert.equal(verdictOf(cut, target), 'truncated', row.file);
    }
  });
});
