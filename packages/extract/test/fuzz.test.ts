import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Domain, Language, ProductItem } from '@asa/contract';
import { readPage, type Reading } from '../src/index.ts';
import { createPage } from '../src/page/index.ts';
import { extractProduct } from '../src/product/index.ts';
import { DAMAGES, REWRITINGS, sequence, type Change } from './damage.ts';
import { corpusBody, corpusRows, NO_CORPUS } from './page-tools.ts';

/**
 * Damaged pages, with a fixed seed: nothing throws, nothing hangs, no price is another one. Pages that are only written
 * differently give the same product, field by field.
 */

const SEED = 20_260_301;
/** One reading takes some 10 ms; a pattern that runs away takes minutes. */
const HANGS_MS = 10_000;

interface Case {
  readonly name: string;
  readonly body: Buffer;
  readonly domain: Domain;
  readonly language: Language;
  readonly asin: string;
}

function fixtures(): Case[] {
  const root = join(import.meta.dirname, '../fixtures');
  return ['product', 'offer'].flatMap((kind) =>
    readdirSync(join(root, kind))
      .filter((folder) => existsSync(join(root, kind, folder, 'meta.json')))
      .map((folder) => {
        const file = (name: string): Buffer => readFileSync(join(root, kind, folder, name));
        const meta = JSON.parse(file('meta.json').toString()) as {
          url: string;
          marketplace: Domain;
          language: Language;
        };
        const asin = /\/dp\/(\w{10})/.exec(meta.url)?.[1] ?? '';
        return { name: folder, body: file('page.html'), domain: meta.marketplace, language: meta.language, asin };
      }),
  );
}

const corpus = (): Case[] =>
  corpusRows()
    .filter((row) => row.kind === 'product')
    .map((row) => ({
      name: row.file,
      body: corpusBody(row),
      domain: row.marketplace as Domain,
      language: row.language as Language,
      asin: row.asin ?? '',
    }));

const inputOf = ({ domain, language, asin }: Case, body: Uint8Array, contentType: string | null) => {
  const url = `https://www.amazon.${domain}/dp/${asin}`;
  return { body, contentType, url, target: { kind: 'product', domain, language, country: null, url, asin } as const };
};

function timed<T>(read: () => T, what: string): T {
  const start = performance.now();
  const value = read();
  assert.ok(performance.now() - start < HANGS_MS, `${what} took ${performance.now() - start} ms`);
  return value;
}

/** The product of a page, null when it shows none any more. */
function productOf(one: Case, body: Uint8Array, what: string, contentType: string | null = null): ProductItem | null {
  const page = createPage(inputOf(one, body, contentType));
  const { item, bugs } = timed(() => extractProduct(page), what);
  assert.deepEqual(bugs, [], what);
  return item;
}

const UTF8 = 'text/html; charset=utf-8';
const changed = (one: Case, { name, apply }: Change, random: () => number): [Buffer, string] => [
  Buffer.from(apply(createPage(inputOf(one, one.body, null)).source(), random), 'utf8'),
  `${one.name}: ${name}`,
];

/** Amounts that damage may take away but never change. */
const AMOUNTS = ['price', 'price_buybox', 'price_min', 'price_max', 'price_subscribe'] as const;

function assertNoOther(whole: ProductItem, damaged: ProductItem | null, what: string): void {
  if (damaged === null) return;
  for (const key of AMOUNTS) {
    assert.ok(damaged[key] === null || damaged[key] === whole[key], `${what}: ${key} ${damaged[key]}`);
  }
  if (damaged.price !== null) assert.equal(damaged.currency, whole.currency, what);
}

const wholeOf = (one: Case): ProductItem => {
  const whole = productOf(one, one.body, one.name);
  assert.ok(whole !== null, one.name);
  return whole;
};

/** Each page in some of the rewritings: the seed chooses them. */
function rewrite(cases: readonly Case[], share: number): void {
  const random = sequence(SEED);
  for (const one of cases) {
    const whole = wholeOf(one);
    for (const change of REWRITINGS) {
      if (random() >= share) continue;
      const [body, what] = changed(one, change, random);
      assert.deepEqual(productOf(one, body, what, UTF8), whole, what);
    }
  }
}

function damage(cases: readonly Case[], rounds: number): void {
  const random = sequence(SEED);
  for (const one of cases) {
    const whole = wholeOf(one);
    for (const change of DAMAGES) {
      for (let round = 0; round < rounds; round++) {
        const [body, what] = changed(one, change, random);
        assertNoOther(whole, productOf(one, body, what, UTF8), what);
      }
    }
  }
}

function cut(cases: readonly Case[]): void {
  for (const one of cases) {
    const whole = wholeOf(one);
    for (let percent = 5; percent < 100; percent += 5) {
      const body = one.body.subarray(0, Math.floor((one.body.length * percent) / 100));
      assertNoOther(whole, productOf(one, body, `${one.name} cut at ${percent} %`), `${one.name} cut at ${percent} %`);
    }
  }
}

/** Fixtures of products: the others show parts of one. */
const products = (): Case[] => fixtures().filter((one) => productOf(one, one.body, one.name) !== null);

test('fixtures written differently are the same product', () => rewrite(products(), 1));
test('damaged fixtures never show another price', () => damage(products(), 6));
test('fixtures that are cut short never show another price', () => cut(products()));

test('corpus: pages written differently are the same product', { skip: NO_CORPUS }, () => rewrite(corpus(), 0.34));
test('corpus: damaged pages never show another price', { skip: NO_CORPUS }, () => damage(corpus(), 1));
test('corpus: pages that are cut short never show another price', { skip: NO_CORPUS }, () => cut(corpus()));

test('whatever the bytes are, a reading comes back', () => {
  const random = sequence(SEED);
  const [one] = fixtures();
  assert.ok(one !== undefined);
  const read = (body: Uint8Array): Reading =>
    timed(() => readPage({ ...inputOf(one, body, null), status: 200, headers: {} }), `${body.length} bytes`);
  for (let round = 0; round < 200; round++) {
    const noise = Buffer.from(Array.from({ length: Math.floor(random() * 4000) }, () => Math.floor(random() * 256)));
    assert.notEqual(read(noise).verdict, 'product');
    const at = Math.floor(random() * one.body.length);
    read(Buffer.concat([one.body.subarray(0, at), noise, one.body.subarray(at)]));
  }
});
