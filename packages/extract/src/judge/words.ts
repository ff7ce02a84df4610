import { ALL_LANGUAGES, hasPhrase, matchPhrase, shopWords, type BlockWords } from '@asa/contract';
import { attr, textOf, type Page } from '../page/index.ts';
import type { WordPlace } from './signs.ts';

const every = new Map<keyof BlockWords, readonly string[]>();

/** The phrases of all languages for one thing: a page that comes instead is often in a language nobody asked for. */
function phrasesOf(key: keyof BlockWords): readonly string[] {
  let phrases = every.get(key);
  if (phrases === undefined) {
    phrases = [...new Set(ALL_LANGUAGES.flatMap((language) => shopWords(language)[key]))];
    every.set(key, phrases);
  }
  return phrases;
}

const HEADINGS = ['h1', 'h2', 'h3', 'h4'] as const;
/** A page has few titles and headings; one that has thousands is no page that comes instead. */
const MOST = 60;
const LONGEST = 400;
/** Elements and bytes of a page that is small enough for all its text to be asked. */
const SMALL = { elements: 400, bytes: 60_000 } as const;

const few = (texts: readonly string[]): string[] =>
  texts.slice(0, MOST).filter((text) => text !== '' && text.length <= LONGEST);

function allText(page: Page): string[] {
  const isSmall = page.outline.count <= SMALL.elements && page.size <= SMALL.bytes;
  return isSmall ? [textOf(page.document())] : [];
}

const textOfTags = (page: Page, ...names: readonly string[]): string[] =>
  few(names.flatMap((name) => page.allByTag(name, MOST).map(textOf)));

/** The texts of each place on a page. */
const TEXTS: Readonly<Record<WordPlace, (page: Page) => string[]>> = {
  title: (page) => textOfTags(page, 'title'),
  headline: (page) => textOfTags(page, ...HEADINGS),
  picture: (page) => few(page.allByTag('img', MOST).map((img) => attr(img, 'alt') ?? '')),
  button: (page) => textOfTags(page, 'button'),
  text: allText,
};

/** Titles carry a status and the shop's name beside the words: "404 - Page Not Found | Amazon.com". */
const FRAME = /^(?:Amazon(?:\.[a-z.]+)?\s*[-–—:|]\s*)?(?:[45]\d\d\s*[-–—:|]?\s*)?|\s*[-–—:|]\s*Amazon(?:\.[a-z.]+)?$/gi;

/** Whether the words for something stand in a place of the page, or (`whole`) are all that stands there. */
export function hasWords(page: Page, place: WordPlace, key: keyof BlockWords, whole: boolean): boolean {
  const phrases = phrasesOf(key);
  const test = whole
    ? (text: string) => [text, text.replace(FRAME, '')].some((one) => matchPhrase(phrases, one) !== null)
    : (text: string) => hasPhrase(phrases, text);
  return TEXTS[place](page).some(test);
}
