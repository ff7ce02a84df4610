import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_LANGUAGES, LANGUAGES, MARKETPLACES, type Language } from '@asa/contract';
import fc from 'fast-check';
import { exponentOf } from '../src/text/currency.ts';
import { amountsIn, parseMoney, parseMoneyRange, parseUnitMoney } from '../src/text/money.ts';

type Case = readonly [text: string, language: Language, marketplace: string, amount: number, currency: string | null];

const CASES: readonly Case[] = [
  ['$1,234.56', 'en_US', 'USD', 1234.56, 'USD'],
  ['US$12.99', 'es_US', 'USD', 12.99, 'USD'],
  ['$12.99', 'en_CA', 'CAD', 12.99, 'CAD'],
  ['$12.99 CAD', 'en_US', 'USD', 12.99, 'CAD'],
  ['$1,299.00', 'es_MX', 'MXN', 1299, 'MXN'],
  ['S$12.90', 'en_SG', 'SGD', 12.9, 'SGD'],
  ['A$5', 'en_US', 'USD', 5, 'AUD'],
  ['NT$1,234', 'zh_TW', 'USD', 1234, 'TWD'],
  ['R$ 1.499,99', 'pt_BR', 'BRL', 1499.99, 'BRL'],
  ['£3.99 delivery 17 January', 'en_GB', 'GBP', 3.99, 'GBP'],
  ['1.234,56 €', 'de_DE', 'EUR', 1234.56, 'EUR'],
  ['EUR 1.234,00', 'de_DE', 'EUR', 1234, 'EUR'],
  ['€1,234.50', 'en_GB', 'EUR', 1234.5, 'EUR'],
  ['1.234 €', 'de_DE', 'EUR', 1234, 'EUR'],
  ['1 234,56 $', 'en_CA', 'CAD', 1234.56, 'CAD'],
  ['$1\u00a0234\u00a0567.89', 'en_CA', 'CAD', 1234567.89, 'CAD'],
  ['2 111,00 €', 'de_DE', 'EUR', 2111, 'EUR'],
  ['12,- €', 'de_DE', 'EUR', 12, 'EUR'],
  ['1\u202f299,00\u00a0€', 'fr_FR', 'EUR', 1299, 'EUR'],
  ['1 234,56 zł', 'pl_PL', 'PLN', 1234.56, 'PLN'],
  ['1 299 kr', 'sv_SE', 'SEK', 1299, 'SEK'],
  ['249:- kr', 'sv_SE', 'SEK', 249, 'SEK'],
  ['249 kr', 'da_DK', 'EUR', 249, 'DKK'],
  ['1.299,90 TL', 'tr_TR', 'TRY', 1299.9, 'TRY'],
  ['₺1.299,90', 'tr_TR', 'TRY', 1299.9, 'TRY'],
  ['₹1,29,999', 'en_IN', 'INR', 129999, 'INR'],
  ['₹१,२९,९९९.००', 'hi_IN', 'INR', 129999, 'INR'],
  ['Rs. 399.00', 'en_IN', 'INR', 399, 'INR'],
  ['Rs.399', 'en_IN', 'INR', 399, 'INR'],
  ['PKR\u00a036,296.46', 'en_US', 'USD', 36296.46, 'PKR'],
  ['VND 348,603', 'en_US', 'USD', 348603, 'VND'],
  ['498.246₫', 'de_DE', 'USD', 498246, 'VND'],
  ['￥1,234', 'ja_JP', 'JPY', 1234, 'JPY'],
  ['¥1,234', 'ja_JP', 'JPY', 1234, 'JPY'],
  ['1,234円', 'ja_JP', 'JPY', 1234, 'JPY'],
  ['税込1,234円です', 'ja_JP', 'JPY', 1234, 'JPY'],
  ['JPY 1,234.00', 'en_US', 'USD', 1234, 'JPY'],
  ['AED26.00', 'en_AE', 'AED', 26, 'AED'],
  ['‏١٬٢٩٩٫٠٠ ج.م.‏', 'ar_AE', 'EGP', 1299, 'EGP'],
  ['٩٩٫٥٠ ر.س.', 'ar_AE', 'SAR', 99.5, 'SAR'],
  ['1,279.00 ريال', 'ar_AE', 'SAR', 1279, 'SAR'],
  ['KWD 12.345', 'en_AE', 'AED', 12.345, 'KWD'],
  ['1.234,00', 'de_DE', 'EUR', 1234, null],
  ['12.99', 'en_US', 'USD', 12.99, null],
  ['31,71&nbsp;&euro; por 2', 'es_ES', 'EUR', 31.71, 'EUR'],
  ['Save $18.50 (37%)', 'en_US', 'USD', 18.5, 'USD'],
  ['$9.99$9.99', 'en_US', 'USD', 9.99, 'USD'],
];

for (const [text, language, currency, amount, expected] of CASES) {
  test(`money: ${JSON.stringify(text)} in ${language}`, () => {
    assert.deepEqual(parseMoney(text, { language, currency }), { amount, currency: expected });
  });
}

const NONE: readonly (readonly [string, Language, string])[] = [
  ['', 'en_US', 'USD'],
  ['Currently unavailable', 'en_US', 'USD'],
  ['$12.99 - $24.99', 'en_US', 'USD'],
  ['12,99 € 15,99 €', 'de_DE', 'EUR'],
  ['34 %', 'de_DE', 'EUR'],
  ['-21%', 'en_US', 'USD'],
  ['Qty 12', 'en_US', 'USD'],
  ['1 2', 'en_US', 'USD'],
  ['RD$12.99', 'en_US', 'USD'],
  ['249 kr', 'en_GB', 'EUR'],
  ['$1.234', 'en_US', 'USD'],
  ['$12.999', 'en_US', 'USD'],
  ['$12,34,5', 'en_US', 'USD'],
  ['￥12.5', 'ja_JP', 'JPY'],
  ['$1.2345 or $5.00', 'en_US', 'USD'],
];

for (const [text, language, currency] of NONE) {
  test(`money: none in ${JSON.stringify(text)} (${language})`, () => {
    assert.equal(parseMoney(text, { language, currency }), null);
  });
}

test('the rest of an amount that a language does not group so is none', () => {
  const context = { language: 'en_CA', currency: 'CAD' } as const;
  assert.equal(parseMoney('Pack 2 111,00 $', context), null);
  assert.deepEqual(amountsIn('2 new from 5 123,00 $ or 8,50 $', context), [{ amount: 8.5, currency: 'CAD' }]);
});

test('a unit price may have more decimals than the currency', () => {
  const yen = { language: 'ja_JP', currency: 'JPY' } as const;
  assert.deepEqual(parseUnitMoney('(￥12.5 / 個)', yen), { amount: 12.5, currency: 'JPY' });
  const dollar = { language: 'en_US', currency: 'USD' } as const;
  assert.deepEqual(parseUnitMoney('$0.045 / Count', dollar), { amount: 0.045, currency: 'USD' });
});

test('ranges: two ends, lower first, one currency', () => {
  const us = { language: 'en_US', currency: 'USD' } as const;
  const de = { language: 'de_DE', currency: 'EUR' } as const;
  assert.deepEqual(parseMoneyRange('$12.99 - $24.99', us), { min: 12.99, max: 24.99, currency: 'USD' });
  assert.deepEqual(parseMoneyRange('12,99 € – 24,99 €', de), { min: 12.99, max: 24.99, currency: 'EUR' });
  assert.deepEqual(parseMoneyRange('12,99 - 24,99 €', de), { min: 12.99, max: 24.99, currency: 'EUR' });
  assert.deepEqual(parseMoneyRange('₹399 to ₹599', { language: 'en_IN', currency: 'INR' }), {
    min: 399,
    max: 599,
    currency: 'INR',
  });
  for (const text of ['$12.99', '$24.99 - $12.99', '$5.00 - €6.00', '$1 - $2 - $3', '$5.00 shipping and $6.00']) {
    assert.equal(parseMoneyRange(text, us), null, text);
  }
});

test('amountsIn: only numbers beside a sign, in order', () => {
  const es = { language: 'es_ES', currency: 'EUR' } as const;
  assert.deepEqual(amountsIn('Entrega por 51,68 € el sábado, 3 de mayo, o 60 €', es), [
    { amount: 51.68, currency: 'EUR' },
    { amount: 60, currency: 'EUR' },
  ]);
});

const CURRENCIES = [...new Set(MARKETPLACES.map((m) => m.currency)), 'VND', 'PKR', 'TWD', 'KWD', 'CHF', 'KRW'];

test('property: what Intl writes in any language and currency is read back exactly', () => {
  const cases = fc.record({
    language: fc.constantFrom(...ALL_LANGUAGES),
    currency: fc.constantFrom(...CURRENCIES),
    minor: fc.integer({ min: 0, max: 999_999_999 }),
    digits: fc.constantFrom('latn', 'arab', 'deva'),
  });
  fc.assert(
    fc.property(cases, ({ language, currency, minor, digits }) => {
      const exponent = exponentOf(currency);
      const written = (minor / 10 ** exponent).toFixed(exponent);
      const format = new Intl.NumberFormat(`${LANGUAGES[language].tag}-u-nu-${digits}`, {
        style: 'currency',
        currency,
        currencyDisplay: 'code',
        minimumFractionDigits: exponent,
        maximumFractionDigits: exponent,
      });
      const text = format.format(Number(written));
      assert.deepEqual(parseMoney(text, { language, currency }), { amount: Number(written), currency }, text);
    }),
    { numRuns: 1000 },
  );
});

test('property: no text makes it throw, and no amount is negative or unreadable', () => {
  const part = fc.oneof(
    fc.constantFrom('$', '€', 'R$', '₹', ' ', ',', '.', '-', '%', '٫', '\u00a0', '円', 'kr', 'Rs.', '&nbsp;'),
    fc.integer({ min: 0, max: 9999 }).map(String),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.constantFrom(...ALL_LANGUAGES), (parts, language) => {
      for (const money of amountsIn(parts.join(''), { language, currency: 'USD' })) assert.ok(money.amount >= 0);
      const one = parseMoney(parts.join(''), { language, currency: 'USD' });
      assert.ok(one === null || one.amount >= 0);
    }),
    { numRuns: 500 },
  );
});
