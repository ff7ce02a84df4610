import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_PRICE_REASONS, ProductItem } from '@asa/contract';
import fc from 'fast-check';
import { describeProduct, renderProduct } from '../src/index.ts';
import { factsOf, type State } from '../src/product/facts.ts';
import { eanCheck, familyOf, firstChildOf, isIsbn10, isbn13 } from '../src/product/identity.ts';
import { STATES } from '../src/product/states.ts';
import { ALPHANUMERIC } from '../src/random.ts';
import { SHOPS } from './support.ts';

const character = fc.constantFrom(...Array.from(ALPHANUMERIC));
const asinOf = fc.oneof(
  fc.string({ unit: character, minLength: 8, maxLength: 8 }).map((text) => `B0${text}`),
  fc.string({ unit: character, minLength: 10, maxLength: 10 }),
  fc.constantFrom('1849757097', '193435659X', 'SANDBOXSLO', 'BPAAAAAAA0'),
);
const shopOf = fc.constantFrom(...SHOPS);

test('the same product comes out twice, byte for byte, and its truth is a valid item', () => {
  fc.assert(
    fc.property(shopOf, asinOf, ([domain, language], asin) => {
      const product = describeProduct(domain, language, asin);
      assert.deepEqual(describeProduct(domain, language, asin), product);
      assert.equal(renderProduct(describeProduct(domain, language, asin)), renderProduct(product));
      ProductItem.parse(product.item);
      assert.deepEqual(Object.keys(product.item).toSorted(), Object.keys(ProductItem.shape).toSorted());
    }),
    { numRuns: 60 },
  );
});

test('a product never changes: one of them, word for word', () => {
  const { item } = describeProduct('co.uk', 'en_GB', 'B0GOLDEN01');
  assert.deepEqual(
    [item.title, item.price, item.currency, item.rating, item.reviews_count, item.page_state],
    ['Kestrelle KG-5924 Insulated Water Bottle, Forest Green', 15.95, 'GBP', 4.5, 20537, 'buybox'],
  );
});

test('figures of a product agree with each other', () => {
  fc.assert(
    fc.property(shopOf, asinOf, ([domain, language], asin) => {
      const { item, facts } = describeProduct(domain, language, asin);
      assert.equal(item.asin, asin);
      assert.equal(item.price === null, item.no_price_reason !== null, 'a price or a reason for none');
      assert.ok(item.no_price_reason === null || NO_PRICE_REASONS.includes(item.no_price_reason));
      assert.equal(item.price_buybox, item.price);
      assert.equal(item.buybox.length, item.price === null ? 0 : 1);
      assert.equal(item.featured_merchant?.name, item.buybox[0]?.seller_name);
      if (item.price !== null && item.price_strikethrough !== null) assert.ok(item.price_strikethrough > item.price);
      if (item.savings !== null) assert.ok((item.savings.percent ?? 0) > 0 && (item.savings.percent ?? 0) < 100);
      assert.equal(item.stock_left, item.availability === 'low_stock' ? facts.stockLeft : null);
      assert.ok((item.max_quantity ?? 0) <= (item.stock_left ?? 30));
      const shares = Object.values(item.rating_histogram);
      if (item.rating === null) assert.deepEqual(shares, []);
      else {
        assert.ok(Math.abs(shares.reduce((a, b) => a + b, 0) - 1) < 1e-9);
        const mean = Object.entries(item.rating_histogram).reduce((sum, [n, share]) => sum + Number(n) * share, 0);
        assert.ok(Math.abs(mean - item.rating) <= 0.0500001, `${mean} ${item.rating}`);
        assert.ok(item.reviews.length <= (item.reviews_count ?? 0));
      }
      assert.equal(new Set(item.images).size, item.images.length);
      assert.equal(item.has_videos, item.videos.length > 0);
      assert.equal(item.sales_rank.length, item.category.length - 1);
      assert.ok(!item.frequently_bought_together.includes(asin));
    }),
    { numRuns: 150 },
  );
});

test('numbers do not depend on the language of the page', () => {
  const numbers = (language: 'de_DE' | 'tr_TR') => {
    const { price, price_strikethrough, rating, reviews_count, images, variations, sales_rank } = describeProduct(
      'de',
      language,
      'B0LANGUAGE',
    ).item;
    return [
      price,
      price_strikethrough,
      rating,
      reviews_count,
      images,
      variations.map((v) => [v.asin, v.price]),
      sales_rank.map((r) => r.rank),
    ];
  };
  assert.deepEqual(numbers('de_DE'), numbers('tr_TR'));
});

test('variations: exactly one is selected, and each has the price that asking for it brings', () => {
  let families = 0;
  for (let i = 0; i < 40; i++) {
    const { item } = describeProduct('fr', 'fr_FR', `B0VAR${String(i).padStart(4, '0')}A`);
    if (item.variations.length === 0) {
      assert.equal(item.parent_asin, null);
      continue;
    }
    families++;
    assert.deepEqual(
      item.variations.filter((v) => v.selected).map((v) => v.asin),
      [item.asin],
    );
    assert.equal(new Set(item.variations.map((v) => JSON.stringify(v.dimensions))).size, item.variations.length);
    const selected = item.variations.find((one) => one.selected);
    for (const variation of item.variations) {
      const own = describeProduct('fr', 'fr_FR', variation.asin).item;
      assert.deepEqual([own.parent_asin, own.rating], [item.parent_asin, item.rating]);
      // A member without a swatch on the page shows neither price nor state.
      const differs = Object.entries(variation.dimensions).filter(
        ([name, value]) => selected?.dimensions[name] !== value,
      );
      if (differs.length > 1)
        assert.deepEqual([variation.price, variation.available, variation.image], [null, null, null]);
      else assert.deepEqual([variation.price, variation.available], [own.price, own.price !== null]);
      assert.deepEqual(own.variation_dimensions, Object.keys(variation.dimensions));
      assert.ok(
        Object.values(variation.dimensions).every((value) => own.title.includes(value)),
        own.title,
      );
    }
    assert.equal(firstChildOf(item.parent_asin ?? ''), item.variations[0]?.asin);
  }
  assert.ok(families >= 10, `${families} families in 40 products`);
});

test('every state of an offer occurs among a few hundred products', () => {
  const seen = new Map<State, number>();
  for (let i = 0; i < 600; i++) {
    const { state } = factsOf('com', `B0ST${String(i).padStart(6, '0')}`);
    seen.set(state, (seen.get(state) ?? 0) + 1);
  }
  for (const asin of ['BCST000001', 'BRST000001']) seen.set(factsOf('com', asin).state, 1);
  for (const state of Object.keys(STATES)) assert.ok(seen.has(state as State), `no product is ${state}`);
  assert.ok((seen.get('in_stock') ?? 0) > 300, 'most products can be bought');
});

test('book numbers', () => {
  assert.ok(isIsbn10('1849757097') && isIsbn10('193435659X'));
  assert.ok(!isIsbn10('1849757098') && !isIsbn10('B000000000') && !isIsbn10('19343565X9'));
  assert.equal(isbn13('1849757097'), '978-1849757096');
  assert.equal(eanCheck('400638133393'), 1);
  assert.equal(describeProduct('it', 'it_IT', '1849757097').item.kind, 'book');
  assert.equal(describeProduct('it', 'it_IT', '1849757098').item.kind, 'physical');
  const kinds = ['BK', 'BA', 'BM', 'BV', 'B0', 'BP'].map(
    (start) => describeProduct('it', 'it_IT', `${start}WORKS012`).item.kind,
  );
  assert.deepEqual(kinds, ['kindle', 'audible', 'music', 'video', 'physical', 'physical']);
});

test('only ASINs that begin with B0 and have no behaviour of their own have a family', () => {
  assert.equal(familyOf('SANDBOXSLO'), null);
  assert.equal(familyOf('1849757097'), null);
  assert.equal(familyOf('B0AAAAAAA7')?.members.length, 6);
  assert.ok(familyOf('B0AAAAAAA7')?.members.includes('B0AAAAAAA7'));
});
