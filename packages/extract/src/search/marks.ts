import { hasPhrase, matchPhrase, type PageCard } from '@asa/contract';
import { isTag, type Element } from 'domhandler';
import { attr, hasClass, textOf } from '../page/index.ts';
import { visibleText } from '../product/offer/visible.ts';
import { parseCount } from '../text/count.ts';
import { partWithClass, recipe, type Card } from './card.ts';

/** Class tokens of cards and labels that were paid for. */
const AD_CLASSES = [
  'AdHolder',
  'puis-sponsored-label-text',
  's-sponsored-label-text',
  's-sponsored-label-info-icon',
  's-sponsored-header',
  's-sponsored-list-header',
] as const;
/** Addresses by which a click is counted. */
const AD_ADDRESSES = ['/sspa/click', '/gp/slredirect/', '/x/c/'] as const;

const isLabel = (part: Element, card: Card): boolean =>
  (part.name === 'span' || part.name === 'h5') &&
  !part.children.some(isTag) &&
  matchPhrase(card.words.sponsored, textOf(part).replace(/^\[(.*)\]$/, '$1')) !== null;

/** The card was paid for. */
export const isSponsored = (card: Card): boolean =>
  [card.root, ...card.parts].some(
    (part) =>
      AD_CLASSES.some((token) => hasClass(part, token)) ||
      (part.name === 'a' && AD_ADDRESSES.some((address) => (attr(part, 'href') ?? '').includes(address))) ||
      isLabel(part, card),
  );

/** A Prime badge on the card's first offer. */
export const isPrime = (card: Card): boolean =>
  card.offer.some((part) => hasClass(part, 'a-icon-prime') || hasClass(part, 's-prime'));

/** Classes of a badge's text; since 2025 the badge's kind is a class of its own. */
const BADGE_CLASSES = ['a-badge-text', 'rio-badge-label'] as const;

type Badges = Pick<PageCard, 'badges' | 'best_seller' | 'is_amazons_choice'>;

/** A badge is named by the end of its id, or by its kind. */
const hasBadge = (card: Card, ending: string, kind: string): boolean =>
  card.parts.some((part) => (attr(part, 'id') ?? '').endsWith(ending) || hasClass(part, `rio-badge-style-${kind}`));

/** Badges as shown, and what two of them mean. "Overall Pick" is a form of Amazon's Choice. */
export function badges(card: Card): Badges {
  const { words } = card;
  const shown = card.parts.filter((part) => BADGE_CLASSES.some((token) => hasClass(part, token))).map(textOf);
  const distinct = [...new Set(shown.filter((text) => text !== ''))];
  const says = (phrases: readonly string[]): boolean => distinct.some((text) => hasPhrase(phrases, text));
  return {
    badges: distinct,
    best_seller: hasBadge(card, '-best-seller', 'BEST_SELLER') || says(words.bestSeller),
    is_amazons_choice:
      hasBadge(card, '-amazons-choice', 'AMAZONS_CHOICE') || says(words.amazonsChoice) || says(words.overallPick),
  };
}

/** Coupon as shown, not yet clipped. */
export function coupon(card: Card): string | null {
  const part = partWithClass(card.offer, 's-coupon-unclipped');
  return part === null ? null : visibleText(part) || null;
}

/** Delivery promise as shown. */
export function delivery(card: Card): string | null {
  const block = recipe(card.offer, 'delivery-block') ?? recipe(card.offer, 'delivery-recipe');
  if (block !== null) return visibleText(block) || null;
  const { freeDelivery, fastestDelivery, delivery: standard } = card.words;
  const phrases = [freeDelivery, fastestDelivery, standard].flat();
  const line = card.offer.find(
    (part) => part.name === 'span' && attr(part, 'aria-label') !== null && hasPhrase(phrases, textOf(part)),
  );
  return line === undefined ? null : visibleText(line) || null;
}

const NUMBERS = /\p{N}+/gu;

/** How many options the card says there are: swatches and "+3 other colors", or "Options: 4 sizes". */
export function variationsCount(card: Card): number | null {
  const swatches = card.parts.filter((part) => hasClass(part, 's-color-swatch-link')).length;
  for (const part of card.parts) {
    if (part.name !== 'a') continue;
    const text = attr(part, 'aria-label') ?? textOf(part);
    if (matchPhrase(card.words.moreOptions, text) === null || (text.match(NUMBERS) ?? []).length !== 1) continue;
    const more = parseCount(text, card.page.locale);
    if (more !== null) return more + swatches;
  }
  return swatches > 0 ? swatches : null;
}
