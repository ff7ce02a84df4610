import type { Element } from 'domhandler';
import { parseCount, parseStars } from '../../text/count.ts';
import { attr, first, textOf, type Page } from '../../page/index.ts';
import { firstOf, once, type Field } from '../field.ts';
import { shownAsin } from './identity.ts';
import { asinInUrl, asinOrNull } from './json.ts';
import { linesOf } from './lines.ts';
import { twister } from './twister.ts';

/** Stars and number of ratings, as one block of the page shows them. */
interface Summary {
  readonly stars: number | null;
  readonly count: number | null;
}

const STARS = '#acrPopover, [data-hook=average-star-rating], .a-icon-star-medium, .a-icon-star, .swSprite';
const COUNT = '#acrCustomerReviewText, [data-hook=total-review-count], #acrCustomerReviewLink .a-size-base, .acrCount';

function summaryOf(page: Page, block: Element): Summary {
  const icon = first(block, STARS);
  const spoken = icon === null ? null : first(icon, '.a-icon-alt');
  const stars = parseStars(attr(icon, 'title') ?? textOf(spoken ?? icon));
  return { stars, count: parseCount(textOf(first(block, COUNT)), page.locale) };
}

/** A block that names another product (a warranty plan, a bundle) is not about this one. */
function isOwn(page: Page, block: Element): boolean {
  const named = asinOrNull(attr(block, 'data-asin')) ?? asinInUrl(attr(first(block, '#acrCustomerReviewLink'), 'href'));
  const family = twister(page);
  return named === null || named === shownAsin(page) || named === family?.parent || family?.values.has(named) === true;
}

/** Blocks at the top of the page and beside the reviews, the surest first. */
const BLOCKS = [
  'averageCustomerReviews',
  'averageCustomerReviews_feature_div',
  'acr',
  'cm_cr_dp_d_rating_histogram',
  'reviewsMedley',
  'dv-customer-reviews',
  'aw-udpv3-customer-reviews_feature_div',
] as const;

function blocks(page: Page): Summary[] {
  const own = BLOCKS.flatMap((id) => page.allById(id).filter((block) => isOwn(page, block)));
  return own.map((block) => summaryOf(page, block));
}

const summaries: Field<Summary[]> = once(blocks);

const ratingText = (page: Page): number | null =>
  parseStars(textOf(page.allByAttr('data-hook', 'rating-out-of-text')[0]));

/** `rating`: average stars. */
export const rating: Field<number | null> = (page) =>
  summaries(page).find(({ stars }) => stars !== null)?.stars ?? ratingText(page);

/** `reviews_count`: number of ratings as shown. */
export const reviewsCount: Field<number | null> = (page) =>
  summaries(page).find(({ count }) => count !== null)?.count ?? null;

/** `answered_questions_count`: "1000+" is 1000. A link that only offers a search has no number. */
export const answeredQuestionsCount: Field<number | null> = (page) =>
  firstOf(page, [(one) => parseCount(textOf(one.byId('askATFLink')), one.locale)]);

/** `review_summary`: what the marketplace itself says that customers say. */
export const reviewSummary: Field<string | null> = (page) => {
  const block = page.byId('product-summary') ?? page.allByAttr('data-hook', 'cr-insights-widget-summary')[0] ?? null;
  const text = page.first(block, 'p');
  return text === null ? null : linesOf(text).join(' ') || null;
};
