import { LANGUAGES, ALL_LANGUAGES, type Language } from '@asa/contract';
import { asciiDigits } from './digits.ts';

type Months = ReadonlyMap<string, number>;

/** Spelling that varies on pages: case, dots, nukta, geresh, the two ways to write a Hindi nasal. */
const fold = (word: string): string =>
  word
    .toLowerCase()
    .normalize('NFD')
    .replace(/\.|\u093c|[\u05f3\u05f4\u0970]|\u200c|\u200d/g, '')
    .replace(/म्(?=[बप])/g, 'ं')
    .normalize('NFC');

const DAY = 15;
const monthDate = (month: number): Date => new Date(Date.UTC(2020, month - 1, DAY));

/** Names and abbreviations of the twelve months in one language, alone and within a date (Slavic languages inflect them). */
function namesOf(language: Language): [string, number][] {
  const { tag } = LANGUAGES[language];
  const names: [string, number][] = [];
  for (const style of ['long', 'short'] as const) {
    const alone = new Intl.DateTimeFormat(tag, { month: style, timeZone: 'UTC' });
    const within = new Intl.DateTimeFormat(tag, { month: style, day: 'numeric', year: 'numeric', timeZone: 'UTC' });
    for (let month = 1; month <= 12; month++) {
      const part = within.formatToParts(monthDate(month)).find((p) => p.type === 'month');
      names.push([fold(alone.format(monthDate(month))), month]);
      if (part !== undefined) names.push([fold(part.value), month]);
    }
  }
  return names.filter(([name]) => /\p{L}/u.test(name));
}

const own = new Map<Language, Months>();
let shared: Months | null = null;

function monthsOf(language: Language): Months {
  let known = own.get(language);
  if (known === undefined) {
    known = new Map(namesOf(language));
    own.set(language, known);
  }
  return known;
}

/** Abbreviations that pages print and `Intl` does not know. */
const ALIASES: readonly (readonly [string, number])[] = [['mrz', 3]];

/** Names of all languages; a name that means two months in two languages is in none. */
function monthsOfAll(): Months {
  if (shared !== null) return shared;
  const all = new Map<string, number>();
  const disputed = new Set<string>();
  for (const [name, month] of [...ALL_LANGUAGES.flatMap(namesOf), ...ALIASES]) {
    if ((all.get(name) ?? month) !== month) disputed.add(name);
    all.set(name, month);
  }
  for (const name of disputed) all.delete(name);
  shared = all;
  return shared;
}

/** "Sept", "Febr": the beginning of one month's name and of no other's. */
function byPrefix(word: string, months: Months): number | null {
  if (word.length < 3) return null;
  const found = new Set([...months].filter(([name]) => name.startsWith(word)).map(([, month]) => month));
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

function monthNumber(text: string, language: Language): number | null {
  const word = fold(text.trim());
  if (word === '') return null;
  // Hebrew writes "in" as a letter before the name.
  const bare = word.replace(/^ב(?=\p{Script=Hebrew})/u, '');
  const months = monthsOf(language);
  return (
    months.get(word) ?? months.get(bare) ?? monthsOfAll().get(word) ?? monthsOfAll().get(bare) ?? byPrefix(word, months)
  );
}

function iso(year: number, month: number | null, day: number): string | null {
  if (month === null || month < 1 || month > 12) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.toISOString().slice(0, 10) : null;
}

const YEAR = String.raw`((?:1[5-9]|20|21)\d{2})(?!\d)`;
const DAY_NUMBER = String.raw`(?<!\d)(\d{1,2})(?!\d)`;
const WORD = String.raw`([\p{L}\p{M}.׳॰\u200c\u200d]{2,20})`;
const OF = String.raw`[\s,،.]*(?:(?:de|del|of|d')\s+)?`;

/** Year, month, day in figures: ISO, or with signs for year, month and day. */
const NUMERIC_YEAR_FIRST = new RegExp(
  String.raw`(?<!\d)${YEAR}\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})(?!\d)`,
  'u',
);
const NUMERIC_YEAR_LAST = new RegExp(String.raw`${DAY_NUMBER}\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*${YEAR}`, 'u');
const DAY_MONTH_YEAR = new RegExp(String.raw`${DAY_NUMBER}(?:st|nd|rd|th|er|º|ª)?${OF}${WORD}${OF}${YEAR}`, 'giu');
const MONTH_DAY_YEAR = new RegExp(String.raw`${WORD}\s*${DAY_NUMBER}(?:st|nd|rd|th)?[\s,،]*${YEAR}`, 'giu');
const YEAR_MONTH_DAY = new RegExp(String.raw`(?<!\d)${YEAR}[\s,]*${WORD}\s*${DAY_NUMBER}`, 'giu');

const monthFirst = new Map<Language, boolean>();

/** Whether the language writes the month before the day in figures: decides "05/03/2020". */
function writesMonthFirst(language: Language): boolean {
  let known = monthFirst.get(language);
  if (known === undefined) {
    const parts = new Intl.DateTimeFormat(LANGUAGES[language].tag, { timeZone: 'UTC' }).formatToParts(monthDate(1));
    known = parts.findIndex((p) => p.type === 'month') < parts.findIndex((p) => p.type === 'day');
    monthFirst.set(language, known);
  }
  return known;
}

function inFigures(text: string, language: Language): string | null {
  const ymd = NUMERIC_YEAR_FIRST.exec(text);
  if (ymd !== null) return iso(Number(ymd[1]), Number(ymd[2]), Number(ymd[3]));
  const last = NUMERIC_YEAR_LAST.exec(text);
  if (last === null) return null;
  const [a, b, year] = [Number(last[1]), Number(last[2]), Number(last[3])];
  return (writesMonthFirst(language) && a <= 12) || b > 12 ? iso(year, a, b) : iso(year, b, a);
}

const WORDED: readonly (readonly [RegExp, readonly [number, number, number]])[] = [
  [DAY_MONTH_YEAR, [3, 2, 1]],
  [MONTH_DAY_YEAR, [3, 1, 2]],
  [YEAR_MONTH_DAY, [1, 2, 3]],
];

/**
 * The first full date of a text as an ISO date: "April 22, 2022", "7 maio 2022", "5. März 2020", "2020年3月5日",
 * "05/03/2020" in the language's own order. Months are names or abbreviations of the page's language, or of any other
 * language where that is no matter of doubt. Null when there is no complete, existing date.
 */
export function parseDate(text: string, language: Language): string | null {
  const ascii = asciiDigits(text.normalize('NFC'));
  for (const [pattern, [year, month, day]] of WORDED) {
    for (const found of ascii.matchAll(pattern)) {
      const date = iso(Number(found[year]), monthNumber(found[month] ?? '', language), Number(found[day]));
      if (date !== null) return date;
    }
  }
  return inFigures(ascii, language);
}
