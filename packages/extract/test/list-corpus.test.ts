import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { isDomain, type ReadSearchPage, type SearchTarget } from '@asa/contract';
import { CORPUS, corpusBody, corpusRows, NO_CORPUS, type CorpusRow } from './page-tools.ts';
import { readAs, SEARCH, targetAt } from './verdict-tools.ts';

interface ScoredValue {
  readonly field: string;
  readonly ok: boolean;
}
interface Scorer {
  /** The corpus' own rules: a hand-made label against an answer. */
  readonly scoreSearch: (label: unknown, answer: unknown) => readonly ScoredValue[];
}
interface ScoredPage {
  readonly file: string;
  readonly values: readonly ScoredValue[];
}

const rows = NO_CORPUS === false ? corpusRows().filter((row) => row.kind === 'search') : [];

function targetOf({ marketplace, query }: CorpusRow): SearchTarget {
  assert.ok(isDomain(marketplace));
  return { ...SEARCH, ...targetAt(SEARCH, marketplace), kind: 'search', query: query ?? '' };
}

function listOf(row: CorpusRow): ReadSearchPage {
  const reading = readAs(corpusBody(row), targetOf(row));
  assert.ok(reading.verdict === 'list', `${row.file}: ${reading.verdict}`);
  return reading.list;
}

/** The answer of a request for this page only: its cards with their positions. */
function answerOf(list: ReadSearchPage) {
  const count = { organic: 0, sponsored: 0 };
  const products = list.products.map((card) => ({
    ...card,
    organic_position: card.is_sponsored ? null : ++count.organic,
    sponsored_position: card.is_sponsored ? ++count.sponsored : null,
    page: 1,
  }));
  return { ...list, products };
}

async function scored(): Promise<ScoredPage[]> {
  const { scoreSearch } = (await import(pathToFileURL(join(CORPUS, 'score.mjs')).href)) as Scorer;
  return rows
    .filter(({ label }) => typeof label === 'string')
    .map((row) => {
      const label: unknown = JSON.parse(readFileSync(join(CORPUS, String(row.label)), 'utf8'));
      return { file: row.file, values: scoreSearch(label, answerOf(listOf(row))) };
    });
}

const labelOf = (row: CorpusRow): { total_results_string?: string | null; language?: string } =>
  JSON.parse(readFileSync(join(CORPUS, String(row.label)), 'utf8')) as { total_results_string?: string | null };

describe('result lists of the corpus', { skip: NO_CORPUS }, () => {
  let pages: ScoredPage[] = [];
  before(async () => {
    pages = await scored();
  });
  const wrong = (isMeant: (field: string) => boolean): string[] =>
    pages.flatMap(({ file, values }) => values.filter((value) => isMeant(value.field) && !value.ok).map(() => file));

  test('the order of ASINs and the sponsored flags are exact on 16 of 17 pages', () => {
    assert.equal(pages.length, 17);
    const pagesWrong = new Set(wrong((field) => field === 'asins_in_order' || field === 'sponsored'));
    assert.ok(pagesWrong.size <= 1, [...pagesWrong].join(', '));
  });

  test('no page is taken for one without results', () => {
    assert.deepEqual(
      wrong((field) => field === 'no_results'),
      [],
    );
  });

  test('98 % of the labelled values of cards are right', () => {
    const values = pages.flatMap((page) => page.values).filter(({ field }) => field.startsWith('card.'));
    assert.ok(values.length > 1500, `${values.length} values`);
    const right = values.filter(({ ok }) => ok).length / values.length;
    assert.ok(
      right >= 0.98,
      `${(100 * right).toFixed(2)} %: ${wrong((field) => field.startsWith('card.')).join(', ')}`,
    );
  });

  test('the line over the list is read as shown, without the query', () => {
    const plain = (text: string | null | undefined): string =>
      (text ?? '').normalize('NFKC').replaceAll(/\s+/g, ' ').trim();
    for (const row of rows.filter(({ label }) => typeof label === 'string')) {
      const { total_results_string: shown } = labelOf(row);
      if (shown !== undefined) assert.equal(plain(listOf(row).total_results_string), plain(shown), row.file);
    }
  });

  test('every page has cards with a title, an ASIN and a URL of its marketplace', () => {
    for (const row of rows) {
      const { products } = listOf(row);
      assert.ok(products.length >= 10, `${row.file}: ${products.length} cards`);
      for (const { asin, title, url, price, currency, highest_price: highest, rating } of products) {
        assert.match(asin, /^[A-Z0-9]{10}$/, row.file);
        assert.ok(title.trim() !== '', row.file);
        assert.equal(url, `https://www.amazon.${row.marketplace}/dp/${asin}`);
        assert.equal(currency === null, price === null, `${row.file} ${asin}`);
        assert.ok(highest === null || (price !== null && highest > price), `${row.file} ${asin}`);
        assert.ok(rating === null || (rating >= 1 && rating <= 5), `${row.file} ${asin}`);
      }
    }
  });
});
