import {
  ALL_LANGUAGES,
  cleanText,
  matchPhrase,
  shopWords,
  type Language,
  type PhraseValues,
  type WordKey,
} from '@asa/contract';

/** A label or name for comparison: no marks, no colon at the end, one form of width and case. */
export const foldLabel = (text: string): string =>
  cleanText(text)
    .normalize('NFKC')
    .replace(/[\s:]+$/, '')
    .toLowerCase();

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

/** The phrases of a key, one list a phrase: the page's language first, then every other one, without repetition. */
function phrasesOf(key: WordKey, language: Language): readonly (readonly string[])[] {
  const id = `${key} ${language}`;
  let known = ordered.get(id);
  if (known === undefined) {
    const languages = [language, ...ALL_LANGUAGES.filter((other) => other !== language)];
    known = [...new Set(languages.flatMap((one) => shopWords(one)[key]))].map((phrase) => [phrase]);
    ordered.set(id, known);
  }
  return known;
}

/**
 * The variable parts of a phrase that is the whole text. The page's own language comes first; of its phrases the one
 * that leaves the least to the part `name` is the right one ("Visit the {brand} Store", "Visit {brand}").
 * Null when no language has such a phrase.
 */
export function phraseValues(key: WordKey, name: string, text: string, language: Language): PhraseValues | null {
  const own = shopWords(language)[key].length;
  const length = (values: PhraseValues | null): number => values?.[name]?.length || Number.POSITIVE_INFINITY;
  let best: PhraseValues | null = null;
  for (const [i, phrase] of phrasesOf(key, language).entries()) {
    if (i >= own && best !== null) break;
    const values = matchPhrase(phrase, text);
    if (length(values) < length(best)) best = values;
  }
  return best;
}
