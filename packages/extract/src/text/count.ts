import { LANGUAGES, type Language } from '@asa/contract';
import { asciiDigits } from './digits.ts';

/** Digits and the marks between them. A space groups only where the language writes it so; a no-break space always may. */
const NUMBER = /\d+(?:[.,٬٫，'’\u00a0\u202f\u2009]\d+)*/;
const NUMBER_WITH_SPACES = /\d+(?:[.,٬٫，'’\u00a0\u202f\u2009]\d+| \d{3}(?!\d))*/;
/** "1,234", "1.234.567", "1,29,999": one mark, a group of three at the end, of two or three (Indian) before. */
const GROUPED = /^\d{1,3}([.,٬٫，'’\u00a0\u202f\u2009 ])(?:\d{2,3}\1)*\d{3}$/;

/** Multipliers that pages print in any language, whatever `Intl` calls them. */
const UNIVERSAL: Readonly<Record<string, number>> = {
  k: 1e3,
  tsd: 1e3,
  mil: 1e3,
  mille: 1e3,
  mila: 1e3,
  mio: 1e6,
  千: 1e3,
  万: 1e4,
  萬: 1e4,
};

const fold = (word: string): string => word.toLowerCase().replace(/[.॰\u200e\u200f]/g, '');

const multipliers = new Map<Language, ReadonlyMap<string, number>>();

/** The language's words for thousand, ten thousand, lakh, million ..., as `Intl` writes compact numbers. */
function multipliersOf(language: Language): ReadonlyMap<string, number> {
  let known = multipliers.get(language);
  if (known !== undefined) return known;
  const found = new Map(Object.entries(UNIVERSAL));
  for (const compactDisplay of ['short', 'long'] as const) {
    const format = new Intl.NumberFormat(LANGUAGES[language].tag, { notation: 'compact', compactDisplay });
    for (const value of [1e3, 2e3, 5e3, 1e4, 1e5, 1e6, 2e6, 1e7, 1e8]) addWord(found, format, value);
  }
  known = found;
  multipliers.set(language, known);
  return known;
}

function addWord(found: Map<string, number>, format: Intl.NumberFormat, value: number): void {
  const parts = format.formatToParts(value);
  const word = parts.find((part) => part.type === 'compact')?.value;
  const shown = Number(asciiDigits(parts.find((part) => part.type === 'integer')?.value ?? '1'));
  if (word !== undefined) found.set(fold(word), value / shown);
}

/** Number of the text as written, with its marks taken away; null when it is not grouped as a whole number is. */
function whole(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  return GROUPED.test(text) ? Number(text.replace(/\D/g, '')) : null;
}

/** Number with a decimal mark before a multiplier: "1.2K", "1,5 mil". */
function decimal(text: string): number {
  const plain = /^(\d+)[.,٫](\d{1,2})$/.exec(text);
  return plain === null ? (whole(text) ?? Number.NaN) : Number(`${plain[1]}.${plain[2]}`);
}

/** The word right after the number, and in scripts without spaces its first sign. */
function multiplierAfter(rest: string, words: ReadonlyMap<string, number>): number | null {
  const word = /^[ \u00a0\u202f\u200f]?([\p{L}\p{M}]+)/u.exec(rest)?.[1];
  if (word === undefined) return null;
  const first = word.charAt(0);
  return (
    words.get(fold(word)) ?? (/[\p{Script=Han}\p{Script=Hangul}]/u.test(first) ? (words.get(first) ?? null) : null)
  );
}

/**
 * The first number of a text that counts things: "1,234", "1.234", "1 234", "2K+", "1,5 mil", "1.2万", "१,२३४".
 * Marks in a count group digits, whatever the language, unless a multiplier follows. Null when there is no number
 * or it is a fraction ("4.5"): that is no count.
 */
export function parseCount(text: string, language: Language): number | null {
  const ascii = asciiDigits(text);
  const spaced = LANGUAGES[language].grouping.some((mark) => mark === ' ');
  const found = (spaced ? NUMBER_WITH_SPACES : NUMBER).exec(ascii);
  if (found === null) return null;
  const times = multiplierAfter(ascii.slice(found.index + found[0].length), multipliersOf(language));
  if (times === null) return whole(found[0]);
  const value = decimal(found[0]) * times;
  return Number.isFinite(value) ? Math.round(value) : null;
}

/**
 * Stars of a rating text, 0-5: "4.3 out of 5 stars", "4,5 von 5", "5つ星のうち4.3". Of two numbers, the one that is
 * not the 5 of the scale. Null when the text names no rating or one outside the scale.
 */
export function parseStars(text: string): number | null {
  const numbers = [...asciiDigits(text).matchAll(/\d+(?:[.,٫]\d{1,2}(?!\d))?/g)].map((m) =>
    Number(m[0].replace(/[,٫]/, '.')),
  );
  const [first, second] = numbers;
  if (first === undefined || numbers.length > 2) return null;
  if (second !== undefined && first !== 5 && second !== 5) return null;
  const stars = second === undefined || second === 5 ? first : second;
  return stars <= 5 ? stars : null;
}
