import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_LANGUAGES, LANGUAGES, type Language } from '@asa/contract';
import { parseDate } from '../src/text/date.ts';

const DATES: readonly [string, Language, string | null][] = [
  ['April 22, 2022', 'en_US', '2022-04-22'],
  ['19 October 2020', 'en_AE', '2020-10-19'],
  ['Packt Publishing; 1st edition (April 23, 2021)', 'en_US', '2021-04-23'],
  ['13 junho 2018', 'pt_BR', '2018-06-13'],
  ['7 de maio de 2022', 'pt_BR', '2022-05-07'],
  ['15. Februar 2021', 'de_DE', '2021-02-15'],
  ['5 Mrz 2019', 'de_DE', '2019-03-05'],
  ['12 sept. 2019', 'fr_FR', '2019-09-12'],
  ['1er août 2020', 'fr_FR', '2020-08-01'],
  ['2020年3月5日', 'ja_JP', '2020-03-05'],
  ['2020/3/5', 'ja_JP', '2020-03-05'],
  ['2020년 3월 5일', 'ko_KR', '2020-03-05'],
  ['٥ يناير ٢٠٢٠', 'ar_AE', '2020-01-05'],
  ['५ फरवरी २०२०', 'hi_IN', '2020-02-05'],
  ['5 सितम्बर 2020', 'hi_IN', '2020-09-05'],
  ['5 בינואר 2020', 'he_IL', '2020-01-05'],
  ['5 lipca 2020', 'pl_PL', '2020-07-05'],
  ['5 Şubat 2020', 'tr_TR', '2020-02-05'],
  ['23 Dezember 2020', 'en_GB', '2020-12-23'],
  ['March 5, 2020', 'de_DE', '2020-03-05'],
  ['05/03/2020', 'en_US', '2020-05-03'],
  ['05/03/2020', 'en_GB', '2020-03-05'],
  ['05.03.2020', 'de_DE', '2020-03-05'],
  ['05/23/2020', 'en_GB', '2020-05-23'],
  ['2020-03-05', 'sv_SE', '2020-03-05'],
  ['February 30, 2020', 'en_US', null],
  ['March 2018', 'en_US', null],
  ['5 Foo 2020', 'en_US', null],
  ['2011', 'en_US', null],
  ['', 'en_US', null],
];

for (const [text, language, expected] of DATES) {
  test(`date of "${text}" in ${language}`, () => assert.equal(parseDate(text, language), expected));
}

test('every language reads every month that Intl writes in it', () => {
  for (const language of ALL_LANGUAGES) {
    for (const month of ['long', 'short'] as const) {
      const format = new Intl.DateTimeFormat(LANGUAGES[language].tag, {
        day: 'numeric',
        month,
        year: 'numeric',
        timeZone: 'UTC',
      });
      for (let m = 0; m < 12; m++) {
        const date = new Date(Date.UTC(2019, m, 1 + ((m * 7) % 28)));
        const text = format.format(date);
        assert.equal(parseDate(text, language), date.toISOString().slice(0, 10), `${text} in ${language}`);
      }
    }
  }
});
