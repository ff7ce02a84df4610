import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountAnswer, Batch, BatchItemResult, ProductAnswer, SearchAnswer } from 'asa-client';
import * as fc from 'fast-check';
import { material } from '../../../tools/scenarios/server.ts';
import { briefAccount, briefBatch, briefProduct, briefSearch } from '../src/brief.ts';
import { BRIEF_TOKENS, estimateTokens, fit } from '../src/budget.ts';

const { samples } = material();
const sample = (name: string): unknown => samples[name];
const COST = { cost_credits: 5, credits_remaining: 410_000 };
const tokens = (facts: object): number => estimateTokens(JSON.stringify(facts));

/** Texts of every script, long ones too. */
const text = fc.oneof(
  fc.string({ maxLength: 400 }),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: fc.constantFrom('漢', '字', '🎧', 'ß', '9', '-', '"', '\n'), minLength: 100, maxLength: 400 }),
);

test('the estimate is above what tokenizers make of usual text', () => {
  // Counted once with the tokenizers o200k_base and cl100k_base of gpt-tokenizer; the larger count.
  for (const [piece, real] of [
    ['The quick brown fox jumps over the lazy dog.', 10],
    ['{"asin":"B0ASA00001","price":10.59,"currency":"USD"}', 19],
    ['ワイヤレスイヤホン ノイズキャンセリング', 23],
    ['https://www.amazon.com/dp/B0ASA00001', 12],
    ['Größe 10 µm, für Männer – wasserdicht', 14],
    ['سماعات بلوتوث لاسلكية', 16],
    ['🎧🎁', 6],
    [JSON.stringify(samples['product']).slice(0, 3000), 874],
  ] as const)
    assert.ok(estimateTokens(piece) >= real, `${piece.slice(0, 60)}: ${estimateTokens(piece)} < ${real}`);
});

test('a brief product has under 400 tokens, whatever the page shows', () => {
  const product = sample('product') as ProductAnswer;
  const real = briefProduct(product, COST);
  assert.ok(tokens(real) < BRIEF_TOKENS);
  assert.equal(real['price'], product.price);
  assert.ok(
    Array.isArray(real['highlights']) && real['highlights'].length > 0,
    'an ordinary product keeps its highlights',
  );
  fc.assert(
    fc.property(text, text, text, fc.array(text, { maxLength: 20 }), (title, brand, coupon, badges) => {
      const facts = briefProduct(
        {
          ...product,
          title,
          brand,
          coupon,
          stock: brand,
          bullet_points: badges.join('\n'),
          badges,
          sales_volume: title,
        },
        COST,
      );
      assert.ok(tokens(facts) < BRIEF_TOKENS, JSON.stringify(facts));
      for (const name of ['asin', 'title', 'request_id', 'cost_credits']) assert.ok(name in facts, name);
    }),
    { numRuns: 200 },
  );
});

test('a brief search has under 400 tokens and as many products as fit', () => {
  const search = sample('search') as SearchAnswer;
  const [card] = search.products;
  assert.ok(card);
  const many = { ...search, products: Array.from({ length: 60 }, () => card) };
  const real = briefSearch(many, COST);
  const shown = real['products'] as unknown[];
  assert.ok(tokens(real) < BRIEF_TOKENS);
  assert.ok(shown.length >= 5 && real['products_count'] === 60, `${shown.length} fit`);
  assert.deepEqual(briefSearch({ ...search, products: [], no_results: true }, COST)['products'], []);
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 30 }), (query, titles) => {
      const facts = briefSearch(
        { ...search, query, corrected_query: query, products: titles.map((title) => ({ ...card, title })) },
        COST,
      );
      assert.ok(tokens(facts) < BRIEF_TOKENS, JSON.stringify(facts));
    }),
    { numRuns: 100 },
  );
});

test('a brief batch has under 400 tokens and says where to go on', () => {
  const batch = { ...(sample('batch') as Batch), processed_count: 50, total_count: 50 };
  const item = sample('batch_item') as BatchItemResult;
  const results = Array.from({ length: 20 }, (_, i) => ({ ...item, index: i + 10 }));
  const facts = briefBatch(batch, results, 10);
  const shown = facts['results'] as unknown[];
  assert.ok(tokens(facts) < BRIEF_TOKENS && shown.length > 2);
  assert.equal(facts['next_result'], 10 + shown.length);
  assert.equal('next_result' in briefBatch({ ...batch, processed_count: 2 }, results.slice(0, 2), 0), false);
  assert.ok(tokens(briefAccount(sample('account') as AccountAnswer)) < BRIEF_TOKENS);
});

test('what does not fit goes from the end, and what is kept stays', () => {
  const facts = { a: 'x', b: 'y '.repeat(50), c: 'z '.repeat(50), d: [1, 2, 3] };
  assert.deepEqual(fit(facts, ['a'], 80), { a: 'x', b: facts.b });
  assert.deepEqual(fit({ a: 'x' }, [], 400), { a: 'x' });
});
