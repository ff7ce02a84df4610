import type { ProductItem } from '@asa/contract';
import { markup, raw, type Html } from '../../page/html.ts';
import { say } from '../../page/text.ts';
import { count, decimal, longDate } from '../../words/numbers.ts';
import type { SyntheticProduct } from '../describe.ts';

/** The reviews block: histogram, summary, reviews. */
export function reviews(product: SyntheticProduct): Html {
  const { shown, language } = product;
  if (shown.rating === null)
    return markup`<div id="reviewsMedley" class="a-fixed-left-grid a-spacing-extra-large"></div>`;
  const summary =
    shown.review_summary === null
      ? null
      : markup`<div id="cr-product-insights-cards" data-hook="cr-product-insights-cards" class="a-section">
          <h3 class="a-size-base-plus">${say(language, 'customersSay')}</h3>
          <div id="product-summary" data-hook="cr-insights-widget-summary" class="a-section">
            <p class="a-spacing-small"><span>${shown.review_summary}</span></p>
          </div>
        </div>`;
  return markup`<div id="averageCustomerReviewsAnchor"></div>
    <div id="reviewsMedley" data-hook="reviews-medley-widget" class="a-fixed-left-grid a-spacing-extra-large">
      <div class="a-fixed-left-grid-inner">
        <div class="a-fixed-left-grid-col a-col-left">
          <h2 data-hook="total-review-count-heading" class="a-spacing-medium">
            ${say(language, 'customerReviewsHeading')}
          </h2>
          ${total(product)} ${histogram(product)}
        </div>
        <div class="a-fixed-left-grid-col a-col-right">
          ${summary}
          <div id="cm_cr-review_list" class="a-section">
            <h3 data-hook="dp-local-reviews-header" class="a-spacing-medium">
              ${say(language, 'customerReviewsHeading')}
            </h3>
            <ul
              id="cm-cr-dp-review-list"
              data-hook="top-customer-reviews-widget"
              class="a-unordered-list a-nostyle a-vertical review-views celwidget"
            >
              ${shown.reviews.map((one) => review(product, one))}
            </ul>
          </div>
        </div>
      </div>
    </div>`;
}

function total({ shown, language }: SyntheticProduct): Html {
  const text = say(language, 'outOfStars', { n: decimal(language, shown.rating ?? 0, 1) });
  return markup`<div class="a-row">
      <i data-hook="average-star-rating" class="a-icon a-icon-star"><span class="a-icon-alt">${text}</span></i>
      <span data-hook="rating-out-of-text" class="a-size-medium a-color-base">${text}</span>
    </div>
    <div class="a-row">
      <span data-hook="total-review-count" class="a-size-base a-color-secondary"
        >${say(language, 'ratings', { n: count(language, shown.reviews_count ?? 0) })}</span
      >
    </div>`;
}

function histogram({ asin, shown, language }: SyntheticProduct): Html {
  const rows = [5, 4, 3, 2, 1].map((n) => {
    const percent = Math.round((shown.rating_histogram[String(n)] ?? 0) * 100);
    const label = say(language, 'histogramStars', { stars: n, percent });
    return markup`<li class="a-align-center a-spacing-none">
      <span class="a-list-item"
        ><a
          aria-label="${label}"
          class="a-size-base a-link-normal histogram-row-container"
          href="/product-reviews/${asin}/ref=acr_dp_hist_${n}?ie=UTF8&amp;filterByStar=${n}_star"
          ><div class="a-section a-spacing-none a-text-left aok-nowrap">${n} ★</div>
          <div class="a-section a-spacing-none">
            <div class="a-meter" role="progressbar" aria-valuenow="${percent}">
              <div class="a-meter-bar" style="width: ${percent}%;"></div>
            </div>
          </div>
          <div class="a-section a-spacing-none a-text-right aok-nowrap">${percent}%</div></a
        ></span
      >
    </li>`;
  });
  return markup`<ul id="histogramTable" class="a-unordered-list a-nostyle a-vertical histogram">
    ${rows}
  </ul>`;
}

function review({ asin, language, domain }: SyntheticProduct, one: ProductItem['reviews'][number]): Html {
  const verified = one.is_verified
    ? markup`<div class="a-row a-spacing-mini review-data review-format-strip">
        <span data-hook="avp-badge-linkless" class="a-size-mini a-color-state a-text-bold"
          >${say(language, 'verifiedPurchase')}</span
        >
      </div>`
    : null;
  const date = say(language, 'reviewedIn', {
    country: one.country ?? domain,
    date: longDate(language, one.timestamp ?? ''),
  });
  const helpful =
    one.helpful_count === null
      ? null
      : markup`<span data-hook="helpful-vote-statement" class="a-size-base a-color-tertiary cr-vote-text"
          >${one.helpful_count === 1 ? say(language, 'helpfulOne') : say(language, 'helpful', { n: one.helpful_count })}</span
        >`;
  const pictures =
    one.images.length === 0
      ? null
      : markup`<div class="review-image-container" data-hook="review-image-tile-section">
          ${one.images.map((url) => markup`<img alt="" src="${url}" data-hook="review-image-tile" class="review-image-tile" />`)}
        </div>`;
  const rating = say(language, 'outOfStars', { n: decimal(language, one.rating ?? 0, 1) });
  return markup`<li id="${one.id}" data-hook="review" class="review aok-relative">
    <span class="a-list-item"
      ><div id="${one.id}-review-card" class="a-row a-spacing-none">
        <div id="customer_review-${one.id}" class="a-section celwidget">
          <div data-hook="genome-widget" class="a-row a-spacing-mini">
            <a href="/gp/profile/amzn1.account.ORIGIN" class="a-profile" data-a-size="small"
              ><div class="a-profile-content"><span class="a-profile-name">${one.author}</span></div></a
            >
          </div>
          <div class="a-row">
            <h5>
              <a
                data-hook="review-title"
                class="a-size-base a-link-normal review-title a-color-base review-title-content a-text-bold"
                href="/gp/customer-reviews/${one.id}/ref=cm_cr_dp_d_rvw_ttl?ie=UTF8&amp;ASIN=${asin}"
                ><i data-hook="review-star-rating" class="a-icon a-icon-star a-star-${one.rating} review-rating"
                  ><span class="a-icon-alt">${rating}</span></i
                ><span class="a-letter-space"></span> <span>${one.title}</span>
              </a>
            </h5>
          </div>
          <span data-hook="review-date" class="a-size-base a-color-secondary review-date">${date}</span>${verified}
          <div class="a-row a-spacing-small review-data">
            <span data-hook="review-body" class="a-size-base review-text"
              ><div
                class="a-expander-collapsed-height a-row a-expander-container a-expander-partial-collapse-container"
              >
                <div
                  data-hook="review-collapsed"
                  class="a-expander-content reviewText review-text-content a-expander-partial-collapse-content"
                >
                  <span>${one.content}${raw('<br>')}</span>
                </div>
                <div class="a-expander-header a-expander-partial-collapse-header">
                  <a href="javascript:void(0)" data-hook="expand-collapse-read-more-less" class="a-declarative"
                    ><span class="a-expander-prompt">${say(language, 'readMore')}</span></a
                  >
                </div>
              </div></span
            >
          </div>
          ${pictures}
          <div data-hook="review-comments" class="a-row review-comments cr-vote-action-bar">
            <span class="cr-vote" data-hook="review-voting-widget">${helpful}</span>
          </div>
        </div>
      </div></span
    >
  </li>`;
}
