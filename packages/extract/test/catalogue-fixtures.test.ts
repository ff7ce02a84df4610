import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Domain, Language } from '@asa/contract';
import { createPage, type Page } from '../src/page/index.ts';
import { catalogueFields } from '../src/product/catalogue/index.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/product');

interface Meta {
  readonly url: string;
  readonly marketplace: Domain;
  readonly language: Language;
}

const json = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(FIXTURES, folder, file), 'utf8'));
const expectedOf = (folder: string): Record<string, unknown> =>
  json(folder, 'expected.json') as Record<string, unknown>;

function pageOf(folder: string): Page {
  const { url, marketplace, language } = json(folder, 'meta.json') as Meta;
  const asin = /\/dp\/(\w{10})/.exec(url)?.[1] ?? '';
  const target = { kind: 'product', domain: marketplace, language, country: null, url, asin } as const;
  return createPage({ body: readFileSync(join(FIXTURES, folder, 'page.html')), contentType: null, url, target });
}

const isField = (key: string): key is keyof typeof catalogueFields => Object.hasOwn(catalogueFields, key);

const folders = readdirSync(FIXTURES).sort();

for (const folder of folders) {
  const page = pageOf(folder);
  for (const [key, expected] of Object.entries(expectedOf(folder))) {
    test(`catalogue fixture ${folder}: ${key}`, () => {
      assert.ok(isField(key), `${key} is a field of the catalogue`);
      assert.deepEqual(catalogueFields[key](page), expected);
    });
  }
}

test('every field of the catalogue has a fixture that checks it', () => {
  const checked = new Set(folders.flatMap((folder) => Object.keys(expectedOf(folder))));
  assert.deepEqual(
    Object.keys(catalogueFields).filter((key) => !checked.has(key)),
    [],
  );
});
