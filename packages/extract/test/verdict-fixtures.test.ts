import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { VERDICTS, type Domain, type Language, type PageVerdict, type Target, type Verdict } from '@asa/contract';
import type { Reading } from '../src/index.ts';
import { findSign } from '../src/judge/find-sign.ts';
import { FOREIGN_SIGNS, OTHER_KINDS, SIGNS, type Sign } from '../src/judge/signs.ts';
import { createPage, type Page } from '../src/page/index.ts';
import { readAs } from './verdict-tools.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/verdict');
const folders = readdirSync(FIXTURES).sort();

interface Meta {
  readonly url: string;
  readonly marketplace: Domain;
  readonly language: Language;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly target:
    | { readonly kind: 'product'; readonly asin: string }
    | { readonly kind: 'search'; readonly query: string; readonly page: number };
}

interface Fixture {
  readonly meta: Meta;
  readonly expected: { readonly verdict: PageVerdict } & Readonly<Record<string, unknown>>;
  readonly target: Target;
  readonly body: Buffer;
}

const json = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(FIXTURES, folder, file), 'utf8'));

function fixture(folder: string): Fixture {
  const meta = json(folder, 'meta.json') as Meta;
  const { marketplace: domain, language, url } = meta;
  return {
    meta,
    expected: json(folder, 'expected.json') as Fixture['expected'],
    target: { domain, language, country: null, url, ...meta.target },
    body: readFileSync(join(FIXTURES, folder, 'page.html')),
  };
}

function readingOf({ body, meta, target }: Fixture): Reading {
  const { status, headers } = meta;
  return readAs(body, target, { status, headers, contentType: headers['content-type'] ?? 'text/html' });
}

describe('verdict fixtures', () => {
  for (const folder of folders) {
    test(folder, () => {
      const one = fixture(folder);
      const reading = readingOf(one);
      const shown: Record<string, unknown> = { ...reading };
      assert.deepEqual(
        Object.fromEntries(Object.keys(one.expected).map((key) => [key, shown[key]])),
        one.expected,
        'as expected.json says',
      );
    });
  }
});

test('every verdict of a page has a fixture', () => {
  const shown = new Set<Verdict>(folders.map((folder) => fixture(folder).expected.verdict));
  const verdicts = Object.entries(VERDICTS).filter(([, { from }]) => from === 'page');
  assert.deepEqual(
    verdicts.map(([verdict]) => verdict).filter((verdict) => !shown.has(verdict as Verdict)),
    [],
  );
});

/** Signs are asked in order: one that no fixture reaches first could be lost without a test that fails. */
test('every sign is the one that decides some fixture', () => {
  const pages = folders.map((folder): readonly [Page, Meta] => {
    const { body, meta, target } = fixture(folder);
    return [createPage({ body, contentType: 'text/html', url: meta.url, target }), meta];
  });
  const deciding = (signs: readonly Sign[]): Set<Sign | null> =>
    new Set(pages.map(([page, meta]) => findSign(signs, page, meta.headers)));
  for (const signs of [SIGNS, OTHER_KINDS, FOREIGN_SIGNS]) {
    const found = deciding(signs);
    assert.deepEqual(
      signs.filter((sign) => !found.has(sign)),
      [],
    );
  }
});
