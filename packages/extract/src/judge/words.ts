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

const few = (texts: readonly string[]): string[] =>
  texts.slice(0, MOST).filter((text) => text !== '' && text.length <= LONGEST);

/** The texts of one place on the page. */
function textsAt(page: Page, place: WordPlace): string[] {
  if (place === 'title') return few(page.allByTag('title').slice(0, MOST).map(textOf));
  if (place === 'headline') return few(HEADINGS.flatMap((name) => page.allByTag(name).slice(0, MOST).map(textOf)));
  if (place === 'picture')
    return few(
      page
        .allByTag('img')
        .slice(0, MOST)
        .map((img) => attr(img, 'alt') ?? ''),
    );
  return few(page.allByTag('button').slice(0, MOST).map(textOf));
}

/** Whether the words for something stand in a place of the page. Buttons and sign-in titles must be nothing else. */
export function hasWords(page: Page, place: WordPlace, key: keyof BlockWords): boolean {
  const phrases = phrasesOf(key);
  const whole = place === 'button' || key === 'signInTitle';
  return textsAt(page, place).some((text) => (whole ? matchPhrase(phrases, text) !== null : hasPhrase(phrases, text)));
}
