import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Domain, Language } from '@asa/contract';
import { createPage, type Page } from '../src/page/index.ts';
import { offerFields } from '../src/product/offer/index.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/offer');

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

const isField = (key: string): key is keyof typeof offerFields => Object.hasOwn(offerFields, key);

for (const folder of readdirSync(FIXTURES).sort()) {
  const page = pageOf(folder);
  for (const [key, expected] of Object.entries(expectedOf(folder))) {
    test(`offer fixture ${folder}: ${key}`, () => {
      assert.ok(isField(key), `${key} is a field of the offer`);
      assert.deepEqual(offerFields[key](page), expected);
    });
  }
  test(`offer fixture ${folder}: a price, or a reason for none`, () => {
    // A price that is there and cannot be read has no reason: such a page is not answered, and the fixture says so.
    const isUnread = expectedOf(folder)['no_price_reason'] === null && offerFields.price(page) === null;
    assert.equal(offerFields.price(page) === null && !isUnread, offerFields.no_price_reason(page) !== null);
  });
}

test('every field of the offer has a fixture that checks it', () => {
  const checked = new Set(readdirSync(FIXTURES).flatMap((folder) => Object.keys(expectedOf(folder))));
  assert.deepEqual(
    Object.keys(offerFields).filter((key) => !checked.has(key)),
    [],
  );
});
