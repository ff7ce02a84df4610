import type { Element } from 'domhandler';
import { parseCount, parseStars } from '../../text/count.ts';
import { attr, first, textOf, type Page } from '../../page/index.ts';
import { firstOf, type Field } from '../field.ts';
import { shownAsin } from './identity.ts';
import { asinInUrl, asinOrNull } from './json.ts';
import { linesOf } from './lines.ts';
import { twister } from './twister.ts';

/** Stars and number of ratings, as one block of the page shows them. */
interface Summary {
  readonly stars: number | null;
  readonly count: number | null;
}

/** What may hold the average in a block at the top, and in one that holds reviews with stars of their own too. */
const TOP_STARS = '#acrPopover, .a-icon-star, .a-icon-star-medium, .a-icon-star-mini, .swSprite';
const AVERAGE =
  '[data-hook=average-star-rating], [data-hook^=average-stars-rating], .a-icon-star-medium, .a-icon-row > .a-icon-star';
const COUNT = [
  '#acrCustomerReviewText',
  '[data-hook=total-review-count]',
  '[data-hook=total-rating-count]',
  '#acrCustomerReviewLink .a-size-base',
  '#acrCustomerReviewLink [aria-label]',
  '.acrCount',
].join(', ');

function summaryOf(page: Page, block: Element, stars: string): Summary {
  const icon = first(block, stars);
  const spoken = icon === null ? null : first(icon, '.a-icon-alt');
  return {
    stars: parseStars(attr(icon, 'title') ?? textOf(spoken ?? icon)),
    count: parseCount(textOf(first(block, COUNT)), page.locale),
  };
}

/** A block that names another product (a warranty plan, a bundle) is not about this one. */
function isOwn(page: Page, block: Element): boolean {
  const named = asinOrNull(attr(block, 'data-asin')) ?? asinInUrl(attr(first(block, '#acrCustomerReviewLink'), 'href'));
  const family = twister(page);
  return named === null || named === shownAsin(page) || named === family?.parent || family?.values.has(named) === true;
}

/** Blocks at the top of the page, then those beside the reviews. */
const BLOCKS = [
  ['averageCustomerReviews', TOP_STARS],
  ['averageCustomerReviews_feature_div', TOP_STARS],
  ['acr', TOP_STARS],
  ['cm_cr_dp_d_rating_histogram', AVERAGE],
  ['cm_cr_dp_mb_rating_histogram', AVERAGE],
  ['reviewsMedley', AVERAGE],
  ['dv-customer-reviews', AVERAGE],
  ['aw-udpv3-customer-reviews_feature_div', AVERAGE],
] as const;

/** The first value that a block of this product shows; later blocks are read only when earlier ones show none. */
function firstShown(page: Page, value: (summary: Summary) => number | null): number | null {
  for (const [id, stars] of BLOCKS) {
    for (const block of page.shownById(id)) {
      const found = isOwn(page, block) ? value(summaryOf(page, block, stars)) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

const ratingText = (page: Page): number | null =>
  parseStars(textOf(page.allByAttr('data-hook', 'rating-out-of-text')[0]));

/** `rating`: average stars. */
export const rating: Field<number | null> = (page) => firstShown(page, ({ stars }) => stars) ?? ratingText(page);

/** `reviews_count`: number of ratings as shown. */
export const reviewsCount: Field<number | null> = (page) => firstShown(page, ({ count }) => count);

/** `answered_questions_count`: "1000+" is 1000. A link that only offers a search has no number. */
export const answeredQuestionsCount: Field<number | null> = (page) =>
  firstOf(page, [(one) => parseCount(textOf(one.byId('askATFLink')), one.locale)]);

/** `review_summary`: what the marketplace itself says that customers say. */
export const reviewSummary: Field<string | null> = (page) => {
  const block = page.firstById('product-summary', 'cr-product-insights-cards');
  const text = page.first(block, 'p');
  return text === null ? null : linesOf(text).join(' ') || null;
};
