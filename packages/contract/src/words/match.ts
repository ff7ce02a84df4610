import { NUMBER_PLACEHOLDERS } from './placeholders.ts';

/** The variable parts of a phrase as they stood in the text, trimmed. */
export type PhraseValues = Readonly<Record<string, string>>;

/** Where in the (cleaned) text a phrase was found. */
export interface PhraseHit {
  readonly values: PhraseValues;
  /** The words that matched. */
  readonly text: string;
  readonly index: number;
}

export interface Matcher {
  /** The phrase is the whole text, apart from space and punctuation around it. */
  readonly match: (text: string) => PhraseValues | null;
  /** The phrase stands somewhere in the text, at word boundaries where the script has them. */
  readonly find: (text: string) => PhraseHit | null;
}

/** Direction marks and zero-width spaces: invisible, and scattered through detail tables. */
const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const PLACEHOLDER = /\{(\w+)\}/;
// Spelled-out ranges: V8 needs 2 ms to compile a pattern with \p{L} or \p{N}, and a language has some 400 patterns.
/** ASCII, Arabic, Persian, full-width and the Indian scripts' digits. */
const DIGIT = '0-9٠-٩۰-۹०-९০-৯௦-௯౦-౯೦-೯൦-൯０-９';
/** What cannot be part of a multiplier word. */
const NO_WORD = String.raw`\s!-@\[-\x60\{-~¡-©«-´¶-¹»-¿×÷‐-⁞₠-⃏、-〟！-＠［-｀｛-･${DIGIT}`;
/** A number in any digits with its marks, and at most one short multiplier word ("1K", "2,5 mil", "1万"). */
const NUMBER = String.raw`[${DIGIT}](?:[${DIGIT}.,٬٫'’\s]*[${DIGIT}])?(?:\s?[^${NO_WORD}]{1,12}\.?)??`;
const EDGE = String.raw`[\s:：.,!?…。।؟！？*]*`;

/** Printable ASCII in words with single spaces between them: clean as it is. */
const CLEAN = /^[!-~]+(?: [!-~]+)*$/;

/** Removes direction marks, makes every run of white space one space and trims. */
export const cleanText = (text: string): string =>
  CLEAN.test(text) ? text : text.replace(INVISIBLE, '').replace(/\s+/g, ' ').trim().normalize('NFC');

/**
 * The phrase with its variable parts filled in. Values that the phrase does not use are ignored.
 * @throws RangeError when the phrase needs a value that is not given: that is a bug of the caller.
 */
export function fill(phrase: string, values: Readonly<Record<string, string | number>> = {}): string {
  return phrase.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`no value for {${name}} in "${phrase}"`);
    return String(value);
  });
}

/** The names of a phrase's variable parts, in order. */
export const placeholdersOf = (phrase: string): string[] => [...phrase.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '');

/** Letters that have more than one form on pages: apostrophes, dashes, Turkish i, full-width marks. */
const LOOSE: readonly (readonly [RegExp, string])[] = [
  [/\s+/g, String.raw`\s+`],
  [/['’ʼ`´]/g, "['’ʼ`´]"],
  [/[-‐‑–—]/g, '[-‐‑–—]'],
  [/[iıİ]/gi, '[iıİ]'],
  [/#/g, '[#＃]'],
  [/[:：]/g, String.raw`\s*[:：]`],
  // Joiners after an Indic virama are a matter of typing.
  [/[\u094d\u09cd\u0bcd\u0c4d\u0ccd\u0d4d]/g, '$&[\\u200c\\u200d]?'],
];

function literal(text: string): string {
  let source = text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  for (const [from, to] of LOOSE) source = source.replace(from, to);
  return source;
}

/** Phrase -> regular expression source; `whole` lets a trailing text placeholder run to the end. */
function patternOf(phrase: string, names: string[]): string {
  const parts = phrase.normalize('NFC').split(PLACEHOLDER);
  return parts
    .map((part, i) => {
      if (i % 2 === 0) return literal(part);
      names.push(part);
      if (NUMBER_PLACEHOLDERS.has(part)) return `(${NUMBER})`;
      return i === parts.length - 2 && parts.at(-1) === '' ? '(.+)' : '(.+?)';
    })
    .join('');
}

/** Letters and digits that would make a Latin word longer. */
const LATIN = '0-9A-Za-zÀ-ɏ';
const LATIN_START = new RegExp(`^[${LATIN}]`);
const LATIN_END = new RegExp(`[${LATIN}]$`);

/** Within a longer text a phrase with a number may lack its full stop; of one of mere words the stop may be what tells it apart. */
const FINAL_STOP = /(?<=[^)\\])(?:\\\.|。)$/;

/** One phrase; each of its two patterns is compiled at its first use, because most texts need few of them. */
interface Compiled {
  readonly whole: () => RegExp;
  readonly part: () => RegExp;
  readonly names: readonly string[];
}

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

function compile(phrase: string): Compiled {
  const names: string[] = [];
  const body = patternOf(phrase, names);
  const before = LATIN_START.test(phrase) ? `(?<![${LATIN}])` : '';
  const after = LATIN_END.test(phrase) ? `(?![${LATIN}])` : '';
  return {
    whole: once(() => new RegExp(`^${EDGE}${body}${EDGE}$`, 'iu')),
    part: once(() => new RegExp(before + (names.length > 0 ? body.replace(FINAL_STOP, '') : body) + after, 'iu')),
    names,
  };
}

function valuesOf(compiled: Compiled, found: RegExpExecArray): PhraseValues {
  const values: Record<string, string> = {};
  compiled.names.forEach((name, i) => (values[name] = (found[i + 1] ?? '').trim()));
  return values;
}

const cache = new WeakMap<readonly string[], Matcher>();

/** How much of a phrase is fixed: "from the {country}" says more than "from {country}", which fits the same texts. */
const literalLength = (phrase: string): number => phrase.replace(/\{\w+\}/g, '').length;

/**
 * The matcher of a phrase list, compiled at first use and kept as long as the list.
 * Of the phrases that fit, the one with the most fixed text wins.
 */
export function matcher(phrases: readonly string[]): Matcher {
  const known = cache.get(phrases);
  if (known !== undefined) return known;
  const compiled = phrases.toSorted((a, b) => literalLength(b) - literalLength(a)).map(compile);
  const made: Matcher = {
    match(text) {
      const clean = cleanText(text);
      for (const one of compiled) {
        const found = one.whole().exec(clean);
        if (found !== null) return valuesOf(one, found);
      }
      return null;
    },
    find(text) {
      const clean = cleanText(text);
      for (const one of compiled) {
        const found = one.part().exec(clean);
        if (found !== null) return { values: valuesOf(one, found), text: found[0], index: found.index };
      }
      return null;
    },
  };
  cache.set(phrases, made);
  return made;
}

/** Values of the phrase that is the whole text (apart from space and punctuation around it), or null. */
export const matchPhrase = (phrases: readonly string[], text: string): PhraseValues | null =>
  matcher(phrases).match(text);

/** The phrase with the most fixed text that stands anywhere in the text, or null. */
export const findPhrase = (phrases: readonly string[], text: string): PhraseHit | null => matcher(phrases).find(text);

/** Whether one of the phrases stands anywhere in the text. */
export const hasPhrase = (phrases: readonly string[], text: string): boolean => matcher(phrases).find(text) !== null;
