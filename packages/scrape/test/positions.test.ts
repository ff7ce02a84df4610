import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PageCard } from '@asa/contract';
import { numberCards, START } from '../src/index.ts';

const card = (is_sponsored: boolean): PageCard => ({
  asin: 'B000000000',
  title: 't',
  url: null,
  image: null,
  price: null,
  price_string: null,
  price_strikethrough: null,
  highest_price: null,
  currency: null,
  unit_price: null,
  rating: null,
  reviews_count: null,
  sales_volume: null,
  is_prime: false,
  is_amazons_choice: false,
  best_seller: false,
  is_sponsored,
  coupon: null,
  delivery: null,
  brand: null,
  variations_count: null,
  badges: [],
});

test('exactly one position is set; both count from 1 and go on over the pages', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.boolean(), { maxLength: 8 }), { maxLength: 4 }), (pages) => {
      let from = START;
      const all = pages.flatMap((flags, index) => {
        const { cards, next } = numberCards(flags.map(card), index + 1, from);
        from = next;
        return cards;
      });
      const organic = all.filter((c) => !c.is_sponsored).map((c) => c.organic_position);
      const sponsored = all.filter((c) => c.is_sponsored).map((c) => c.sponsored_position);
      assert.deepEqual(
        organic,
        organic.map((_, i) => i + 1),
      );
      assert.deepEqual(
        sponsored,
        sponsored.map((_, i) => i + 1),
      );
      assert.ok(all.every((c) => (c.organic_position === null) !== (c.sponsored_position === null)));
    }),
  );
});
