import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_LANGUAGES, AVAILABILITY_ORDER, fill, shopWords } from '@asa/contract';
import { dealType } from '../src/product/offer/deal.ts';
import { percentIn } from '../src/product/offer/beside-price.ts';
import { isAmazon, nameIn } from '../src/product/offer/seller.ts';
import { stockClass, type StockClass } from '../src/product/offer/stock-class.ts';

const CLASSES: Readonly<Record<(typeof AVAILABILITY_ORDER)[number], StockClass>> = {
  notDeliverable: 'not_deliverable',
  noFeaturedOffer: 'other_sellers',
  availableFromTheseSellers: 'other_sellers',
  unavailable: 'unavailable',
  outOfStock: 'out_of_stock',
  preorder: 'preorder',
  backorder: 'backorder',
  shipsWithin: 'ships_later',
  onlyLeft: 'low_stock',
  lowStock: 'low_stock',
  inStock: 'in_stock',
};
const SELLERS = ['Amazon.com', 'Shop & Söhne GmbH', 'アマゾン'] as const;

for (const language of ALL_LANGUAGES) {
  test(`words of the offer: ${language}`, () => {
    const words = shopWords(language);
    for (const key of AVAILABILITY_ORDER) {
      for (const phrase of words[key]) {
        const text = fill(phrase, { n: 3, date: '12 May' });
        assert.equal(stockClass(text, words), CLASSES[key], `${key}: ${text}`);
      }
    }
    for (const phrase of words.selectOption) assert.equal(stockClass(phrase, words), 'select', phrase);
    for (const phrase of words.shipsFromAndSoldBy.filter((one) => one.includes('{seller}'))) {
      for (const seller of SELLERS) {
        const text = phrase.replace('{seller}', seller);
        assert.equal(nameIn(words.shipsFromAndSoldBy, text), seller, text);
      }
    }
    assert.equal(dealType(words.lightningDeal[0] ?? '', words), 'lightning');
    assert.equal(stockClass('', words), null);
    assert.equal(stockClass('zzz', words), 'unread');
  });
}

test("the retailer's own names, and names that only look like it", () => {
  const words = shopWords('en_US');
  for (const name of ['Amazon', 'Amazon.com', 'Amazon EU', 'Amazon Segunda mano', 'amazon warehouse']) {
    assert.ok(isAmazon(name, words), name);
  }
  for (const name of ['Amazonia Books', 'Amazing Shop', 'The Amazon Store', ''])
    assert.ok(!isAmazon(name, words), name);
});

test('percents in every script and order', () => {
  for (const [text, percent] of [
    ['-21 %', 21],
    ['−10%', 10],
    ['-%21', 21],
    ['(34 %)', 34],
    ['٪٢٥', 25],
    ['12.5%', 12.5],
    ['Save $5.00', null],
    ['110%', null],
  ] as const) {
    assert.equal(percentIn(text), percent, text);
  }
});
