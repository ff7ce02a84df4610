import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPage, type Page, textOf } from '../src/page/index.ts';
import { catalogueFields } from '../src/product/catalogue/index.ts';
import { offerFields } from '../src/product/offer/index.ts';
import { visibleText } from '../src/product/offer/visible.ts';

/** Blocks of another product under the ids of the page's own, where a shopper does not see them or in a rail. */

const ASIN = 'B0TESTSHOW';
const url = `https://www.amazon.com/dp/${ASIN}`;

function pageOf(body: string): Page {
  const target = { kind: 'product', domain: 'com', language: 'en_US', country: null, url, asin: ASIN } as const;
  return createPage({ body: Buffer.from(`<html><body>${body}</body></html>`), contentType: null, url, target });
}

const WAYS: Readonly<Record<string, (block: string) => string>> = {
  'by its style': (block) => `<div style="color: red; display: none">${block}</div>`,
  'by a class of the site': (block) => `<div><div class="a-row aok-hidden">${block}</div></div>`,
  'by an attribute': (block) => `<section hidden>${block}</section>`,
  'in a template': (block) => `<template>${block}</template>`,
  'for readers without scripts': (block) => `<noscript>${block}</noscript>`,
  'in a rail': (block) => `<ol class="a-carousel"><li class="a-carousel-card">${block}</li></ol>`,
};

const OWN = `
  <div id="dp" class="home en_US"><span id="productTitle">Own lamp</span>
  <a id="bylineInfo" href="/stores/Lumo/page/1">Visit the Lumo Store</a>
  <div id="averageCustomerReviews"><i class="a-icon-star"><span class="a-icon-alt">4.5 out of 5 stars</span></i></div>
  <div id="feature-bullets"><ul><li><span class="a-list-item">Own words</span></li></ul></div>
  <div id="prodDetails"><table><tr><th>Item Weight</th><td>2 pounds</td></tr></table></div>
  <img id="landingImage" src="https://m.media-amazon.com/images/I/own.jpg">
  <div id="buybox"><div id="corePrice_feature_div"><span class="a-price"><span class="a-offscreen">$20.00</span></span></div>
  <div id="availability">In Stock</div><input id="add-to-cart-button" type="submit"></div></div>`;
const OTHER = OWN.replace('Own lamp', 'Other lamp')
  .replace(/Lumo/g, 'Umbra')
  .replace('4.5', '1.5')
  .replace('Own words', 'Other words')
  .replace('2 pounds', '9 pounds')
  .replace('own.jpg', 'other.jpg')
  .replace('$20.00', '$7.00')
  .replace('id="dp"', 'id="dp2"');

const read = (page: Page) => ({
  title: catalogueFields.title(page),
  brand: catalogueFields.brand(page),
  rating: catalogueFields.rating(page),
  bullets: catalogueFields.bullet_points(page),
  weight: catalogueFields.item_weight(page),
  images: catalogueFields.images(page),
  price: offerFields.price(page),
  boxed: offerFields.price_buybox(page),
});
const EXPECTED = {
  title: 'Own lamp',
  brand: 'Lumo',
  rating: 4.5,
  bullets: 'Own words',
  weight: '2 pounds',
  images: ['https://m.media-amazon.com/images/I/own.jpg'],
  price: 20,
  boxed: 20,
};

for (const [way, hide] of Object.entries(WAYS)) {
  test(`blocks of another product that stand ${way} change nothing, before and behind the page's own`, () => {
    assert.deepEqual(read(pageOf(hide(OTHER) + OWN)), EXPECTED);
    assert.deepEqual(read(pageOf(OWN + hide(OTHER))), EXPECTED);
    // A kind of box that is looked for first.
    assert.deepEqual(read(pageOf(hide(OTHER.replace('id="buybox"', 'id="desktop_buybox"')) + OWN)), EXPECTED);
  });
}

test('of elements with one id the first that is shown is taken, and the first of all where none is', () => {
  const hidden = '<p id="x" class="aok-hidden">hidden</p>';
  const page = pageOf(`${hidden}<p id="x">shown</p><p id="x">again</p>`);
  assert.equal(textOf(page.byId('x')), 'shown');
  assert.deepEqual(
    page.shownById('x').map((one) => textOf(one)),
    ['shown', 'again'],
  );
  assert.equal(textOf(pageOf(hidden).byId('x')), 'hidden');
  assert.equal(textOf(pageOf(hidden + hidden).byId('x')), 'hidden');
});

test('a department is found among classes that the site does not know', () => {
  const kind = (names: string): string => catalogueFields.kind(pageOf(`<div id="dp" class="${names}"></div>`));
  assert.equal(kind('book en_US'), 'book');
  assert.equal(kind('new-look book en_US'), 'book');
  assert.equal(kind('a-container\n digital_ebook_purchase  x'), 'kindle');
  assert.equal(kind('home en_US'), 'physical');
});

test('what a selector offers is no text that a shopper reads', () => {
  const page = pageOf('<div id="row">Ships from <select><option>Elsewhere $9.99</option></select> Lumo</div>');
  assert.equal(visibleText(page.byId('row')), 'Ships from Lumo');
});
