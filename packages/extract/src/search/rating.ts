import { hasPhrase } from '@asa/contract';
import { textOf } from '../page/index.ts';
import { parseCount, parseStars } from '../text/count.ts';
import { allWithClass, attrOf, elementOf, has, type Card, type Part } from './card.ts';

/** Stars are an icon with a text; before 2015 a link with one. */
function starsText(card: Card, part: Part): string | null {
  if (has(part, 'a-icon-alt')) return textOf(elementOf(card, part));
  return part.name === 'a' ? attrOf(part, 'alt') : null;
}

/** Average stars and the parts after them; null when the card shows none. */
function starsOf(card: Card): { readonly rating: number; readonly after: readonly Part[] } | null {
  for (const [at, part] of card.parts.entries()) {
    const text = starsText(card, part);
    const rating = text === null ? null : parseStars(text);
    if (rating !== null) return { rating, after: card.parts.slice(at + 1) };
  }
  return null;
}

const opensPopover = (part: Part): boolean =>
  has(part, 'a-popover-trigger') || (attrOf(part, 'href') ?? '').startsWith('javascript:');

const NUMBER_ONLY = /^[\p{N}.,٬\s]+$/u;

/**
 * Number of ratings: spoken in full by the link after the stars ("1,126 ratings"), or its text, which may be rounded
 * ("(1.1K)").
 */
function countIn(parts: readonly Part[], card: Card): number | null {
  for (const part of parts) {
    if (has(part, 'a-price')) return null;
    const spoken = attrOf(part, 'aria-label');
    const counts = part.name === 'a' ? !opensPopover(part) : spoken !== null && NUMBER_ONLY.test(spoken);
    if (!counts) continue;
    const count = parseCount(spoken ?? textOf(elementOf(card, part)), card.page.locale);
    if (count !== null) return count;
  }
  return null;
}

/** Average stars and the number of ratings behind them. */
export function ratings(card: Card): { readonly rating: number | null; readonly reviews_count: number | null } {
  const stars = starsOf(card);
  if (stars === null) return { rating: null, reviews_count: null };
  return { rating: stars.rating, reviews_count: countIn(stars.after, card) };
}

/** "1K+ bought in past month" as shown. */
export function salesVolume(card: Card): string | null {
  for (const part of allWithClass(card, card.parts, 'a-color-secondary')) {
    if (part.name !== 'span' || !part.isLeaf) continue;
    const text = textOf(elementOf(card, part));
    if (/\p{N}/u.test(text) && hasPhrase(card.words.boughtPastMonth, text)) return text;
  }
  return null;
}
