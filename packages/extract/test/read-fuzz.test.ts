import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ProductItem, SearchPage, VERDICTS } from '@asa/contract';
import { CORPUS, corpusBody, corpusRows, NO_CORPUS } from './page-tools.ts';
import { numbersFrom, PRODUCT, readAs, SEARCH, TARGETS } from './verdict-tools.ts';

const SEED = 7_919;

/** Pieces that break pages: ends and beginnings of everything, bytes of no encoding, deep nests, huge values. */
const PIECES: readonly Buffer[] = [
  '<',
  '>',
  '</',
  '"',
  "'",
  '<!--',
  '-->',
  '<![CDATA[',
  '<script>',
  '</script>',
  '<style>',
  '<textarea>',
  '<title>',
  '</div></div></div></div>',
  '</body></html>',
  '<div id="',
  '<div id="dp"><h1 id="title">t</h1>',
  '<span id="productTitle">',
  '<div data-component-type="s-search-result" data-asin="B000000001">',
  '<li class="s-result-item" data-asin="B000000001">',
  '&#0;',
  '&#x110000;',
  '&amp',
  '{"a":[',
  '"dimensionValuesDisplayData" : {"',
  "'colorImages': { 'initial': [{",
  'parseJSON(\'{"',
  '<script type="application/ld+json">{"@type":"Product","offers":',
  '<script type="a-state" data-a-state="{&quot;key&quot;:&quot;',
  '\0',
  '99999999999999999999999999999999',
  '$1e309',
  '-',
  '<b>'.repeat(2_000),
  '<table><tr><td>'.repeat(300),
  'x'.repeat(5_000),
]
  .map((text) => Buffer.from(text))
  .concat(Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x80]), Buffer.from('\uD83D\uDE00\u200F\u0660', 'utf8'));

type Random = () => number;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/** One change of a page: cut, a piece put in, a part lost, doubled or moved, single bytes changed. */
function mutated(page: Buffer, random: Random): Buffer {
  const at = below(random, page.length + 1);
  const end = Math.min(page.length, at + below(random, 400));
  switch (below(random, 6)) {
    case 0:
      return page.subarray(0, at);
    case 1:
      return Buffer.concat([
        page.subarray(0, at),
        PIECES[below(random, PIECES.length)] ?? Buffer.of(),
        page.subarray(at),
      ]);
    case 2:
      return Buffer.concat([page.subarray(0, at), page.subarray(end)]);
    case 3:
      return Buffer.concat([page.subarray(0, end), page.subarray(at)]);
    case 4:
      return Buffer.concat([page.subarray(at, end), page.subarray(0, at), page.subarray(end)]);
    default: {
      const changed = Buffer.from(page);
      for (let i = 0; i < 8 && page.length > 0; i++) changed[below(random, page.length)] = below(random, 256);
      return changed;
    }
  }
}

/** Whatever the bytes are: a known verdict, no field that threw, and answers as the contract has them. */
function holds(body: Buffer, name: string): void {
  for (const target of TARGETS) {
    const reading = readAs(body, target);
    assert.ok(Object.hasOwn(VERDICTS, reading.verdict), name);
    if (reading.verdict === 'product') {
      assert.deepEqual(reading.bugs, [], name);
      const { product } = reading;
      const shape = ProductItem.safeParse(product);
      assert.ok(shape.success, `${name}: ${shape.error?.message}`);
    } else if (reading.verdict === 'list' || reading.verdict === 'no_results') {
      const products = reading.list.products.map((card) => ({
        ...card,
        organic_position: null,
        sponsored_position: null,
        page: 1,
      }));
      const shape = SearchPage.safeParse({ ...reading.list, products });
      assert.ok(shape.success, `${name}: ${shape.error?.message}`);
    }
  }
}

const FIXTURES = join(import.meta.dirname, '../fixtures');
const pagesBelow = (folder: string): { name: string; body: Buffer }[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html'))
    .sort()
    .map((name) => ({ name, body: readFileSync(join(folder, name)) }));

describe('readPage does not throw', () => {
  test('on every fixture, changed one to four times', () => {
    const random = numbersFrom(SEED);
    for (const { name, body } of pagesBelow(FIXTURES)) {
      for (let n = 0; n < 8; n++) {
        let page = body;
        for (let changes = 1 + below(random, 4); changes > 0; changes--) page = mutated(page, random);
        holds(page, `${name}, change ${n}`);
      }
    }
  });

  test('on a product and a list cut at every fourth byte', () => {
    const cases = [
      ['verdict/product-parent-by-default-child/page.html', PRODUCT],
      ['search/grid-2025/page.html', SEARCH],
    ] as const;
    for (const [file, target] of cases) {
      const page = readFileSync(join(FIXTURES, file));
      const end = page.lastIndexOf('</html>') + '</html>'.length;
      for (let at = 0; at < end; at += 4) {
        const { verdict } = readAs(page.subarray(0, at), target);
        assert.match(verdict, /^(?:truncated|empty|not_html)$/, `${file} cut at ${at}`);
      }
    }
  });

  test('on bytes of every kind', () => {
    const random = numbersFrom(SEED + 1);
    for (let n = 0; n < 200; n++) {
      const parts = Array.from(
        { length: below(random, 40) },
        () => PIECES[below(random, PIECES.length)] ?? Buffer.of(),
      );
      holds(Buffer.concat(parts), `pieces ${n}`);
      holds(Buffer.from(Array.from({ length: below(random, 300) }, () => below(random, 256))), `bytes ${n}`);
    }
  });
});

describe('readPage does not throw on pages of the corpus', { skip: NO_CORPUS }, () => {
  test(`cut or changed, two of each (${CORPUS})`, () => {
    const random = numbersFrom(SEED + 2);
    for (const row of NO_CORPUS === false ? corpusRows() : []) {
      const body = corpusBody(row);
      let page = body;
      for (let n = 0; n < 2; n++) {
        page = mutated(page, random);
        holds(page, `${row.file}, change ${n}`);
      }
    }
  });
});
