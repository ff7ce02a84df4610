import { hasPhrase, matchPhrase, shopWords, ALL_LANGUAGES, type ProductItem } from '@asa/contract';
import type { Element } from 'domhandler';
import { parseCount, parseStars } from '../../text/count.ts';
import { parseDate } from '../../text/date.ts';
import { attr, first, foldText, hasClass, select, textOf, type Page } from '../../page/index.ts';
import { once, type Field } from '../field.ts';
import { linesOf } from './lines.ts';
import { olderReviews } from './reviews-older.ts';

export type Review = ProductItem['reviews'][number];

const ID = /(?:^|-)(R[A-Z0-9]{8,20})$/;

/** The id of a review in an element's id ("R3...", "customer_review_foreign-R3..."). */
export const reviewId = (text: string | null): string | null => ID.exec(text ?? '')?.[1] ?? null;

const HOOKS = {
  title: '[data-hook=review-title], [data-hook=reviewTitle], [data-hook=review-title-recent]',
  stars: '[data-hook=review-star-rating], [data-hook=cmps-review-star-rating], [data-hook^=review-star-rating]',
  date: '[data-hook=review-date]',
  author: '.a-profile-name, a[data-hook=review-author]',
  body: '[data-hook=reviewRichContentContainer], [data-hook=review-body], [data-hook=reviewText], [data-hook=review-body-recent], .review-text',
  verified: '[data-hook^=avp-badge], [data-hook^=msrp-avp-badge]',
  helpful: '[data-hook=helpful-vote-statement]',
  image: '[data-hook=review-image-tile]',
} as const;

const isIcon = (element: Element): boolean => hasClass(element, 'a-icon') || hasClass(element, 'a-expander-header');

const textAt = (review: Element, selector: string): string | null => {
  const found = first(review, selector);
  return found === null ? null : linesOf(found, isIcon).join('\n') || null;
};

interface Origin {
  readonly country: string | null;
  readonly timestamp: string | null;
}

/** "Reviewed in Germany on 5 March 2020" in the page's language, else in any. */
function originOf(page: Page, text: string): Origin {
  for (const language of [page.locale, ...ALL_LANGUAGES]) {
    const values = matchPhrase(shopWords(language).reviewedIn, text);
    const country = values?.['country'];
    if (values !== null && country !== undefined) {
      return { country: foldText(country), timestamp: parseDate(values['date'] ?? text, page.locale) };
    }
  }
  return { country: null, timestamp: parseDate(text, page.locale) };
}

/** How many found it helpful; one person is written as a word. */
function helpfulCount(page: Page, text: string): number | null {
  if (text === '') return null;
  const count = parseCount(text, page.locale);
  if (count !== null) return count;
  return ALL_LANGUAGES.some((language) => hasPhrase(shopWords(language).helpfulOne, text)) ? 1 : null;
}

function imageUrls(review: Element): string[] {
  const urls = select(review, HOOKS.image).map((tile) => attr(tile, 'data-src') ?? attr(tile, 'src'));
  return [...new Set(urls.filter((url) => url !== null && /^https?:/.test(url)))] as string[];
}

function readReview(page: Page, element: Element): Review[] {
  const id = reviewId(attr(element, 'id')) ?? reviewId(attr(first(element, '[id*=customer_review]'), 'id'));
  if (id === null) return [];
  const stars = first(element, HOOKS.stars);
  return [
    {
      id,
      author: textAt(element, HOOKS.author),
      title: textAt(element, HOOKS.title),
      content: textAt(element, HOOKS.body),
      rating: parseStars(textOf(stars)),
      ...originOf(page, textOf(first(element, HOOKS.date))),
      is_verified: first(element, HOOKS.verified) !== null,
      helpful_count: helpfulCount(page, textOf(first(element, HOOKS.helpful))),
      images: imageUrls(element),
    },
  ];
}

function read(page: Page): Review[] {
  const elements = [...page.allByAttr('data-hook', 'review'), ...page.allByAttr('data-hook', 'recent-review')];
  const found = elements.length > 0 ? elements.flatMap((element) => readReview(page, element)) : olderReviews(page);
  return [...new Map(found.map((review) => [review.id, review])).values()];
}

/** `reviews`: those on the page, in page order, each once. */
export const reviews: Field<Review[]> = once(read);
