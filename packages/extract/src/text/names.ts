import {
  ALL_LANGUAGES,
  cleanText,
  matchPhrase,
  shopWords,
  type Language,
  type PhraseValues,
  type WordKey,
} from '@asa/contract';

/** Accents and vowel signs that pages write or leave out, and the stroke that stretches Arabic words. */
const ACCENTS = /[\u0300-\u036f\u064b-\u0655\u0640]/g;

/** A label or name for comparison: no marks, no accents, no colon at the end, one form of width, case and apostrophe. */
export function foldLabel(text: string): string {
  const clean = cleanText(text).replace(/[’ʼ`´]/g, "'");
  const bare = ASCII.test(clean) ? clean : clean.normalize('NFKD').replace(ACCENTS, '');
  return bare.replace(/[\s:]+$/, '').toLowerCase();
}

const ASCII = /^[ -~]*$/;

const labels = new Map<WordKey, ReadonlySet<string>>();

/** The forms of a label in every language: a page's detail rows may be in another language than its menus. */
function labelsOf(key: WordKey): ReadonlySet<string> {
  let known = labels.get(key);
  if (known === undefined) {
    known = new Set(ALL_LANGUAGES.flatMap((language) => shopWords(language)[key].map(foldLabel)));
    labels.set(key, known);
  }
  return known;
}

/** Whether a label is one of the key's, in any language. */
export const isLabel = (key: WordKey, text: string): boolean => labelsOf(key).has(foldLabel(text));

const ordered = new Map<string, readonly (readonly string[])[]>();

/** The phrases of a key, one list a language: the page's language first, then every other one, without repetition. */
function phrasesOf(key: WordKey, language: Language): readonly (readonly string[])[] {
  const id = `${key} ${language}`;
  let known = ordered.get(id);
  if (known === undefined) {
    const seen = new Set<string>();
    const unseen = (phrase: string): boolean => !seen.has(phrase) && seen.add(phrase).has(phrase);
    known = [language, ...ALL_LANGUAGES].map((one) => shopWords(one)[key].filter(unseen));
    ordered.set(id, known);
  }
  return known;
}

/**
 * The variable parts of a phrase that is the whole text. The page's own language comes first; of a language's phrases
 * that fit, the one that says most itself is the right one ("Reviewed in the {country} on {date}", "Reviewed in
 * {country} {date}"). Null when no language has such a phrase.
 */
export function phraseValues(key: WordKey, text: string, language: Language): PhraseValues | null {
  for (const phrases of phrasesOf(key, language)) {
    const values = matchPhrase(phrases, text);
    if (values !== null) return values;
  }
  return null;
}
