import { hasPhrase, matchPhrase, type PageCard, type Phrases } from '@asa/contract';
import { textOf } from '../page/index.ts';
import { once } from '../product/field.ts';
import { visibleText } from '../product/offer/visible.ts';
import { parseCount } from '../text/count.ts';
import {
  allWithClass,
  attrHas,
  attrOf,
  elementOf,
  has,
  hasAny,
  recipe,
  sizeOf,
  withClass,
  withId,
  type Card,
  type Part,
} from './card.ts';

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

const leadsToAd = (part: Part): boolean => part.name === 'a' && attrHas(part, 'href', AD_ADDRESSES);

/** A label is short; longer texts are not compared with the words. */
const LONGEST_LABEL = 40;
/** Its bytes with markup, references and white space around it. */
const LONGEST_MARKUP = 600;

/** What the texts of a page's labels say, by what stands between their tags: cards have most of them in common. */
const adTexts = once((): Map<string, boolean> => new Map());

function saysAd(card: Card, part: Part): boolean {
  const text = textOf(elementOf(card, part));
  if (text === '' || text.length > LONGEST_LABEL || /\p{N}/u.test(text)) return false;
  return matchPhrase(card.words.sponsored, text.replace(/^\[(.*)\]$/, '$1')) !== null;
}

function isAdLabel(card: Card, part: Part): boolean {
  if ((part.name !== 'span' && part.name !== 'h5') || !part.isLeaf) return false;
  if (sizeOf(card, part) > LONGEST_MARKUP) return false;
  const { outline, raw } = card.page;
  const content = raw.slice(outline.open[part.number], outline.end[part.number]);
  const known = adTexts(card.page);
  let isAd = known.get(content);
  if (isAd === undefined) known.set(content, (isAd = saysAd(card, part)));
  return isAd;
}

/** The card was paid for. Its structure tells; the word alone is the last to be asked. */
export const isSponsored = (card: Card): boolean =>
  hasAny(card.root, AD_CLASSES) ||
  withClass(card, card.parts, ...AD_CLASSES) !== null ||
  card.parts.some(leadsToAd) ||
  card.parts.some((part) => isAdLabel(card, part));

/** A Prime badge on the card's first offer. */
export const isPrime = (card: Card): boolean => withClass(card, card.offer, 'a-icon-prime', 's-prime') !== null;

/** Classes of a badge's text; since 2025 the badge's kind is a class of its own. */
const BADGE_CLASSES = ['a-badge-text', 'rio-badge-label'] as const;

/** A badge is named by the end of its id, or by its kind. */
const hasBadge = (card: Card, ending: string, kind: string): boolean =>
  withClass(card, card.parts, `rio-badge-style-${kind}`) !== null ||
  withId(card).some((part) => (attrOf(part, 'id') ?? '').endsWith(ending));

/** A badge may be made of differently coloured pieces ("Amazon's", "Choice"): what is around them is the badge. */
function badgeText(card: Card, part: Part): string {
  const around = card.page.outline.parent[part.number] ?? part.number;
  const isBadge = card.page.hasClassAt(around, 'a-badge-label-inner');
  return textOf(card.page.element(isBadge ? around : part.number));
}

type Badges = Pick<PageCard, 'badges' | 'best_seller' | 'is_amazons_choice'>;

/** Badges as shown, and what two of them mean. "Overall Pick" is a form of Amazon's Choice. */
export function badges(card: Card): Badges {
  const { words } = card;
  const texts = allWithClass(card, card.parts, ...BADGE_CLASSES).map((part) => badgeText(card, part));
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

/** Before 2020 a coupon is a link that says more than the mark at its beginning ("7% off", "with coupon"). */
function oldCoupon(card: Card): string | null {
  const { parent, name } = card.page.outline;
  const mark = withClass(card, card.offer, 'a-icon-addon');
  const around = mark === null ? -1 : (parent[mark.number] ?? -1);
  if (mark === null || around < card.root.number || name[around]?.text !== 'a') return null;
  const text = visibleText(card.page.element(around));
  return /\p{N}/u.test(text) && text !== textOf(elementOf(card, mark)) ? text : null;
}

/** Coupon as shown, not yet clipped. */
export function coupon(card: Card): string | null {
  const part = withClass(card, card.offer, 's-coupon-unclipped');
  return part === null ? oldCoupon(card) : visibleText(elementOf(card, part)) || null;
}

/** Delivery promise as shown. */
export function delivery(card: Card): string | null {
  const block = recipe(card, 'delivery-block') ?? recipe(card, 'delivery-recipe');
  if (block !== null) return visibleText(elementOf(card, block)) || null;
  const { freeDelivery, fastestDelivery, delivery: standard } = card.words;
  const isPromise = (text: string): boolean =>
    [freeDelivery, standard, fastestDelivery].some((phrases) => hasPhrase(phrases, text));
  const lines = (isLine: (part: Part) => boolean): string[] =>
    card.offer
      .filter((part) => part.name === 'span' && isLine(part) && sizeOf(card, part) <= LONGEST_MARKUP)
      .map((part) => visibleText(elementOf(card, part)))
      .filter(isPromise);
  const [spoken] = lines((part) => attrOf(part, 'aria-label') !== null);
  if (spoken !== undefined) return spoken;
  // Before 2020 each promise has a small line of its own.
  const small = card.root.name === 'li' ? lines((part) => has(part, 'a-size-small')) : [];
  return small.length === 0 ? null : [...new Set(small)].join(' ');
}

/** Links to the options, whatever their language says of them. */
const OPTION_LINKS = ['s-variation-options-link', 's-color-swatch-link'] as const;

const NUMBERS = /\p{N}+/gu;

/** How many options the card says there are: swatches and "+3 other colors", or "Options: 4 sizes". */
export function variationsCount(card: Card): number | null {
  const swatches = allWithClass(card, card.parts, 's-color-swatch-outer-circle').length;
  for (const part of card.parts) {
    if (part.name !== 'a') continue;
    const spoken = attrOf(part, 'aria-label');
    if (spoken === null && sizeOf(card, part) > LONGEST_MARKUP) continue;
    const text = spoken ?? textOf(elementOf(card, part));
    if (text.length > LONGEST_LABEL || text.match(NUMBERS)?.length !== 1) continue;
    if (!hasAny(part, OPTION_LINKS) && matchPhrase(card.words.moreOptions, text) === null) continue;
    const more = parseCount(text, card.page.locale);
    if (more !== null) return more + swatches;
  }
  return swatches > 0 ? swatches : null;
}
