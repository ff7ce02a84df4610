import { markup, raw, type Html } from '../../page/html.ts';
import { say } from '../../page/text.ts';
import { count, decimal } from '../../words/numbers.ts';
import type { SyntheticProduct } from '../describe.ts';
import { WORKS } from '../works.ts';

/** Title, brand or makers, rating, badges and how many bought it: the head of the middle column. */
export function titleBlock(product: SyntheticProduct): Html {
  const { shown, language, facts } = product;
  const subtitle =
    facts.kind !== 'physical'
      ? markup`<span id="productSubtitle" class="a-size-large a-color-secondary celwidget">
          ${say(language, WORKS[facts.kind].format)}
        </span>`
      : null;
  return markup`<div id="titleBlock_feature_div" class="celwidget">
      <div id="titleSection" class="a-section a-spacing-none">
        <h1 id="title" class="a-size-large a-spacing-none">
          <span id="productTitle" class="a-size-large product-title-word-break"> ${shown.title} </span> ${subtitle}
        </h1>
        <div id="expandTitleToggle" class="a-section a-spacing-none expand aok-hidden"></div>
      </div>
    </div>
    <div id="bylineInfo_feature_div" class="celwidget">${byline(product)}</div>
    ${shown.rating === null ? null : markup`<div id="averageCustomerReviews_feature_div" class="celwidget">${stars(product, 'averageCustomerReviews')}</div>`}
    ${badges(product)}
    <div id="socialProofingAsinFaceout_feature_div" class="celwidget">
      ${
        shown.sales_volume === null
          ? null
          : markup`<div class="a-section a-spacing-micro social-proofing-faceout">
              <span
                id="social-proofing-faceout-title-tk_bought"
                class="a-size-small social-proofing-faceout-title-text"
              >
                <span>${shown.sales_volume}</span>
              </span>
            </div>`
      }
    </div>`;
}

function byline({ shown, language, facts }: SyntheticProduct): Html {
  if (facts.thing === null) {
    const makers = shown.authors.map(
      ({ name, role, url }, i) =>
        markup`<span class="author notFaded" data-width="">
          <a class="a-link-normal" href="${url === null ? '' : new URL(url).pathname}">${name}</a>
          <span class="contribution" spacing="none">
            <span class="a-color-secondary">(${role})</span>${i < shown.authors.length - 1 ? ',' : ''}
          </span>
        </span>`,
    );
    const mark = '\u0001';
    const [before = '', after = ''] = say(language, 'byLine', { author: mark }).split(mark);
    return markup`<div id="bylineInfo" class="a-section a-spacing-micro bylineHidden feature">
      ${before}${makers}${after}
    </div>`;
  }
  const path = shown.brand_url === null ? '' : new URL(shown.brand_url).pathname;
  return markup`<div class="a-section a-spacing-none">
    <a id="bylineInfo" class="a-link-normal" href="${path}"
      >${say(language, 'visitStore', { brand: shown.brand ?? '' })}</a
    >
  </div>`;
}

/** Stars and number of ratings, as they stand under the title and in the details. */
export function stars({ asin, shown, language }: SyntheticProduct, id: string): Html {
  if (shown.rating === null || shown.reviews_count === null) return raw('');
  const mean = decimal(language, shown.rating, 1);
  const text = say(language, 'outOfStars', { n: mean });
  const ratings = say(language, 'ratings', { n: count(language, shown.reviews_count) });
  return markup`<div id="${id}" data-asin="${asin}" data-ref="dpx_acr_pop_">
    <span class="a-declarative" data-action="acrStarsLink-click-metrics">
      <span id="acrPopover" class="reviewCountTextLinkedHistogram noUnderline" title="${text}">
        <span class="a-declarative">
          <a href="javascript:void(0)" role="button" class="a-popover-trigger a-declarative">
            <span aria-hidden="true" class="a-size-small a-color-base"> ${mean} </span>
            <i class="a-icon a-icon-star-mini a-star-mini-${Math.round(shown.rating * 2) / 2}"
              ><span class="a-icon-alt">${text}</span></i
            >
            <i class="a-icon a-icon-popover"></i
          ></a>
        </span>
      </span>
    </span>
    <span class="a-letter-space"></span>
    <span class="a-declarative" data-action="acrLink-click-metrics">
      <a id="acrCustomerReviewLink" class="a-link-normal" href="#averageCustomerReviewsAnchor">
        <span id="acrCustomerReviewText" aria-label="${ratings}" class="a-size-small">${ratings}</span>
      </a>
    </span>
  </div>`;
}

function badges({ shown, language, asin }: SyntheticProduct): Html {
  const shelf = shown.sales_rank[1];
  const best =
    shown.is_best_seller && shelf !== undefined
      ? markup`<div class="zg-bf-badge-wrapper">
          <a
            class="badge-link"
            href="${shelf.url === null ? '' : new URL(shelf.url).pathname}"
            title="${shelf.category}"
          >
            <span class="a-size-small mvt-best-seller-badge">${say(language, 'bestSeller', { category: shelf.category })}</span>
            <span class="mvt-cat-name"> <span class="a-size-small cat-link">${shelf.category}</span> </span>
          </a>
        </div>`
      : null;
  const choice = shown.is_amazons_choice
    ? markup`<div class="mvt-ac-badge-wrapper">
        <span class="a-declarative">
          <span class="aok-float-left mvt-ac-badge-rectangle">
            <span class="a-size-small"> ${say(language, 'amazonsChoice')} </span>
          </span>
        </span>
        <span class="mvt-ac-for-text mvt-desc-space"> </span>
      </div>`
    : null;
  return markup`<div id="zeitgeistBadge_feature_div" class="celwidget">${best}</div>
    <div id="acBadge_feature_div" class="celwidget">
      ${choice}
      <script type="a-state" data-a-state='{"key":"acState"}'>
        {"acAsin":"${asin}"}
      </script>
    </div>`;
}
