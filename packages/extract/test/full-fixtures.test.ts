import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Domain, Language, ProductField, Target } from '@asa/contract';
import { parseDocument } from 'htmlparser2';
import { createPage } from '../src/page/index.ts';
import { productPage } from '../src/product/index.ts';
import { readMade, readPage, type PageInput } from '../src/read.ts';
import { elementsBelow } from './page-tools.ts';

/**
 * The fixtures, read as the service reads pages and from htmlparser2's full document, which css-select searches: another
 * parser and another matcher must give every field the same value. `read-corpus.test.ts` does the same on real pages.
 */

const FIXTURES = join(import.meta.dirname, '../fixtures');

interface Meta {
  readonly url?: string;
  readonly marketplace?: Domain;
  readonly language?: Language;
}

function inputOf(folder: string, kind: 'product' | 'search'): PageInput {
  const file = join(folder, 'meta.json');
  const meta = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Meta) : {};
  const { url = 'https://www.amazon.com/dp/B000000000', marketplace = 'com', language = 'en_US' } = meta;
  const base = { domain: marketplace, language, country: null, url };
  const asin = /\/(?:dp|d|product)\/(\w{10})/.exec(url)?.[1] ?? 'B000000000';
  const target: Target = kind === 'product' ? { ...base, kind, asin } : { ...base, kind, query: 'kettle', page: 1 };
  return {
    body: readFileSync(join(folder, 'page.html')),
    contentType: null,
    status: 200,
    headers: {},
    url,
    target,
  };
}

const folders = readdirSync(FIXTURES)
  .flatMap((kind) => readdirSync(join(FIXTURES, kind)).map((name) => `${kind}/${name}`))
  .filter((name) => existsSync(join(FIXTURES, name, 'page.html')))
  .sort();

suite('fixtures: as from the full document', () => {
  for (const name of folders) {
    test(name, () => {
      for (const kind of ['product', 'search'] as const) {
        const input = inputOf(join(FIXTURES, name), kind);
        const full = elementsBelow(parseDocument(createPage(input).source()));
        assert.deepEqual(readMade(createPage(input, full), input), readPage(input), kind);
        if (kind === 'search') continue;
        // Also of pages that are judged something else: each field on its own.
        const [ours, theirs] = [createPage(input), createPage(input, full)];
        for (const field of Object.keys(productPage) as ProductField[]) {
          assert.deepEqual(productPage[field](theirs), productPage[field](ours), field);
        }
      }
    });
  }

  test('there are fixtures', () => assert.ok(folders.length > 200, `${folders.length}`));
});
