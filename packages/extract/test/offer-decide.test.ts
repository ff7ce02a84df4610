import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  availability,
  noPriceReason,
  pageState,
  pricelessState,
  type Availability,
  type NoPriceReason,
  type OfferSigns,
  type PageState,
} from '../src/product/offer/decide.ts';
import type { StockClass } from '../src/product/offer/stock-class.ts';

const NOTHING: OfferSigns = {
  select: false,
  undeliverable: false,
  outOfStockBox: false,
  seeAllOffers: false,
  buyable: false,
  preorderButton: false,
  priceShown: false,
  rangeShown: false,
  hiddenPrice: false,
  priceUnread: false,
  subscriptionOnly: false,
  stock: null,
};
const FLAGS = Object.keys(NOTHING).filter((key) => key !== 'stock') as Exclude<keyof OfferSigns, 'stock'>[];
const STOCKS: readonly (StockClass | null)[] = [
  null,
  'not_deliverable',
  'other_sellers',
  'unavailable',
  'out_of_stock',
  'preorder',
  'backorder',
  'ships_later',
  'low_stock',
  'in_stock',
  'select',
  'unread',
];

type Row = readonly [what: string, signs: Partial<OfferSigns>, PageState, Availability, NoPriceReason | null];

const BUYABLE = { buyable: true, priceShown: true } as const;
const ROWS: readonly Row[] = [
  ['nothing at all', {}, 'no_buybox', 'unknown', 'no_featured_offer'],
  ['a price without a button', { priceShown: true }, 'buybox', 'unknown', 'hidden_in_cart'],
  ['a price, a button, no words', BUYABLE, 'buybox', 'in_stock', 'hidden_in_cart'],
  ['in stock', { ...BUYABLE, stock: 'in_stock' }, 'buybox', 'in_stock', 'hidden_in_cart'],
  ['only three left', { ...BUYABLE, stock: 'low_stock' }, 'buybox', 'low_stock', 'hidden_in_cart'],
  ['leaves in two weeks', { ...BUYABLE, stock: 'ships_later' }, 'buybox', 'in_stock', 'hidden_in_cart'],
  ['words nobody knows', { ...BUYABLE, stock: 'unread' }, 'buybox', 'in_stock', 'hidden_in_cart'],
  ['back in a month', { ...BUYABLE, stock: 'backorder' }, 'buybox', 'backorder', 'hidden_in_cart'],
  ['not yet released', { ...BUYABLE, stock: 'preorder' }, 'buybox', 'preorder', 'hidden_in_cart'],
  ['a pre-order button', { ...BUYABLE, preorderButton: true }, 'buybox', 'preorder', 'hidden_in_cart'],
  ['out of stock, can be ordered', { ...BUYABLE, stock: 'out_of_stock' }, 'buybox', 'out_of_stock', 'hidden_in_cart'],
  ['out of stock', { stock: 'out_of_stock' }, 'unavailable', 'out_of_stock', 'unavailable'],
  [
    'out of stock, in its box',
    { outOfStockBox: true, stock: 'out_of_stock' },
    'unavailable',
    'out_of_stock',
    'unavailable',
  ],
  ['unavailable', { stock: 'unavailable' }, 'unavailable', 'unavailable', 'unavailable'],
  ['the out-of-stock box', { outOfStockBox: true }, 'unavailable', 'unavailable', 'unavailable'],
  ['not to this place', { undeliverable: true, outOfStockBox: true }, 'unavailable', 'unavailable', 'not_deliverable'],
  ['not to this place, in the text', { stock: 'not_deliverable' }, 'unavailable', 'unavailable', 'not_deliverable'],
  [
    'not to this place, price shown',
    { ...BUYABLE, undeliverable: true },
    'unavailable',
    'unavailable',
    'not_deliverable',
  ],
  ['see all offers', { seeAllOffers: true }, 'see_all_buying_options', 'unknown', 'no_featured_offer'],
  ['from these sellers', { stock: 'other_sellers' }, 'see_all_buying_options', 'unknown', 'no_featured_offer'],
  ['an offer beside the link to all', { ...BUYABLE, seeAllOffers: true }, 'buybox', 'in_stock', 'hidden_in_cart'],
  ['choose a size', { select: true, buyable: true }, 'select_variant', 'unknown', 'select_variant'],
  ['choose a size, hidden price', { select: true, hiddenPrice: true }, 'select_variant', 'unknown', 'select_variant'],
  ['a range', { rangeShown: true }, 'select_variant', 'unknown', 'select_variant'],
  ['a range with a button', { rangeShown: true, buyable: true }, 'select_variant', 'unknown', 'select_variant'],
  ['asked in words to choose', { stock: 'select', priceShown: true }, 'select_variant', 'unknown', 'select_variant'],
  ['price in the cart', { buyable: true, hiddenPrice: true }, 'buybox', 'in_stock', 'hidden_in_cart'],
  ['a price that cannot be read', { buyable: true, priceUnread: true }, 'buybox', 'in_stock', null],
  [
    'a price that cannot be read, told in the cart',
    { buyable: true, priceUnread: true, hiddenPrice: true },
    'buybox',
    'in_stock',
    'hidden_in_cart',
  ],
  ['by subscription only', { subscriptionOnly: true }, 'buybox', 'unknown', 'digital_subscription'],
  ['customize first', { ...BUYABLE, stock: 'select' }, 'buybox', 'unknown', 'hidden_in_cart'],
];

for (const [what, part, state, stock, reason] of ROWS) {
  test(`decision: ${what}`, () => {
    const signs: OfferSigns = { ...NOTHING, ...part };
    assert.equal(pageState(signs), state);
    assert.equal(availability(signs), stock);
    assert.equal(noPriceReason(signs), reason);
  });
}

function* everything(): Generator<OfferSigns> {
  for (const stock of STOCKS) {
    for (let bits = 0; bits < 2 ** FLAGS.length; bits++) {
      const flags = Object.fromEntries(FLAGS.map((flag, i) => [flag, (bits & (2 ** i)) !== 0]));
      yield { ...NOTHING, ...flags, stock };
    }
  }
}

test('decisions agree with each other for every combination of signs', () => {
  let seen = 0;
  for (const signs of everything()) {
    const state = pageState(signs);
    const stock = availability(signs);
    const reason = noPriceReason(signs);
    const shown = JSON.stringify(signs);
    const undeliverable = signs.undeliverable || signs.stock === 'not_deliverable';
    assert.equal(reason === 'not_deliverable', undeliverable, shown);
    if (undeliverable) assert.equal(stock, 'unavailable', shown);
    if (state === 'unavailable') assert.ok(stock === 'unavailable' || stock === 'out_of_stock', shown);
    if (state === 'unavailable') assert.ok(pricelessState(state) && reason !== 'hidden_in_cart', shown);
    if (state === 'see_all_buying_options') assert.equal(reason, 'no_featured_offer', shown);
    if (state === 'select_variant') assert.equal(reason, 'select_variant', shown);
    if (['see_all_buying_options', 'select_variant', 'no_buybox'].includes(state)) {
      assert.ok(stock === 'unknown' || state === 'no_buybox', shown);
    }
    if (stock === 'in_stock' || stock === 'low_stock' || stock === 'preorder')
      assert.ok(state === 'buybox' || state === 'no_buybox', shown);
    if (signs.buyable && !undeliverable) assert.notEqual(state, 'no_buybox', shown);
    assert.equal(
      reason === null,
      state === 'buybox' && signs.priceUnread && !signs.hiddenPrice && !signs.subscriptionOnly,
      shown,
    );
    if (reason === 'digital_subscription') assert.ok(signs.subscriptionOnly && !signs.hiddenPrice, shown);
    seen++;
  }
  assert.equal(seen, STOCKS.length * 2 ** FLAGS.length);
});
