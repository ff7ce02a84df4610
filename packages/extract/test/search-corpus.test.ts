import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  isDomain,
  marketplace,
  type Domain,
  type PageCard,
  type ReadSearchPage,
  type SearchTarget,
} from '@asa/contract';
import { createPage } from '../src/page/index.ts';
import { extractSearch } from '../src/search/index.ts';
import { CORPUS, corpusBody, corpusRows, NO_CORPUS, type CorpusRow } from './page-tools.ts';

interface ScoreRow {
  readonly field: string;
  readonly ok: boolean;
}
interface Scorer {
  readonly scoreSearch: (label: unknown, found: unknown) => ScoreRow[];
}

const domainOf = (row: CorpusRow): Domain => {
  assert.ok(isDomain(row.marketplace));
  return row.marketplace;
};

function read(row: CorpusRow): ReadSearchPage | null {
  const domain = domainOf(row);
  const [language] = marketplace(domain).languages;
  const target: SearchTarget = {
    kind: 'search',
    domain,
    language,
    country: null,
    url: '',
    query: row.query ?? '',
    page: 1,
  };
  return extractSearch(createPage({ body: corpusBody(row), contentType: null, url: '', target }));
}

/** Positions as the request gives them to one page. */
function placed(cards: readonly PageCard[]): unknown[] {
  let organic = 0;
  let sponsored = 0;
  return cards.map((card) => ({
    ...card,
    organic_position: card.is_sponsored ? null : ++organic,
    sponsored_position: card.is_sponsored ? ++sponsored : null,
  }));
}

const ASIN = /^[A-Z0-9]{10}$/;

suite('the result pages of the corpus', { skip: NO_CORPUS }, () => {
  test('order and sponsored flags are the labels, values nearly all', async () => {
    const { scoreSearch } = (await import(pathToFileURL(join(CORPUS, 'score.mjs')).href)) as Scorer;
    const wrong: string[] = [];
    let values = 0;
    for (const row of corpusRows().filter((one) => one.kind === 'search' && one.label != null)) {
      const label: unknown = JSON.parse(readFileSync(join(CORPUS, row.label ?? ''), 'utf8'));
      const found = read(row);
      assert.ok(found !== null, row.file);
      for (const { field, ok } of scoreSearch(label, { ...found, products: placed(found.products) })) {
        values++;
        if (ok) continue;
        assert.ok(field.startsWith('card.'), `${row.file}: ${field}`);
        wrong.push(`${row.file}: ${field}`);
      }
    }
    assert.equal(readdirSync(join(CORPUS, 'labels/search')).length > 0, true);
    // Rounded counts beside an exact one in full are labelled as rounded; nothing else may be wrong.
    assert.ok(
      wrong.every((one) => one.endsWith('card.reviews_count')),
      wrong.join('\n'),
    );
    assert.ok(wrong.length / values < 0.005, wrong.join('\n'));
  });

  test('every card of every page is whole', () => {
    for (const row of corpusRows().filter((one) => one.kind === 'search')) {
      const found = read(row);
      assert.ok(found !== null && found.products.length > 0, row.file);
      for (const card of found.products) {
        const where = `${row.file} ${card.asin}`;
        assert.ok(ASIN.test(card.asin) && card.title !== '' && card.url?.endsWith(card.asin), where);
        assert.equal(card.price === null, card.currency === null, where);
        assert.equal(card.price === null, card.price_string === null, where);
        if (card.price === null)
          assert.deepEqual([card.price_strikethrough, card.highest_price, card.unit_price], [null, null, null], where);
        if (card.price !== null && card.price_strikethrough !== null)
          assert.ok(card.price_strikethrough > card.price, where);
        assert.equal(card.rating === null, card.reviews_count === null, where);
      }
      assert.ok(found.total_results !== null && found.total_results >= found.products.length - 8, row.file);
    }
  });
});
