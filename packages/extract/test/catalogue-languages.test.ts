import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill, LANGUAGES, MARKETPLACES, shopWords, type Domain, type Language } from '@asa/contract';
import { createPage, type Page } from '../src/page/index.ts';
import { catalogueFields } from '../src/product/catalogue/index.ts';

const ASIN = 'B0TESTLANG';

function pageOf(domain: Domain, language: Language, body: string): Page {
  const html = `<html lang="${LANGUAGES[language].tag.toLowerCase()}"><body>${body}</body></html>`;
  const url = `https://www.amazon.${domain}/dp/${ASIN}`;
  const target = { kind: 'product', domain, language, country: null, url, asin: ASIN } as const;
  return createPage({ body: Buffer.from(html, 'utf8'), contentType: null, url, target });
}

/** Every UI language, each on one marketplace that offers it. */
const PLACES = MARKETPLACES.flatMap((row) =>
  (row.languages as readonly Language[]).map((language) => ({ domain: row.domain, language })),
);

const number = (language: Language, value: number): string =>
  new Intl.NumberFormat(LANGUAGES[language].tag, { maximumFractionDigits: 1 }).format(value);
/** The same with the digits of the language's own script, where it has some. */
const nativeNumber = (language: Language, value: number): string =>
  new Intl.NumberFormat(`${LANGUAGES[language].tag}-u-nu-native`, { maximumFractionDigits: 1 }).format(value);
const NUMBERS = [number, nativeNumber] as const;
const day = (language: Language): string =>
  new Intl.DateTimeFormat(LANGUAGES[language].tag, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(Date.UTC(2021, 7, 9)));
const row = (label: string, value: string): string => `<tr><th>${label}</th><td>${value}</td></tr>`;

test('facts are found by the first form of their label in every language', () => {
  for (const { domain, language } of PLACES) {
    const words = shopWords(language);
    const rows = [
      row(words.manufacturerLabel[0] ?? '', 'Maker'),
      row(words.productDimensionsLabel[0] ?? '', '1 x 2 x 3 cm'),
      row(words.itemWeightLabel[0] ?? '', '5 kg'),
      row(words.modelNumberLabel[0] ?? '', 'M-1'),
      row(words.eanLabel[0] ?? '', '4006381333931'),
      row(words.dateFirstAvailableLabel[0] ?? '', day(language)),
      row(words.customerReviewsLabel[0] ?? '', '4.5'),
    ];
    const page = pageOf(domain, language, `<div id="prodDetails"><table>${rows.join('')}</table></div>`);
    const got = {
      manufacturer: catalogueFields.manufacturer(page),
      dimensions: catalogueFields.product_dimensions(page),
      weight: catalogueFields.item_weight(page),
      model: catalogueFields.model_number(page),
      gtins: catalogueFields.gtins(page),
      date: catalogueFields.date_first_available(page),
      rows: Object.keys(catalogueFields.product_details(page)).length,
    };
    const want = {
      manufacturer: 'Maker',
      dimensions: '1 x 2 x 3 cm',
      weight: '5 kg',
      model: 'M-1',
      gtins: [{ type: 'ean', value: '4006381333931' }],
      date: '2021-08-09',
      rows: 6,
    };
    assert.deepEqual(got, want, `${language} on ${domain}`);
  }
});

test('the brand is read from every way to name it', () => {
  for (const { domain, language } of PLACES) {
    const words = shopWords(language);
    const texts = [
      ...words.visitStore.map((phrase) => fill(phrase, { brand: 'Nordfaden' })),
      ...words.brandLabel.map((label) => `${label}: Nordfaden`),
    ];
    for (const text of texts) {
      const page = pageOf(domain, language, `<a id="bylineInfo" href="/stores/page/1">${text}</a>`);
      assert.equal(catalogueFields.brand(page), 'Nordfaden', `"${text}" in ${language}`);
    }
  }
});

test('stars and counts are read in every language', () => {
  for (const { domain, language } of PLACES) {
    const words = shopWords(language);
    for (const [phrase, write] of words.outOfStars.flatMap((one) => NUMBERS.map((form) => [one, form] as const))) {
      const text = fill(phrase, { n: write(language, 4.3) });
      const page = pageOf(
        domain,
        language,
        `<div id="averageCustomerReviews"><i class="a-icon-star">${text}</i></div>`,
      );
      assert.equal(catalogueFields.rating(page), 4.3, `"${text}" in ${language}`);
    }
    for (const [phrase, write] of words.ratings.flatMap((one) => NUMBERS.map((form) => [one, form] as const))) {
      const text = fill(phrase, { n: write(language, 12_345) });
      const count = `<span id="acrCustomerReviewText">${text}</span>`;
      const page = pageOf(domain, language, `<div id="averageCustomerReviews">${count}</div>`);
      assert.equal(catalogueFields.reviews_count(page), 12_345, `"${text}" in ${language}`);
    }
    for (const phrase of words.answeredQuestions) {
      const text = fill(phrase, { n: number(language, 1_234) });
      const page = pageOf(domain, language, `<a id="askATFLink">${text}</a>`);
      assert.equal(catalogueFields.answered_questions_count(page), 1_234, `"${text}" in ${language}`);
    }
  }
});

test('best-seller places are read in every language', () => {
  for (const { domain, language } of PLACES) {
    const words = shopWords(language);
    for (const [phrase, write] of words.rankIn.flatMap((one) => NUMBERS.map((form) => [one, form] as const))) {
      const first = fill(phrase, { rank: write(language, 12_345), category: 'Küche' });
      const top = fill(words.seeTop100[0] ?? '', { category: 'Küche' });
      const second = fill(phrase, { rank: '7', category: '<a href="/gp/bestsellers/2">Siebe 3.0</a>' });
      const list = `<ul><li>${first} (<a href="/gp/bestsellers/1">${top}</a>)</li><li>${second}</li></ul>`;
      const table = `<table>${row(words.bestSellersRankLabel[0] ?? '', list)}</table>`;
      const page = pageOf(domain, language, `<div id="prodDetails">${table}</div>`);
      const got = catalogueFields.sales_rank(page).map(({ rank, category }) => [rank, category]);
      const want = [
        [12_345, 'Küche'],
        [7, 'Siebe 3.0'],
      ];
      assert.deepEqual(got, want, `"${first} (${top})" in ${language}`);
    }
  }
});

test('country and date of a review are read in every language', () => {
  for (const { domain, language } of PLACES) {
    for (const phrase of shopWords(language).reviewedIn) {
      if (!phrase.includes('{country}')) continue;
      const text = fill(phrase, { country: 'Freedonia', date: day(language) });
      const review = `<div id="R1AAAAAAAAAAA" data-hook="review"><span data-hook="review-date">${text}</span></div>`;
      const page = pageOf(domain, language, `<div id="cm-cr-dp-review-list">${review}</div>`);
      const [got] = catalogueFields.reviews(page);
      assert.equal(got?.timestamp, '2021-08-09', `"${text}" in ${language}`);
      assert.equal(got?.country, 'Freedonia', `"${text}" in ${language}`);
    }
  }
});

test('an article is no part of a country, in whatever language the page is', () => {
  const texts = [
    ['Reviewed in the United States on 9 August 2021', 'United States'],
    ['Reviewed in the United Kingdom 🇬🇧 on 9 August 2021', 'United Kingdom'],
    ['Reviewed in United Arab Emirates on 9 August 2021', 'United Arab Emirates'],
    ['Rezension aus dem Vereinigten Königreich vom 9. August 2021', 'Vereinigten Königreich'],
    ["Amerika Birleşik Devletleri'nde 9 Ağustos 2021 tarihinde değerlendirildi", 'Amerika Birleşik Devletleri'],
  ] as const;
  for (const { domain, language } of PLACES) {
    for (const [text, country] of texts) {
      const review = `<div id="R1AAAAAAAAAAA" data-hook="review"><span data-hook="review-date">${text}</span></div>`;
      const page = pageOf(domain, language, `<div id="cm-cr-dp-review-list">${review}</div>`);
      assert.equal(catalogueFields.reviews(page)[0]?.country, country, `"${text}" on a page in ${language}`);
    }
  }
});

test('the weight of a parcel is not that of the item', () => {
  const parcels = [
    'Shipping Weight',
    'Package Weight',
    'Versandgewicht',
    'Peso de envio',
    "Poids d'expédition",
    '発送重量',
  ];
  const page = (rows: string): Page => pageOf('com', 'en_US', `<div id="prodDetails"><table>${rows}</table></div>`);
  for (const label of parcels) {
    const parcel = row(label, '2 pounds');
    assert.equal(catalogueFields.item_weight(page(parcel)), null, label);
    assert.equal(catalogueFields.item_weight(page(parcel + row('Item Weight', '1 pound'))), '1 pound', label);
  }
});
