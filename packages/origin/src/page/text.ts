import { fill, shopWords, type Language, type WordKey } from '@asa/contract';

type Values = Readonly<Record<string, string | number>>;

/** The form of a shop word that the site uses today, with its variable parts filled in. */
export function say(language: Language, key: WordKey, values: Values = {}): string {
  const phrase = shopWords(language)[key][0];
  if (phrase === undefined) throw new RangeError(`no phrase for ${key} in ${language}`);
  return fill(phrase, values);
}

/** The first form that has all the parts named, or null: some forms leave a part out. */
export function sayWith(language: Language, key: WordKey, values: Values): string | null {
  const phrase = shopWords(language)[key].find(
    (form) =>
      Object.keys(values).every((name) => form.includes(`{${name}}`)) &&
      [...form.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => name in values),
  );
  return phrase === undefined ? null : fill(phrase, values);
}
