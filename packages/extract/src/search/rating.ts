import { hasPhrase } from '@asa/contract';
import type { Element } from 'domhandler';
import { attr, hasClass, textOf } from '../page/index.ts';
import { parseCount, parseStars } from '../text/count.ts';
import type { Card } from './card.ts';

/** Stars are an icon with a text; before 2015 a link with one. */
const isStars = (part: Element): boolean =>
  hasClass(part, 'a-icon-alt') || (part.name === 'a' && attr(part, 'alt') !== null);

function starsPart(card: Card): { readonly rating: number; readonly at: number } | null {
  for (const [at, part] of card.parts.entries()) {
    if (!isStars(part)) continue;
    const rating = parseStars(attr(part, 'alt') ?? textOf(part));
    if (rating !== null) return { rating, at };
  }
  return null;
}

/** Average stars, null when the card shows none. */
export const rating = (card: Card): number | null => starsPart(card)?.rating ?? null;

const opensPopover = (part: Element): boolean =>
  hasClass(part, 'a-popover-trigger') || (attr(part, 'href') ?? '').startsWith('javascript:');

const NUMBER_ONLY = /^[\p{N}.,٬\s]+$/u;

/**
 * Number of ratings: spoken in full by the link after the stars ("1,126 ratings"), or its text, which may be rounded
 * ("(1.1K)").
 */
export function reviewsCount(card: Card): number | null {
  const stars = starsPart(card);
  if (stars === null) return null;
  for (const part of card.parts.slice(stars.at + 1)) {
    if (hasClass(part, 'a-price')) return null;
    const spoken = attr(part, 'aria-label');
    const counts = part.name === 'a' ? !opensPopover(part) : spoken !== null && NUMBER_ONLY.test(spoken);
    if (!counts) continue;
    const count = parseCount(spoken ?? textOf(part), card.page.locale);
    if (count !== null) return count;
  }
  return null;
}

/** "1K+ bought in past month" as shown. */
export function salesVolume(card: Card): string | null {
  for (const part of card.parts) {
    if (part.name !== 'span' || !hasClass(part, 'a-color-secondary')) continue;
    const text = textOf(part);
    if (text !== '' && hasPhrase(card.words.boughtPastMonth, text)) return text;
  }
  return null;
}
