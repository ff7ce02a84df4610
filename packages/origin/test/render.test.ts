import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, type CheerioAPI } from 'cheerio/slim';
import { describeProduct, renderProduct, type SyntheticProduct } from '../src/index.ts';
import { factsOf, type State } from '../src/product/facts.ts';
import { STATES } from '../src/product/states.ts';
import { SHOPS, has, lacks } from './support.ts';

/** The marks of direction around the details are no part of a value. */
const clean = (text: string): string =>
  text
    .replaceAll(/[\u200e\u200f]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
const text = ($: CheerioAPI, selector: string): string => clean($(selector).first().text());

/** States in which the page says how many there are, and those with a cart button (one that still waits for a choice too). */
const STOCK_SAID: ReadonlySet<string> = new Set(['buybox', 'unavailable']);
const WITH_BUTTON: ReadonlySet<string> = new Set(['buybox', 'select_variant']);
/** Beginnings of ASINs that together have every state. */
const STARTS = ['B0', 'BC', 'BR'] as const;

/** Reads the key facts straight from the page, without any knowledge of an extractor, and compares them with the truth. */
function check(product: SyntheticProduct): void {
  const { item, asin, language, domain } = product;
  const page = renderProduct(product);
  const $ = load(page);
  const where = `${domain} ${language} ${asin}`;
  const same = (shown: unknown, truth: unknown, what: string): void =>
    assert.deepEqual(shown, truth, `${what} of ${where}`);

  same(text($, '#productTitle'), clean(item.title), 'title');
  same($('#ASIN').attr('value'), asin, 'asin');
  const canonical = new URL($('link[rel=canonical]').attr('href') ?? '');
  same(
    [canonical.origin, canonical.pathname.split('/').slice(-2).join('/')],
    [new URL(item.url ?? '').origin, `dp/${asin}`],
    'canonical',
  );
  same(text($, '#glow-ingress-line2'), item.delivered_to, 'place');

  // The same amount stands in the buy box as a text and in the middle in parts; only the space before the sign differs.
  const unspaced = (shown: string): string => shown.replaceAll(/\s/g, '');
  const truth = item.price === null ? '' : unspaced(item.price_string ?? '');
  same(unspaced(text($, '#desktop_buybox #corePrice_feature_div .a-offscreen')), truth, 'price in the buy box');
  same(
    unspaced(text($, '#corePriceDisplay_desktop_feature_div .priceToPay [aria-hidden]')),
    truth,
    'price in the middle',
  );
  const strike = text($, '#corePriceDisplay_desktop_feature_div .basisPrice .a-offscreen');
  same(strike !== '', item.price_strikethrough !== null, 'struck price');
  const stock = text($, '#availability .primary-availability-message');
  if (STOCK_SAID.has(item.page_state)) same(stock, item.stock, 'stock');
  same($('#buybox-see-all-buying-choices').length, item.page_state === 'see_all_buying_options' ? 1 : 0, 'see all');
  same($('#add-to-cart-button').length, WITH_BUTTON.has(item.page_state) ? 1 : 0, 'cart button');
  same(
    text($, '#merchantInfoFeature_feature_div .offer-display-feature-text-message') || null,
    item.buybox[0]?.seller_name ?? null,
    'seller',
  );
  same($('#merchantID').attr('value'), item.buybox[0]?.seller_id ?? '', 'seller id');
  same(
    $('[id^=mir-layout-DELIVERY_BLOCK-slot]')
      .toArray()
      .map((el) => clean($(el).text())),
    item.delivery.map((d) => clean(d.text)),
    'delivery',
  );

  const images = /'colorImages': \{ 'initial': (\[.*\])\},\n/.exec(page)?.[1] ?? '[]';
  same(
    (JSON.parse(images) as { hiRes: string }[]).map((image) => image.hiRes),
    item.images,
    'images',
  );
  same(
    $('#feature-bullets li:not(.aok-hidden)')
      .toArray()
      .map((el) => clean($(el).text())),
    item.bullet_points?.split('\n') ?? [],
    'bullets',
  );
  same(
    $('#wayfinding-breadcrumbs_feature_div a')
      .toArray()
      .map((el) => clean($(el).text())),
    item.category[0]?.ladder.map((step) => step.name),
    'breadcrumb',
  );
  same(
    $('[data-hook=review]')
      .toArray()
      .map((el) => $(el).attr('id')),
    item.reviews.map((review) => review.id),
    'reviews',
  );
  same(
    $('#histogramTable .a-meter')
      .toArray()
      .map((el) => Number($(el).attr('aria-valuenow'))),
    item.rating === null ? [] : [5, 4, 3, 2, 1].map((n) => Math.round((item.rating_histogram[n] ?? 0) * 100)),
    'histogram',
  );
  const details = clean($('#prodDetails, #detailBulletsWrapper_feature_div').text());
  for (const [name, value] of Object.entries(item.product_details)) {
    assert.ok(details.includes(clean(name)), `${name} in the details of ${where}`);
    assert.ok(details.includes(clean(value)), `${value} in the details of ${where}`);
  }
  same($('#tmmSwatches .swatchElement').length, item.formats.length, 'formats');
  const displayed = /"dimensionValuesDisplayData" : (\{.*\}),\n/.exec(page)?.[1];
  same(
    displayed === undefined ? [] : Object.keys(JSON.parse(displayed) as object),
    item.variations.map((v) => v.asin),
    'variations',
  );
  has(page, /<\/html>\s*$/);
  lacks(page, /undefined|\[object|NaN/, where);
  lacks($('#dp').text(), /\{\w+\}|\u0001/, `a phrase was not filled in on ${where}`);
}

test('the page shows the truth, in every marketplace and language', () => {
  SHOPS.forEach(([domain, language], i) => {
    check(describeProduct(domain, language, `B0PAGE${String(i).padStart(4, '0')}`));
    check(describeProduct(domain, language, '1849757097'));
  });
});

test('the page shows the truth in every state of the offer', () => {
  for (const state of Object.keys(STATES) as State[]) {
    const asins = Array.from({ length: 600 }, (_, i) =>
      STARTS.map((start) => `${start}ST${String(i).padStart(6, '0')}`),
    );
    const found = asins.flat().filter((asin) => factsOf('de', asin).state === state);
    assert.ok(found.length >= 2, `products that are ${state}`);
    for (const asin of found.slice(0, 2)) check(describeProduct('de', 'de_DE', asin));
  }
});

test('pages are as heavy as a test can bear and as real pages are at least', () => {
  for (const [domain, language] of SHOPS) {
    const size = Buffer.byteLength(renderProduct(describeProduct(domain, language, 'B0SIZE0001')));
    assert.ok(size > 40_000 && size < 160_000, `${size} bytes in ${language}`);
  }
});

test('other products show their prices too', () => {
  const product = describeProduct('com', 'en_US', 'B0RAILS001');
  const $ = load(renderProduct(product));
  const rail = $('#sp_detail .a-offscreen, #sp_detail_thematic .a-offscreen, #HLCXComparisonTable .a-offscreen');
  assert.ok(rail.length >= 5);
  assert.equal($('#sp_detail [data-asin]').first().attr('data-asin'), product.neighbours[2]?.asin);
});
