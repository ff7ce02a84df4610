import { hasPhrase, matchPhrase, type PageCard, type Phrases } from '@asa/contract';
import { isTag } from 'domhandler';
import { attr, textOf } from '../page/index.ts';
import { visibleText } from '../product/offer/visible.ts';
import { parseCount } from '../text/count.ts';
import { has, hasAny, recipe, withClass, type Card, type Part } from './card.ts';

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
const AD_ADDRESSES = ['/sspa/click', '/gp/slredirect/'] as const;

const leadsToAd = ({ element }: Part): boolean => {
  const address = element.name === 'a' ? (attr(element, 'href') ?? '') : '';
  return address !== '' && AD_ADDRESSES.some((ad) => address.includes(ad));
};

/** A label is short; longer texts are not compared with the words. */
const LONGEST_LABEL = 40;

function isAdLabel({ element }: Part, words: Phrases): boolean {
  if ((element.name !== 'span' && element.name !== 'h5') || element.children.some(isTag)) return false;
  const text = textOf(element);
  if (text === '' || text.length > LONGEST_LABEL || /\p{N}/u.test(text)) return false;
  return matchPhrase(words, text.replace(/^\[(.*)\]$/, '$1')) !== null;
}

/** The card was paid for. Its structure tells; the word alone is the last to be asked. */
export const isSponsored = (card: Card): boolean =>
  hasAny(card.root, AD_CLASSES) ||
  card.parts.some((part) => (part.classes.includes('sponsored') && hasAny(part, AD_CLASSES)) || leadsToAd(part)) ||
  card.parts.some((part) => isAdLabel(part, card.words.sponsored));

/** A Prime badge on the card's first offer. */
export const isPrime = (card: Card): boolean => withClass(card.offer, 'a-icon-prime', 's-prime') !== null;

/** Classes of a badge's text; since 2025 the badge's kind is a class of its own. */
const BADGE_CLASSES = ['a-badge-text', 'rio-badge-label'] as const;

/** A badge is named by the end of its id, or by its kind. */
const hasBadge = (card: Card, ending: string, kind: string): boolean =>
  card.parts.some((part) => (attr(part.element, 'id') ?? '').endsWith(ending) || has(part, `rio-badge-style-${kind}`));

type Badges = Pick<PageCard, 'badges' | 'best_seller' | 'is_amazons_choice'>;

/** Badges as shown, and what two of them mean. "Overall Pick" is a form of Amazon's Choice. */
export function badges(card: Card): Badges {
  const { words } = card;
  const texts = card.parts
    .filter((part) => part.classes.includes('badge') && hasAny(part, BADGE_CLASSES))
    .map((part) => textOf(part.element));
  const shown = [...new Set(texts.filter((text) => text !== ''))];
  if (shown.length === 0) return { badges: [], best_seller: false, is_amazons_choice: false };
  const says = (phrases: Phrases): boolean => shown.some((text) => hasPhrase(phrases, text));
  return {
    badges: shown,
    best_seller: hasBadge(card, '-best-seller', 'BEST_SELLER') || says(words.bestSeller),
    is_amazons_choice:
      hasBadge(card, '-amazons-choice', 'AMAZONS_CHOICE') || says(words.amazonsChoice) || says(words.overallPick),
  };
}

/** Coupon as shown, not yet clipped. */
export const coupon = (card: Card): string | null => visibleText(withClass(card.offer, 's-coupon-unclipped')) || null;

/** Delivery promise as shown. */
export function delivery(card: Card): string | null {
  const block = recipe(card.offer, 'delivery-block') ?? recipe(card.offer, 'delivery-recipe');
  if (block !== null) return visibleText(block) || null;
  const { freeDelivery, fastestDelivery, delivery: standard } = card.words;
  for (const { element } of card.offer) {
    if (element.name !== 'span' || attr(element, 'aria-label') === null) continue;
    const text = visibleText(element);
    if ([freeDelivery, standard, fastestDelivery].some((phrases) => hasPhrase(phrases, text))) return text;
  }
  return null;
}

const NUMBERS = /\p{N}+/gu;

/** How many options the card says there are: swatches and "+3 other colors", or "Options: 4 sizes". */
export function variationsCount(card: Card): number | null {
  const swatches = card.parts.filter((part) => has(part, 's-color-swatch-outer-circle')).length;
  for (const { element } of card.parts) {
    if (element.name !== 'a') continue;
    const text = attr(element, 'aria-label') ?? textOf(element);
    if (text.length > LONGEST_LABEL || text.match(NUMBERS)?.length !== 1) continue;
    if (matchPhrase(card.words.moreOptions, text) === null) continue;
    const more = parseCount(text, card.page.locale);
    if (more !== null) return more + swatches;
  }
  return swatches > 0 ? swatches : null;
}
