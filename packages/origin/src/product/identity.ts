import { behaviourOf } from '../outcomes.ts';
import { ALPHANUMERIC } from '../random.ts';

/** What an ASIN alone tells. Pure; the same for every marketplace. */

/** Whether the text is an ISBN-10 with a right check digit: such an ASIN is a book. */
export function isIsbn10(asin: string): boolean {
  if (!/^\d{9}[\dX]$/.test(asin)) return false;
  const sum = Array.from(asin).reduce((total, c, i) => total + (10 - i) * (c === 'X' ? 10 : Number(c)), 0);
  return sum % 11 === 0;
}

/** The ISBN-13 of an ISBN-10, as pages show it: `978-1849757097`. */
export function isbn13(isbn10: string): string {
  const digits = `978${isbn10.slice(0, 9)}`;
  return `978-${isbn10.slice(0, 9)}${eanCheck(digits)}`;
}

/** The check digit of the first twelve digits of an EAN-13. */
export function eanCheck(digits: string): number {
  const sum = Array.from(digits).reduce((total, c, i) => total + Number(c) * (i % 2 === 0 ? 1 : 3), 0);
  return (10 - (sum % 10)) % 10;
}

/** Six ASINs that may be variations of one parent: those that begin with `B0` and differ in the last character only. */
export interface Family {
  readonly parent: string;
  readonly members: readonly string[];
}

const FAMILY_SIZE = 6;

/** The family an ASIN belongs to, or null when its kind of ASIN never has variations. */
export function familyOf(asin: string): Family | null {
  if (!asin.startsWith('B0') || behaviourOf(asin) !== 'product') return null;
  const group = Math.floor(ALPHANUMERIC.indexOf(asin.slice(-1)) / FAMILY_SIZE);
  const stem = asin.slice(0, 9);
  const ends = ALPHANUMERIC.slice(group * FAMILY_SIZE, (group + 1) * FAMILY_SIZE);
  return { parent: `BP${stem.slice(2)}${group}`, members: Array.from(ends, (end) => stem + end) };
}

/** The first child of an ASIN in the form of a parent, or null: a request for a parent is answered by a child. */
export function firstChildOf(asin: string): string | null {
  const [, stem, group] = /^BP([A-Z0-9]{7})([0-5])$/.exec(asin) ?? [];
  if (stem === undefined || group === undefined) return null;
  return `B0${stem}${ALPHANUMERIC[Number(group) * FAMILY_SIZE] ?? ''}`;
}
