import type { ProductItem } from '@asa/contract';
import { asciiDigits } from '../../text/digits.ts';
import { isLabel } from '../../text/names.ts';
import { textOf, type Page } from '../../page/index.ts';
import type { Field } from '../field.ts';
import { detailRows } from './details.ts';

type Gtin = ProductItem['gtins'][number];

/** Check digit of the GTIN family (8, 12, 13 or 14 digits): weights 3 and 1 from the right. */
function isGtin(code: string): boolean {
  const digits = Array.from(code, Number).reverse();
  return digits.reduce((sum, digit, i) => sum + digit * (i % 2 === 0 ? 1 : 3), 0) % 10 === 0;
}

/** Check digit of an ISBN-10: weights 10 to 1, X is ten, modulo 11. */
export function isIsbn10(code: string): boolean {
  const sum = Array.from(code, (c) => (c === 'X' ? 10 : Number(c))).reduce(
    (total, digit, i) => total + digit * (10 - i),
    0,
  );
  return sum % 11 === 0;
}

/**
 * The kind of a code by its own shape: a row labelled ISBN-10 may hold an ISBN-13, one labelled UPC an EAN. Null for a
 * code whose check digit is wrong.
 */
function kindOf(code: string, book: boolean): Gtin['type'] | null {
  if (book && /^\d{9}[\dX]$/.test(code)) return isIsbn10(code) ? 'isbn10' : null;
  if (!/^(?:\d{8}|\d{12,14})$/.test(code) || !isGtin(code)) return null;
  if (book) return /^97[89]\d{10}$/.test(code) ? 'isbn13' : null;
  return code.length === 14 ? 'gtin14' : code.length === 12 ? 'upc' : 'ean';
}

/** The codes of a value: several are set apart by spaces or commas, the parts of one by dashes. */
const codesOf = (text: string, book: boolean): Gtin[] =>
  asciiDigits(text)
    .split(/[\s,;/]+/)
    .map((part) => part.replace(/[-‐‑–]/g, '').toUpperCase())
    .flatMap((value) => {
      const type = kindOf(value, book);
      return type === null ? [] : [{ type, value }];
    });

const LABELS = [
  ['isbn10Label', true],
  ['isbn13Label', true],
  ['upcLabel', false],
  ['eanLabel', false],
  ['gtinLabel', false],
] as const;
/** Blocks that name a book's numbers outside the lists of facts. */
const BLOCKS = [
  'printEditionIsbn_feature_div',
  'mobile_productTitleGroup_inner_feature_div',
  'productTitleGroupAnchor',
] as const;

/** "ISBN-13: 978-1934356593": written so in every language. */
const named = (text: string): Gtin[] =>
  [...text.matchAll(/ISBN-1[03]\s*[:：]\s*([\dXx-]+)/g)].flatMap((found) => codesOf(found[1] ?? '', true));

function read(page: Page): Gtin[] {
  const rows = detailRows(page).flatMap(({ name, value }) => {
    const label = LABELS.find(([key]) => isLabel(key, name));
    return label === undefined ? [] : codesOf(value, label[1]);
  });
  return [...rows, ...BLOCKS.flatMap((id) => named(textOf(page.byId(id))))];
}

/** `gtins`: the codes that the page shows, each once. */
export const gtins: Field<Gtin[]> = (page) => {
  const byCode = new Map(read(page).map((code) => [`${code.type} ${code.value}`, code]));
  return [...byCode.values()];
};
