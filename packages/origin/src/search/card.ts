import { marketplace } from '@asa/contract';
import { markup, raw, type Html } from '../page/html.ts';
import { priceTag, sidePrice } from '../page/price.ts';
import { say } from '../page/text.ts';
import { count, decimal } from '../words/numbers.ts';
import { money } from '../words/money.ts';
import { productPath } from '../product/addresses.ts';
import { shelvesOf } from '../product/details.ts';
import type { SyntheticSearch } from './describe.ts';

type Entry = SyntheticSearch['cards'][number];

/** One product of the result list in the grid layout. */
export function resultCard(search: SyntheticSearch, entry: Entry, index: number): Html {
  const { card } = entry;
  const { language } = search;
  const path = productPath(card.title, card.asin);
  const keywords = encodeURIComponent(search.query);
  const href = card.is_sponsored
    ? `/sspa/click?ie=UTF8&spc=ORIGIN&url=${encodeURIComponent(`${path}/ref=sr_1_${index}_sspa?keywords=${keywords}&psc=1`)}`
    : `${path}/ref=sr_1_${index}?keywords=${keywords}&sr=8-${index}`;
  const alt = card.is_sponsored ? `${say(language, 'sponsored')} - ${card.title}` : card.title;
  return markup`<div
    role="listitem"
    data-asin="${card.asin}"
    data-index="${index}"
    data-uuid="origin-${card.asin}-${index}"
    data-component-type="s-search-result"
    class="sg-col-4-of-24 sg-col-4-of-12 s-result-item s-asin sg-col-4-of-16 ${card.is_sponsored ? 'AdHolder ' : ''}sg-col s-widget-spacing-small sg-col-4-of-20"
  >
    <div class="sg-col-inner">
      <div
        cel_widget_id="MAIN-SEARCH_RESULTS-${index}"
        class="s-widget-container s-spacing-small s-widget-container-height-small celwidget slot=MAIN template=SEARCH_RESULTS widgetId=search-results_${index}"
      >
        <span class="a-declarative"
          ><div
            class="puis-card-container s-card-container s-overflow-hidden aok-relative puis-expand-height puis-include-content-margin puis s-latency-cf-section puis-card-border"
            data-cy="asin-faceout-container"
          >
            <div class="a-section a-spacing-base">
              ${statusBadge(search, entry)}
              <div
                class="s-product-image-container aok-relative s-text-center s-image-overlay-grey puis-image-overlay-grey"
                data-cy="image-container"
              >
                <span data-component-type="s-product-image" class="rush-component"
                  ><a aria-hidden="true" class="a-link-normal s-no-outline" tabindex="-1" href="${href}"
                    ><div class="a-section aok-relative s-image-square-aspect">
                      <img
                        class="s-image"
                        src="${card.image ?? ''}"
                        alt="${alt}"
                        data-image-index="${index}"
                      /></div></a
                ></span>
              </div>
              <div class="a-section a-spacing-small puis-padding-left-small puis-padding-right-small">
                ${titleRecipe(search, entry, href)}${reviewsBlock(search, entry, href)}${priceRecipe(search, entry, href)}${coupon(entry)}${delivery(entry)}${options(search, entry, href)}
              </div>
            </div>
          </div></span
        >
      </div>
    </div>
  </div>`;
}

function statusBadge({ domain, language }: SyntheticSearch, { card, product }: Entry): Html {
  const text = card.badges[0];
  if (text === undefined) return raw('');
  const id = `${card.asin}-${card.best_seller ? 'best-seller' : 'amazons-choice'}`;
  const shelf = card.best_seller
    ? markup`<span id="${id}-supplementary" class="a-badge-supplementary-text a-text-ellipsis" aria-hidden="true"
        >${shelvesOf(domain, language, product.facts, card.asin)[1].name}</span
      >`
    : null;
  return markup`<div class="a-section a-spacing-none aok-relative puis-status-badge-container s-status-badge-container">
    <span class="rush-component" data-component-type="s-status-badge-component"
      ><span id="${id}" class="a-badge" data-a-badge-type="status"
        ><span id="${id}-label" class="a-badge-label" data-a-badge-color="mvt-badge-color-orange" aria-hidden="true"
          ><span class="a-badge-label-inner a-text-ellipsis"
            ><span class="a-badge-text" data-a-badge-color="mvt-badge-text-color-white">${text}</span></span
          ></span
        >${shelf}</span
      ></span
    >
  </div>`;
}

function titleRecipe({ language }: SyntheticSearch, { card }: Entry, href: string): Html {
  const sponsored = say(language, 'sponsored');
  const label = card.is_sponsored
    ? markup`<div class="a-row a-spacing-micro">
        <span class="a-declarative"
          ><a href="javascript:void(0)" role="button" class="puis-label-popover puis-sponsored-label-text"
            ><span class="puis-label-popover-default"><span class="a-color-secondary">${sponsored}</span></span
            ><span class="puis-label-popover-hover"
              ><span aria-hidden="true" class="a-color-base">${sponsored}</span></span
            >
            <span class="aok-inline-block puis-sponsored-label-info-icon"></span></a
        ></span>
      </div>`
    : null;
  const brand =
    card.brand === null
      ? null
      : markup`<div class="a-row a-color-secondary">
          <h2 class="a-size-mini s-line-clamp-1"><span class="a-size-base-plus a-color-base">${card.brand}</span></h2>
        </div>`;
  return markup`<div
    data-cy="title-recipe"
    class="a-section a-spacing-none a-spacing-top-small s-title-instructions-style"
  >
    ${label}${brand}<a class="a-link-normal s-line-clamp-4 s-link-style a-text-normal" href="${href}"
      ><h2
        aria-label="${card.is_sponsored ? `${sponsored} - ${card.title}` : card.title}"
        class="a-size-base-plus a-spacing-none a-color-base a-text-normal"
      >
        <span>${card.title}</span>
      </h2></a
    >
  </div>`;
}

function reviewsBlock({ language }: SyntheticSearch, { card }: Entry, href: string): Html {
  const volume =
    card.sales_volume === null
      ? null
      : markup`<div class="a-row a-size-base">
          <span class="a-size-base a-color-secondary">${card.sales_volume}</span>
        </div>`;
  if (card.rating === null || card.reviews_count === null)
    return markup`<div data-cy="reviews-block" class="a-section a-spacing-none a-spacing-top-micro">${volume}</div>`;
  const shown = decimal(language, card.rating, 1);
  const text = say(language, 'outOfStars', { n: shown });
  return markup`<div data-cy="reviews-block" class="a-section a-spacing-none a-spacing-top-micro">
    <div class="a-row a-size-small">
      <span aria-hidden="true" class="a-size-small a-color-base">${shown}</span
      ><span class="a-declarative"
        ><a
          aria-label="${text}"
          href="javascript:void(0)"
          role="button"
          class="a-popover-trigger a-declarative mvt-review-star-mini-popover"
          ><i
            data-cy="reviews-ratings-slot"
            aria-hidden="true"
            class="a-icon a-icon-star-mini a-star-mini-4-5 mvt-review-star-mini"
            ><span class="a-icon-alt">${text}</span></i
          ><i class="a-icon a-icon-popover"></i></a
      ></span>
      <span data-component-type="s-client-side-analytics" class="rush-component"
        ><div class="s-csa-instrumentation-wrapper">
          <a
            aria-label="${say(language, 'ratings', { n: count(language, card.reviews_count) })}"
            class="a-link-normal s-underline-text s-underline-link-text s-link-style"
            href="${href}#customerReviews"
            ><span aria-hidden="true" class="a-size-mini puis-normal-weight-text s-underline-text"
              >(${rounded(language, card.reviews_count)})</span
            >
          </a>
        </div></span
      >
    </div>
    ${volume}
  </div>`;
}

/** Counts over a thousand are shown short; the exact one is in the label. */
const rounded = (language: SyntheticSearch['language'], n: number): string =>
  n < 1000 ? String(n) : `${decimal(language, Math.round(n / 100) / 10)}K`;

function priceRecipe({ domain, language }: SyntheticSearch, { card, product }: Entry, href: string): Html {
  const { currency } = marketplace(domain);
  if (card.price === null)
    return markup`<div data-cy="secondary-offer-recipe" class="a-section a-spacing-none a-spacing-top-mini">
      <div class="a-row a-size-base a-color-secondary">
        <span class="a-size-base a-color-secondary">${say(language, 'noFeaturedOfferCard')}</span>
      </div>
    </div>`;
  const label = product.facts.strike === null ? '' : say(language, product.facts.strike.kind);
  const strike =
    card.price_strikethrough === null
      ? null
      : markup` <span class="a-offscreen">${label}: ${money(language, currency, card.price_strikethrough).text}</span>
          <div class="a-section aok-inline-block">
            <span class="a-size-base a-color-secondary">${label}: </span
            >${sidePrice(language, currency, card.price_strikethrough, true)}
          </div>`;
  const mark = '\u0001';
  const [before = '', after = ''] = say(language, 'unitPer', { price: mark, unit: card.unit_price?.unit ?? '' }).split(
    mark,
  );
  const unit =
    card.unit_price === null
      ? null
      : markup` <span class="a-size-base a-color-secondary"
          >(${before}${sidePrice(language, currency, card.unit_price.price, false)}${after})</span
        >`;
  const prime = card.is_prime
    ? markup`<div class="a-row a-size-base a-color-secondary s-align-children-center">
        <span class="aok-inline-block s-image-logo-view"
          ><span class="aok-relative s-icon-text-medium s-prime"
            ><i class="a-icon a-icon-prime a-icon-medium" role="img" aria-label="Amazon Prime"></i></span
        ></span>
      </div>`
    : null;
  return markup`<div
    data-cy="price-recipe"
    class="a-section a-spacing-none a-spacing-top-small puis-price-instructions-style"
  >
    <div class="a-row a-size-base a-color-base">
      <div class="a-row">
        <a
          class="a-link-normal s-no-hover s-underline-text s-underline-link-text s-link-style a-text-normal"
          href="${href}"
          >${priceTag(language, currency, card.price, { size: 'xl' })}${unit}${strike}</a
        >
      </div>
    </div>
    ${prime}
  </div>`;
}

const coupon = ({ card }: Entry): Html =>
  card.coupon === null
    ? raw('')
    : markup`<div class="a-row a-size-base a-color-secondary">
        <span data-component-type="s-coupon-component" class="rush-component"
          ><span class="s-coupon-unclipped"
            ><span class="a-size-base s-highlighted-text-padding s-coupon-highlight-color aok-inline-block"
              >${card.coupon}</span
            ></span
          ></span
        >
      </div>`;

const delivery = ({ card }: Entry): Html =>
  card.delivery === null
    ? raw('')
    : markup`<div data-cy="delivery-recipe" class="a-section a-spacing-none a-spacing-top-micro">
        <div class="a-row a-size-base a-color-secondary s-align-children-center">
          <div data-cy="delivery-block" class="a-section a-spacing-none a-padding-none udm-delivery-block">
            <div class="a-row a-color-base udm-primary-delivery-message">
              <div class="a-column a-span12">${card.delivery}</div>
            </div>
          </div>
        </div>
      </div>`;

function options({ language }: SyntheticSearch, { card }: Entry, href: string): Html {
  if (card.variations_count === null) return raw('');
  const text = say(language, 'moreOptions', { n: card.variations_count });
  return markup`<div class="a-section a-spacing-none a-spacing-top-mini">
    <div class="s-variations-options-justify-content">
      <a aria-label="${text}" class="a-size-small a-link-normal s-variation-options-link" href="${href}"
        ><span class="a-truncate-full">${text}</span></a
      >
    </div>
  </div>`;
}
