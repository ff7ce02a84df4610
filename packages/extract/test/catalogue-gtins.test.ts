import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as holds, array, integer, property } from 'fast-check';
import { catalogueFields } from '../src/product/catalogue/index.ts';
import { pageOf } from './page-tools.ts';

const codes = (label: string, value: string): string[] => {
  const page = pageOf(`<div id="prodDetails"><table><tr><th>${label}</th><td>${value}</td></tr></table></div>`);
  return catalogueFields.gtins(page).map((code) => `${code.type} ${code.value}`);
};

/** Check digit of the GTIN family, reckoned as the standard words it: from the right, threefold every second. */
function withCheckDigit(digits: readonly number[]): string {
  let sum = 0;
  for (let i = digits.length - 1, weight = 3; i >= 0; i--, weight = 4 - weight) sum += (digits[i] ?? 0) * weight;
  return [...digits, (10 - (sum % 10)) % 10].join('');
}

test('a code is of the kind its shape says, whatever row it stands in', () => {
  assert.deepEqual(codes('UPC', '036000291452'), ['upc 036000291452']);
  assert.deepEqual(codes('UPC', '036000291452 4006381333931'), ['upc 036000291452', 'ean 4006381333931']);
  assert.deepEqual(codes('EAN', '0730143315609, 7301433156092'), ['ean 0730143315609', 'ean 7301433156092']);
  assert.deepEqual(codes('ISBN-10', '9780306406157'), ['isbn13 9780306406157']);
  assert.deepEqual(codes('ISBN-10', '193435659X'), ['isbn10 193435659X']);
  assert.deepEqual(codes('ISBN-13', '978-1934356593'), ['isbn13 9781934356593']);
});

test('a code whose check digit is wrong is none', () => {
  assert.deepEqual(codes('UPC', '036000291453'), []);
  assert.deepEqual(codes('ISBN-10', '1934356590'), []);
  assert.deepEqual(codes('ISBN-13', '978-1934356594'), []);
  assert.deepEqual(codes('ISBN-13', 'B09DFK5THR'), []);
  assert.deepEqual(codes('Model Number', '036000291452'), []);
});

test('every well-formed code of 12, 13 and 14 digits is read', () => {
  const kinds = { 12: 'upc', 13: 'ean', 14: 'gtin14' } as const;
  for (const length of [12, 13, 14] as const) {
    const digits = array(integer({ min: 0, max: 9 }), { minLength: length - 1, maxLength: length - 1 });
    holds(
      property(digits, (some) => {
        const code = withCheckDigit(some);
        assert.deepEqual(codes('GTIN', code), [`${kinds[length]} ${code}`]);
      }),
      { numRuns: 50 },
    );
  }
});
