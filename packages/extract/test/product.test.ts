import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PRODUCT_FIELDS, ProductItem } from '@asa/contract';
import { firstOf, once } from '../src/product/field.ts';
import { extractProduct, productPage } from '../src/product/index.ts';
import { pageOf } from './page-tools.ts';

const PRICE = `<div id="corePriceDisplay_desktop_feature_div"><span class="a-price priceToPay">
  <span class="a-offscreen">$12.99</span></span></div><div id="availability"><span>In Stock</span></div>
  <input type="submit" id="add-to-cart-button">`;
const PRODUCT = `<html lang="en-us"><body><div id="dp" class="kitchen en_US"><span id="productTitle">Kettle</span>
  <input type="hidden" id="ASIN" value="B0TESTKET1">${PRICE}</div></body></html>`;

const fails = (): never => {
  throw new TypeError('a bug');
};

test('a product has every key with its type, and the report names each key once', () => {
  const { item, fields, bugs } = extractProduct(pageOf(PRODUCT));
  assert.ok(item !== null);
  assert.deepEqual(Object.keys(item).sort(), [...PRODUCT_FIELDS].sort());
  assert.deepEqual(ProductItem.parse(item), item);
  assert.deepEqual([...fields.found, ...fields.missing].sort(), [...PRODUCT_FIELDS].sort());
  assert.ok(fields.found.includes('title') && fields.missing.includes('brand'));
  assert.deepEqual([fields.failed, bugs], [[], []]);
});

test('a bug in one field leaves the rest, and is named', () => {
  const { item, fields, bugs } = extractProduct(pageOf(PRODUCT), { ...productPage, brand: fails, images: fails });
  assert.ok(item !== null);
  assert.equal(item.title, 'Kettle');
  assert.deepEqual([item.brand, item.images], [null, []]);
  assert.deepEqual(fields.failed, ['brand', 'images']);
  assert.ok(!fields.found.includes('brand') && !fields.missing.includes('brand'));
  assert.deepEqual(
    bugs.map(({ field, error }) => [field, error instanceof TypeError]),
    [
      ['brand', true],
      ['images', true],
    ],
  );
});

test('a bug in a vital field makes the page unreadable', () => {
  for (const field of ['asin', 'title', 'price', 'currency'] as const) {
    const { item, fields } = extractProduct(pageOf(PRODUCT), { ...productPage, [field]: fails });
    assert.equal(item, null, field);
    assert.deepEqual(fields.failed, [field]);
  }
});

test('without a title, or without a price and a reason for none, there is no product', () => {
  assert.equal(extractProduct(pageOf(PRODUCT.replace('id="productTitle"', 'id="x"'))).item, null);
  const silent = { ...productPage, price: () => null, no_price_reason: () => null };
  assert.equal(extractProduct(pageOf(PRODUCT), silent).item, null);
  const stated = { ...silent, no_price_reason: () => 'unavailable' as const };
  assert.notEqual(extractProduct(pageOf(PRODUCT), stated).item, null);
});

test('firstOf takes the first variant that shows something', () => {
  const page = pageOf('<p></p>');
  const read: string[] = [];
  const variant = (name: string, value: string | null) => () => {
    read.push(name);
    return value;
  };
  assert.equal(firstOf(page, [variant('a', null), variant('b', ''), variant('c', 'x'), variant('d', 'y')]), 'x');
  assert.deepEqual(read, ['a', 'b', 'c']);
  assert.equal(firstOf(page, [variant('e', null)]), null);
});

test('once reads a page once, and each page for itself', () => {
  let calls = 0;
  const field = once((page) => {
    calls++;
    return page.size;
  });
  const [a, b] = [pageOf('<p>1</p>'), pageOf('<p>22</p>')];
  assert.deepEqual([field(a), field(a), field(b), field(a)], [8, 8, 9, 8]);
  assert.equal(calls, 2);
});
