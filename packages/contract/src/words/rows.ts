import type { Language } from '../languages.ts';
import { EN } from './en.ts';
import type { ShopWords, WordKey } from './types.ts';

/** Regional forms: only the keys that differ; they come before the base row's forms. */
export type Overrides = Partial<ShopWords>;

/** The base row with a region's forms first. */
export function withOverrides(base: ShopWords, overrides: Overrides): ShopWords {
  const merged: Record<string, readonly string[]> = { ...base };
  for (const [key, phrases] of Object.entries(overrides)) {
    merged[key] = [...new Set([...phrases, ...base[key as WordKey]])];
  }
  return merged as unknown as ShopWords;
}

const ROWS: Partial<Record<Language, ShopWords>> = { en_US: EN };

/** The words of a UI language. */
export const shopWords = (language: Language): ShopWords => ROWS[language] ?? EN;
