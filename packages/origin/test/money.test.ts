import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES, MARKETPLACES, type LanguageRow } from '@asa/contract';
import { minorDigits, money } from '../src/words/money.ts';
import { SHOPS } from './support.ts';

test('prices have the marks that the contract gives the language', () => {
  for (const [domain, language] of SHOPS) {
    const { currency = '' } = MARKETPLACES.find((row) => row.domain === domain) ?? {};
    const shown = money(language, currency, 1234567.8);
    const { decimal, grouping }: LanguageRow = LANGUAGES[language];
    const where = `${domain} ${language}: ${shown.text}`;
    assert.equal(shown.mark, minorDigits(currency) === 0 ? null : decimal, where);
    assert.match(shown.whole, /^\d/, where);
    for (const mark of shown.whole.replaceAll(/\d/g, '')) assert.ok(grouping.includes(mark), where);
    const number = shown.whole + (shown.mark ?? '') + (shown.fraction ?? '');
    assert.equal(
      shown.text,
      shown.signFirst ? shown.sign + shown.gap + number : number + shown.gap + shown.sign,
      where,
    );
  }
});

test('some prices as their pages show them', () => {
  const cases = [
    ['en_US', 'USD', 1234.5, '$1,234.50'],
    ['de_DE', 'EUR', 1234.5, '1.234,50\u00a0€'],
    ['nl_NL', 'EUR', 9.99, '€\u00a09,99'],
    ['en_IN', 'INR', 129999, '₹1,29,999.00'],
    ['ja_JP', 'JPY', 1980, '￥1,980'],
    ['tr_TR', 'TRY', 1234.5, '1.234,50\u00a0TL'],
    ['ar_AE', 'SAR', 1279, '1,279.00\u00a0ريال'],
    ['en_AE', 'EGP', 99.5, 'EGP\u00a099.50'],
    ['en_SG', 'SGD', 5, 'S$5.00'],
  ] as const;
  for (const [language, currency, amount, text] of cases) assert.equal(money(language, currency, amount).text, text);
});
