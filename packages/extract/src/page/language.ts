import { ALL_LANGUAGES, type Language, marketplace, type Target } from '@asa/contract';

const known = new Map<string, Language>(ALL_LANGUAGES.map((language) => [language.toLowerCase(), language]));

/**
 * A declared language tag ("en-us", "de_DE", "ja") as one of the contract's languages, null when it is none. A tag
 * without a region means the marketplace's own language of that name.
 */
export function languageOfTag(tag: string, target: Target): Language | null {
  const folded = tag.trim().toLowerCase().replace('-', '_');
  const exact = known.get(folded);
  if (exact !== undefined) return exact;
  const primary = folded.split('_')[0] ?? '';
  if (primary === '') return null;
  return marketplace(target.domain).languages.find((language) => language.startsWith(`${primary}_`)) ?? null;
}

/** Places in the raw page that declare its language, the surest first. The tag is the first group. */
export const LANGUAGE_SIGNS: readonly RegExp[] = [
  /<html\b[^>]*?\slang\s*=\s*["']?([a-z]{2,3}(?:[-_][a-z]{2,4})?)\b/i,
  /<meta\b[^>]*?property\s*=\s*["']og:locale["'][^>]*?content\s*=\s*["']([a-z]{2}[-_][a-z]{2})["']/i,
  /<meta\b[^>]*?http-equiv\s*=\s*["']content-language["'][^>]*?content\s*=\s*["']([a-z]{2}(?:[-_][a-z]{2})?)["']/i,
  /["'](?:languageOfPreference|lc-main|lc-acb\w{2}|currentLanguage|pageLanguage)["']\s*[:=]\s*["']([a-z]{2}[-_][a-z]{2})["']/i,
];
