import { hasPhrase, shopWords, type ProductItem } from '@asa/contract';
import type { Element } from 'domhandler';
import { parseCount, parseStars } from '../../text/count.ts';
import { parseDate } from '../../text/date.ts';
import { attr, first, foldText, hasClass, isInside, textOf, type Page } from '../../page/index.ts';
import { phraseValues } from '../../text/names.ts';
import { once, type Field } from '../field.ts';
import { linesOf } from './lines.ts';
import { olderReviews } from './reviews-older.ts';

export type Review = ProductItem['reviews'][number];

const ID = /(?:^|-)(R[A-Z0-9]{8,20})$/;

/** The id of a review in an element's id ("R3...", "customer_review_foreign-R3..."). */
export const reviewId = (text: string | null): string | null => ID.exec(text ?? '')?.[1] ?? null;

/** The marks of the parts of a review. One may be used for several sizes of a part; the first that is there is read. */
const HOOKS = {
  title: ['review-title', 'reviewTitle', 'review-title-recent'],
  stars: ['review-star-rating', 'cmps-review-star-rating', 'review-star-rating-recent'],
  date: ['review-date'],
  author: ['review-author'],
  body: ['reviewRichContentContainer', 'review-body', 'reviewText', 'review-body-recent'],
  verified: ['avp-badge', 'avp-badge-linkless', 'msrp-avp-badge', 'msrp-avp-badge-linkless'],
  helpful: ['helpful-vote-statement'],
} as const;
const PROFILE = 'a-profile-name';
const PICTURE = 'review-image-tile';

/** An element with its mark. */
interface Marked {
  readonly element: Element;
  readonly hook: string;
}

/** A review, and what is marked in it, in page order. */
interface Found {
  readonly review: Element;
  readonly inside: readonly Marked[];
}

/** The parts of a review by their marks. A mark within a part of the same mark replaces it. */
interface Parts {
  readonly byHook: Map<string, Element>;
  readonly pictures: Element[];
}

function collectParts({ review, inside }: Found): Parts {
  const parts: Parts = { byHook: new Map(), pictures: [] };
  for (const { element, hook } of inside) {
    if (hook === PICTURE) parts.pictures.push(element);
    if (!parts.byHook.has(hook) || hook === 'review-author') parts.byHook.set(hook, element);
  }
  const profile = first(review, `.${PROFILE}`);
  if (profile !== null) parts.byHook.set(PROFILE, profile);
  return parts;
}

const part = (parts: Parts, hooks: readonly string[]): Element | null =>
  hooks.map((hook) => parts.byHook.get(hook)).find((element) => element !== undefined) ?? null;

const isIcon = (element: Element): boolean => hasClass(element, 'a-icon') || hasClass(element, 'a-expander-header');

const shown = (element: Element | null): string | null => linesOf(element, isIcon).join('\n') || null;

interface Origin {
  readonly country: string | null;
  readonly timestamp: string | null;
}

/** Flags that stand beside the name of a country. */
const FLAGS = /[\u{1F1E6}-\u{1F1FF}]+/gu;

/** "Reviewed in Germany 🇩🇪 on 5 March 2020". */
function originOf(page: Page, text: string): Origin {
  const values = text === '' ? null : phraseValues('reviewedIn', text, page.locale);
  return {
    country: foldText(values?.['country']?.replace(FLAGS, '') ?? '') || null,
    timestamp: parseDate(values?.['date'] ?? text, page.locale),
  };
}

/** How many found it helpful; one person is written as a word. */
function helpfulCount(page: Page, text: string): number | null {
  if (text === '') return null;
  const one = hasPhrase(shopWords(page.locale).helpfulOne, text) || hasPhrase(shopWords('en_US').helpfulOne, text);
  return parseCount(text, page.locale) ?? (one ? 1 : null);
}

function imageUrls(pictures: readonly Element[]): string[] {
  const urls = pictures.map((tile) => attr(tile, 'data-src') ?? attr(tile, 'src'));
  return [...new Set(urls.filter((url) => url !== null).filter((url) => /^https?:/.test(url)))];
}

function readReview(page: Page, found: Found): Review[] {
  const { review } = found;
  const id = reviewId(attr(review, 'id')) ?? reviewId(attr(first(review, '[id*=customer_review]'), 'id'));
  if (id === null) return [];
  const parts = collectParts(found);
  return [
    {
      id,
      author: shown(part(parts, [PROFILE, ...HOOKS.author])),
      title: shown(part(parts, HOOKS.title)),
      content: shown(part(parts, HOOKS.body)),
      rating: parseStars(textOf(part(parts, HOOKS.stars))),
      ...originOf(page, textOf(part(parts, HOOKS.date))),
      is_verified: part(parts, HOOKS.verified) !== null,
      helpful_count: helpfulCount(page, textOf(part(parts, HOOKS.helpful))),
      images: imageUrls(parts.pictures),
    },
  ];
}

/** The lists of reviews; where there is none of them, the whole block. */
const LISTS = [
  'cm-cr-dp-review-list',
  'localTopReviewsList',
  'most-recent-reviews-content',
  'cm-cr-global-review-list',
  'internationalTopReviewsList',
  'cr-top-reviews',
] as const;
const BLOCKS = ['reviewsMedley', 'customerReviews', 'customer-reviews_feature_div', 'dv-customer-reviews'] as const;
const MARKS: ReadonlySet<string> = new Set(['review', 'recent-review', 'mobley-review-content']);

const markedIn = (page: Page, root: Element | null): Marked[] =>
  page.select(root, '[data-hook]').map((element) => ({ element, hook: attr(element, 'data-hook') ?? '' }));

/** The reviews in an element, which is walked once. */
function reviewsIn(page: Page, root: Element | null): Found[] {
  const all = markedIn(page, root);
  return all.flatMap(({ element: review, hook }, i) => {
    if (!MARKS.has(hook)) return [];
    let end = i + 1;
    while (end < all.length && isInside(all[end]?.element, review)) end++;
    return [{ review, inside: all.slice(i + 1, end) }];
  });
}

function findReviews(page: Page): Found[] {
  const listed = LISTS.flatMap((id) => reviewsIn(page, page.byId(id)));
  if (listed.length > 0) return listed;
  const inBlock = reviewsIn(page, page.firstById(...BLOCKS));
  if (inBlock.length > 0) return inBlock;
  // A list of another name: nothing but a review of this product has the mark.
  return page.allByAttr('data-hook', 'review').map((review) => ({ review, inside: markedIn(page, review) }));
}

function read(page: Page): Review[] {
  const marked = findReviews(page);
  const found = marked.length > 0 ? marked.flatMap((one) => readReview(page, one)) : olderReviews(page);
  return [...new Map(found.map((review) => [review.id, review])).values()];
}

/** `reviews`: those on the page, in page order, each once. */
export const reviews: Field<Review[]> = once(read);
