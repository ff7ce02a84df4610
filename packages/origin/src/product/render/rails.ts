import { marketplace } from '@asa/contract';
import { markup, raw, type Html } from '../../page/html.ts';
import { priceTag } from '../../page/price.ts';
import { say } from '../../page/text.ts';
import { imageUrl, productPath } from '../addresses.ts';
import type { SyntheticProduct } from '../describe.ts';
import type { Neighbour } from '../goods.ts';
import { isBuyable } from '../states.ts';
import { decimal } from '../../words/numbers.ts';

/** Other products on the page: a widget of things bought together, carousels, and a table that compares. */

type Shop = Pick<SyntheticProduct, 'domain' | 'language'>;

/** A card as every rail of the shop shows it. */
export function railCard({ domain, language }: Shop, { asin, title, facts }: Neighbour, position: number): Html {
  const { currency } = marketplace(domain);
  const path = productPath(title, asin);
  const price = isBuyable(facts.state) ? priceTag(language, currency, facts.price, { size: 'medium_plus' }) : null;
  const rating =
    facts.rating === null
      ? null
      : markup`<a class="a-link-normal" href="/product-reviews/${asin}"
          ><i class="a-icon a-icon-star-small"
            ><span class="a-icon-alt"
              >${say(language, 'outOfStars', { n: decimal(language, facts.rating.stars, 1) })}</span
            ></i
          ></a
        >`;
  return markup`<li class="a-carousel-card" role="listitem" aria-posinset="${position}">
    <div class="a-section p13n-sc-uncoverable-faceout" data-asin="${asin}" data-p13n-asin-metadata='{"asin":"${asin}"}'>
      <a class="a-link-normal" href="${path}/ref=sspa_dk_detail_${position}?psc=1" title="${title}"
        ><img
          alt="${title}"
          src="${imageUrl(facts.imageIds[0] ?? '', 'AC_UF480,480_SR480,480')}"
          class="a-dynamic-image"
      /></a>
      <a class="a-link-normal" href="${path}/ref=sspa_dk_detail_${position}?psc=1"
        ><span class="a-size-base a-truncate"><span class="a-truncate-full">${title}</span></span></a
      >
      <div class="a-row">${rating}</div>
      <div class="a-row a-color-price">
        ${price} <i class="a-icon a-icon-prime a-icon-small" role="img" aria-label="Amazon Prime"></i>
      </div>
    </div>
  </li>`;
}

export const carousel = (shop: Shop, id: string, heading: string, products: readonly Neighbour[]): Html =>
  markup`<div id="${id}" class="celwidget" data-feature-name="${id}">
    <div cel_widget_id="${id}_csm_instrumentation_wrapper" class="celwidget">
      <div class="a-carousel-container a-carousel-static a-carousel-display-swap a-carousel-transition-swap">
        <div class="a-row a-carousel-header-row"><h2 class="a-carousel-heading">${heading}</h2></div>
        <div class="a-row a-carousel-controls">
          <div class="a-carousel-viewport">
            <ol class="a-carousel" role="list">
              ${products.map((one, i) => railCard(shop, one, i + 1))}
            </ol>
          </div>
        </div>
      </div>
    </div>
  </div>`;

/** The widget that sells this product together with two others; absent without them. */
export function boughtTogether(product: SyntheticProduct): Html {
  const { shown, language, neighbours, facts, asin, domain } = product;
  if (shown.frequently_bought_together.length === 0) return raw('');
  const { currency } = marketplace(domain);
  const others = neighbours.filter((one) => shown.frequently_bought_together.includes(one.asin));
  const self: Neighbour = { asin, title: shown.title, facts };
  const boxes = [self, ...others].map(({ asin: id, title, facts: { imageIds, price, state } }, i) => {
    const picture = markup`<img
      alt="${title}"
      src="${imageUrl(imageIds[0] ?? '', 'AC_UL116_SR116,116')}"
      class="a-dynamic-image p13n-sc-dynamic-image p13n-product-image"
      height="140px"
    />`;
    const href = `${productPath(title, id)}/ref=pd_bxgy_d_sccl_${i}/000-0000000-0000000?pd_rd_i=${id}&psc=1`;
    return markup`<div aria-labelledby="Product ${i + 1}" class="a-cardui fbt-desktop_new-detail-faceout-box">
      <div class="asin-${i + 1}">
        ${i === 0 ? picture : markup`<a class="a-link-normal" href="${href}">${picture}</a>`}
      </div>
      <div id="ProductTitle-${i + 1}" class="a-section a-spacing-none">
        ${i === 0 ? markup`<span class="a-size-base">${title}</span>` : markup`<a class="a-link-normal" href="${href}"><span class="a-size-base">${title}</span></a>`}
      </div>
      <div id="ProductSpecs-${i + 1}">
        ${isBuyable(state) ? priceTag(language, currency, price, { size: 'medium_plus' }) : null}
      </div>
    </div>`;
  });
  return markup`<div id="similarities_feature_div" class="celwidget" data-feature-name="similarities">
    <div cel_widget_id="sims-consolidated-1_csm_instrumentation_wrapper" class="celwidget">
      <div class="celwidget c-f" cel_widget_id="p13n-desktop-sims-fbt_DPSims_0">
        <!--CardsClient-->
        <div id="CardInstanceORIGIN" data-card-metrics-id="p13n-desktop-sims-fbt_DPSims_0" data-csa-c-painter="p13n-desktop-sims-fbt-cards">
          <div class="cardRoot bucket" data-count="${boxes.length}">
            <h2 id="similarities-product-bundle-widget-title">${say(language, 'frequentlyBoughtTogether')}</h2>
            <div class="a-cardui fbt-desktop_flex-fbt-container">${boxes}</div>
          </div>
        </div>
      </div>
    </div>
  </div>`;
}

/** A table that sets the product beside others: prices in plain cells. */
export function comparison(product: SyntheticProduct, others: readonly Neighbour[]): Html {
  const { domain, language } = product;
  const { currency } = marketplace(domain);
  const cells = others.map(
    ({ asin, title, facts }) =>
      markup`<td class="comparable_item">
        <a class="a-link-normal" href="/dp/${asin}/ref=psdc_ORIGIN">${title}</a>
        <span class="comparison-price"
          >${isBuyable(facts.state) ? priceTag(language, currency, facts.price) : say(language, 'unavailable')}</span
        >
      </td>`,
  );
  return markup`<div id="HLCXComparisonWidget_feature_div" class="celwidget">
    <table id="HLCXComparisonTable" class="a-bordered a-horizontal-stripes a-spacing-none a-size-base comparison_table">
      <tbody>
        <tr class="comparison_table_first_row">
          ${cells}
        </tr>
      </tbody>
    </table>
  </div>`;
}
