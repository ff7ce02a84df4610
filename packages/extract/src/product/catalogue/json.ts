import { foldText } from '../../page/index.ts';

/** Narrowing of what the pages' embedded data turns out to be. Texts are folded as those in the markup are. */

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The strings of a list; anything else is left out. */
export const stringsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string').map(foldText) : [];

/** A non-empty string; null for anything else. */
export function textOrNull(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = foldText(value);
  return text === '' ? null : text;
}

const ASIN = /^[A-Z0-9]{10}$/;

/** A ten-character ASIN in its own spelling; null for anything else. */
export function asinOrNull(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const asin = value.trim().toUpperCase();
  return ASIN.test(asin) ? asin : null;
}

const IN_URL =
  /\/(?:dp|gp\/product|gp\/video\/detail|gp\/aw\/d|gp\/aw\/cr|product-reviews|d)\/(?:product\/)?([A-Za-z0-9]{10})(?=[/?#&]|$)/;

/** The ASIN that a product URL names, null when it names none. */
export const asinInUrl = (url: string | null): string | null => asinOrNull(IN_URL.exec(url ?? '')?.[1]);
