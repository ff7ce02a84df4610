import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as holds, constantFrom, nat, property } from 'fast-check';
import { ALL_LANGUAGES, LANGUAGES, type Language } from '@asa/contract';
import { parseCount, parseStars } from '../src/text/count.ts';

const COUNTS: readonly [string, Language, number | null][] = [
  ['1,234 ratings', 'en_US', 1234],
  ['(1.234)', 'de_DE', 1234],
  ['1 234 évaluations', 'fr_FR', 1234],
  ['12\u202f345 évaluations', 'fr_FR', 12345],
  ['1,29,999 ratings', 'en_IN', 129999],
  ['2K+ bought in past month', 'en_US', 2000],
  ['1.2K', 'en_US', 1200],
  ['Mais de 5 mil compras no mês passado', 'pt_BR', 5000],
  ['1,5 mil', 'es_ES', 1500],
  ['1.2万', 'ja_JP', 12000],
  ['過去1か月で1万点以上購入されました', 'ja_JP', 1],
  ['3천개 이상', 'ko_KR', 3000],
  ['१,२३४ रेटिंग', 'hi_IN', 1234],
  ['٣٬٤٥٦ تقييم', 'ar_AE', 3456],
  ['2 ألف', 'ar_AE', 2000],
  ['3 tys. ocen', 'pl_PL', 3000],
  ['1 B+', 'tr_TR', 1000],
  ['２，３４５個', 'ja_JP', 2345],
  ['5 milk chocolates', 'es_ES', 5],
  ['4.5', 'en_US', null],
  ['1.234,56', 'de_DE', null],
  ['1,234.567', 'en_US', null],
  ['no ratings yet', 'en_US', null],
  ['', 'en_US', null],
];

for (const [text, language, expected] of COUNTS) {
  test(`count of "${text}" in ${language}`, () => assert.equal(parseCount(text, language), expected));
}

test('a count survives every grouping mark its language writes', () => {
  holds(
    property(nat(99_999_999), constantFrom(...ALL_LANGUAGES), (n, language) => {
      for (const mark of LANGUAGES[language].grouping) {
        const text = String(n).replace(/\B(?=(\d{3})+$)/g, mark);
        assert.equal(parseCount(`(${text})`, language), n, `${text} in ${language}`);
      }
    }),
  );
});

test('a count survives the digits of every script', () => {
  for (const numerals of ['arab', 'arabext', 'deva', 'beng', 'tamldec', 'telu', 'knda', 'mlym', 'fullwide']) {
    const text = new Intl.NumberFormat(`en-u-nu-${numerals}`, { useGrouping: false }).format(9876543210);
    assert.equal(parseCount(text, 'en_US'), 9876543210, numerals);
  }
});

const STARS: readonly [string, number | null][] = [
  ['4.3 out of 5 stars', 4.3],
  ['4,5 von 5 Sternen', 4.5],
  ['5つ星のうち4.3', 4.3],
  ['5つ星のうち5.0', 5],
  ['4.3 من 5 نجوم', 4.3],
  ['٤٫٣ من ٥ نجوم', 4.3],
  ['5 yıldız üzerinden 4,5', 4.5],
  ['5 out of 5', 5],
  ['1,0 de 5 estrelas', 1],
  ['4.6', 4.6],
  ['4.6 out of 10', null],
  ['1,234 ratings', null],
  ['none', null],
];

for (const [text, expected] of STARS) {
  test(`stars of "${text}"`, () => assert.equal(parseStars(text), expected));
}
