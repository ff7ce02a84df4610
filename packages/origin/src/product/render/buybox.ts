import { marketplace, type ProductItem } from '@asa/contract';
import { markup, raw, type Html, type Piece } from '../../page/html.ts';
import { priceTag } from '../../page/price.ts';
import { say, sayWith } from '../../page/text.ts';
import { money } from '../../words/money.ts';
import type { SyntheticProduct } from '../describe.ts';
import type { State } from '../facts.ts';
import { isBuyable } from '../states.ts';

/** Boxes of states without a price that have one of their own. */
const BOXES: Partial<Readonly<Record<State, (product: SyntheticProduct) => Html>>> = {
  no_offer: seeAllBox,
  hidden_in_cart: hiddenPriceBox,
  select_variant: selectBox,
};

/** The right column: the featured offer, or what stands in its place. */
export function buyBox(product: SyntheticProduct): Html {
  const box = isBuyable(product.facts.state)
    ? offerBox(product)
    : (BOXES[product.facts.state] ?? outOfStockBox)(product);
  return markup`<div id="desktop_buybox" class="celwidget" data-feature-name="desktop_buybox">
    <div id="buybox" data-feature-name="buybox"><div>${box}</div></div>
  </div>`;
}

function form({ asin, shown }: SyntheticProduct, body: Piece): Html {
  const seller = shown.buybox[0]?.seller_id ?? '';
  return markup`<div class="a-section">
    <form
      method="post"
      id="addToCart"
      action="/gp/product/handle-buy-box/ref=dp_start-bbf_1_glance"
      class="a-content"
      autocomplete="off"
    >
      <input type="hidden" name="items[0.base][asin]" value="${asin}" />
      <input type="hidden" id="offerListingID" name="offerListingID" value="" />
      <input type="hidden" id="session-id" name="session-id" value="000-0000000-0000000" />
      <input type="hidden" id="ASIN" name="ASIN" value="${asin}" />
      <input type="hidden" id="merchantID" name="merchantID" value="${seller}" />
      <input type="hidden" id="nodeID" name="nodeID" value="" />
      <input type="hidden" id="viewID" name="viewID" value="glance" /> ${body}
    </form>
  </div>`;
}

function offerBox(product: SyntheticProduct): Html {
  const { language, offer, shown, domain } = product;
  const { currency } = marketplace(domain);
  if (shown.price === null) throw new TypeError('a featured offer without a price');
  const rows: Html[] = [];
  if (offer.subscribe !== null)
    rows.push(
      idleRow(
        'snsAccordionRowMiddle',
        say(language, 'subscribeAndSave'),
        markup`<span id="sns-base-price"> ${priceTag(language, currency, offer.subscribe)} </span>`,
      ),
    );
  if (offer.used !== null)
    rows.push(idleRow('usedAccordionRow', say(language, 'used'), priceTag(language, currency, offer.used)));

  const price = markup`<div id="corePrice_feature_div" class="celwidget" data-feature-name="corePrice">
    <div class="a-section a-spacing-micro">
      ${priceTag(language, currency, shown.price, { classes: 'aok-align-center apex-pricetopay-value', size: 'xl' })}
      <span id="taxInclusiveMessage" class="a-size-mini a-color-base aok-align-center aok-nowrap"> </span>
    </div>
  </div>`;
  const main = markup`<div id="apex_offerDisplay_desktop" class="celwidget">${price}</div>
    <div id="desktop_qualifiedBuyBox" class="celwidget">${offerBody(product)}</div>`;
  const box =
    rows.length === 0
      ? markup`<div id="gsod_singleOfferDisplay_Desktop" class="celwidget">
          <div id="qualifiedBuybox" class="celwidget" data-buying-option-index="0">
            ${form(
              product,
              markup`<div class="a-box-group">
                <div class="a-box a-last"><div class="a-box-inner">${main}</div></div>
              </div>`,
            )}
          </div>
        </div>`
      : markup`<div id="desktop_accordion" class="celwidget">
          <div id="buyBoxAccordion" class="a-box-group a-accordion a-spacing-none celwidget" role="radiogroup">
            <div
              id="newAccordionRow_0"
              data-buying-option-index="0"
              class="a-box a-accordion-active celwidget"
              data-a-accordion-row-name="newAccordionRow"
            >
              <div class="a-box-inner a-accordion-row-container">
                <div
                  aria-expanded="true"
                  class="a-accordion-row-a11y a-accordion-row a-declarative accordion-header mobb-header-css"
                  role="button"
                >
                  <i class="a-icon a-accordion-radio a-icon-radio-active"></i>
                  <h5>
                    <div id="newAccordionCaption_feature_div" class="celwidget">
                      <div class="a-column a-span6 accordion-caption">
                        <span class="a-text-bold"> ${say(language, 'newCondition')}: </span>
                      </div>
                    </div>
                  </h5>
                </div>
                <div class="a-accordion-inner accordion-row-content">${form(product, main)}</div>
              </div>
            </div>
            ${rows}
          </div>
        </div>`;
  return markup`${box}${offer.used === null ? null : otherOffers(product, offer.used)}`;
}

/** A row of the accordion that is not chosen: its price is not the featured offer's. */
const idleRow = (id: string, caption: string, price: Html): Html =>
  markup`<div id="${id}" data-buying-option-index="1" class="a-box celwidget" data-a-accordion-row-name="${id}">
    <div class="a-box-inner a-accordion-row-container">
      <div
        aria-expanded="false"
        class="a-accordion-row-a11y a-accordion-row a-declarative accordion-header mobb-header-css"
        role="button"
      >
        <i class="a-icon a-accordion-radio a-icon-radio-inactive"></i>
        <h5>
          <div class="a-row accordion-caption"><span class="a-text-bold"> ${caption} </span></div>
          <div id="apex_offerDisplay_desktop" class="celwidget">
            <div id="corePrice_feature_div" class="celwidget">${price}</div>
          </div>
        </h5>
      </div>
      <div class="a-accordion-inner accordion-row-content" style="display:none"></div>
    </div>
  </div>`;

function offerBody(product: SyntheticProduct): Html {
  const { language, shown, offer } = product;
  const prime = offer.prime
    ? markup`<div id="primeBadge_feature_div" class="celwidget">
        <i class="a-icon a-icon-prime a-icon-medium" role="img" aria-label="Amazon Prime"></i>
      </div>`
    : null;
  return markup`<div class="a-section a-spacing-none a-padding-none">
    ${prime}
    <div id="deliveryBlockContainer" class="celwidget">
      <div id="deliveryBlock_feature_div" class="celwidget">
        <div id="deliveryBlockMessage" class="a-section a-spacing-none">
          <div id="mir-layout-DELIVERY_BLOCK">${shown.delivery.map((promise) => deliveryRow(product, promise))}</div>
        </div>
      </div>
    </div>
    <div id="availabilityInsideBuyBox_feature_div" class="celwidget">
      <div class="a-section a-spacing-none">
        <div id="availability" class="a-section a-spacing-base a-spacing-top-micro }">
          <span class="a-size-medium a-color-success primary-availability-message"> ${shown.stock} </span> <br />
        </div>
      </div>
    </div>
    ${quantity(product)}
    <div id="addToCart_feature_div" class="celwidget">
      <div class="a-button-stack">
        <span id="submit.add-to-cart" class="a-button a-spacing-small a-button-primary a-button-icon"
          ><span class="a-button-inner"
            ><i class="a-icon a-icon-cart"></i
            ><input
              id="add-to-cart-button"
              name="submit.add-to-cart"
              title="${say(language, 'addToCart')}"
              class="a-button-input"
              type="submit"
              value="${say(language, 'addToCart')}"
            /><span class="a-button-text" aria-hidden="true">${say(language, 'addToCart')}</span></span
          ></span
        >
      </div>
    </div>
    <div id="buyNow_feature_div" class="celwidget">
      <span id="submit.buy-now" class="a-button a-button-oneclick"
        ><span class="a-button-inner"
          ><input id="buy-now-button" name="submit.buy-now" class="a-button-input" type="submit" /><span
            id="submit.buy-now-announce"
            class="a-button-text"
            aria-hidden="true"
            >${say(language, 'buyNow')}</span
          ></span
        ></span
      >
    </div>
    ${sellerRows(product)}
  </div>`;
}

function deliveryRow({ language, domain }: SyntheticProduct, promise: ProductItem['delivery'][number]): Html {
  const slot = promise.type === 'standard' ? 'PRIMARY' : 'SECONDARY';
  const { currency } = marketplace(domain);
  const price =
    promise.price === null
      ? ''
      : promise.price === 0
        ? say(language, 'free')
        : money(language, currency, promise.price).text;
  return markup`<div class="a-spacing-base" id="mir-layout-DELIVERY_BLOCK-slot-${slot}_DELIVERY_MESSAGE_LARGE">
    <span
      data-csa-c-type="element"
      data-csa-c-content-id="DEXUnifiedCXPDM"
      data-csa-c-delivery-price="${price}"
      data-csa-c-value-proposition=""
      data-csa-c-delivery-type="delivery"
    >
      ${promise.text}
    </span>
  </div>`;
}

function quantity({ language, shown }: SyntheticProduct): Html {
  if (shown.max_quantity === null) return raw('');
  const options = Array.from({ length: shown.max_quantity }, (_, i) =>
    raw(`<option value="${i + 1}"${i === 0 ? ' selected=""' : ''}>${i + 1} </option>`),
  );
  return markup`<div id="quantityRelocate_feature_div" class="celwidget">
    <div id="selectQuantity" class="a-section a-spacing-none a-padding-none">
      <span class="a-dropdown-container"
        ><label for="quantity" class="a-native-dropdown">${say(language, 'quantity')}:</label
        ><select name="quantity" autocomplete="off" id="quantity" tabindex="0" class="a-native-dropdown a-declarative">
          ${options}
        </select></span
      >
    </div>
  </div>`;
}

/** Who ships, who sells, and what can be returned. One name that does both has one row. */
function sellerRows({ language, asin, shown }: SyntheticProduct): Html {
  const offer = shown.buybox[0];
  if (offer === undefined) return raw('');
  const name =
    offer.seller_id === null
      ? markup`${offer.seller_name}`
      : markup`<a
          href="/gp/help/seller/at-a-glance.html/ref=dp_merchant_link?ie=UTF8&amp;seller=${offer.seller_id}&amp;asin=${asin}&amp;ref_=dp_merchant_link&amp;isAmazonFulfilled=${offer.is_amazon_fulfilled === true ? 1 : 0}"
          id="sellerProfileTriggerId"
          >${offer.seller_name}</a
        >`;
  return markup`<div id="offerDisplayFeatures_desktop" class="celwidget">
    <div id="offer-display-features" class="a-section a-spacing-base offer-display-features">
      <div class="odf-grid-max-50-50-columns offer-display-features-container" role="group">
        ${featureRow('fulfiller', 'fulfillerInfoFeature_feature_div', say(language, 'shipsFrom'), markup`${offer.ships_from}`)}
        ${featureRow('merchant', 'merchantInfoFeature_feature_div', say(language, 'soldBy'), name)}
        ${featureRow('return', 'returnsInfoFeature_feature_div', say(language, 'returnsLabel'), markup`${offer.returns}`)}
      </div>
    </div>
  </div>`;
}

const featureRow = (name: string, id: string, label: string, value: Html): Html =>
  markup`<div id="${id}" class="celwidget">
    <div
      class="offer-display-feature-label celwidget a-size-small"
      offer-display-feature-name="desktop-${name}-info"
      role="heading"
      aria-level="4"
    >
      <div class="a-spacing-none"><span class="a-size-small a-color-tertiary">${label}</span></div>
    </div>
    <div class="offer-display-feature-text a-size-small" offer-display-feature-name="desktop-${name}-info">
      <div class="offer-display-feature-text a-spacing-none odf-truncation-popover">
        <span class="a-size-small offer-display-feature-text-message">${value}</span>
      </div>
      <div class="a-popover-preload" id="a-popover-${name}-0">
        <div class="a-section a-padding-none">
          <div class="a-row a-spacing-base" role="heading"><span class="a-text-bold">${label}</span></div>
          <div class="a-row a-spacing-micro odf-popover-overflow-wrap">${value}</div>
        </div>
      </div>
    </div>
  </div>`;

function otherOffers({ language, asin, offer, domain }: SyntheticProduct, from: number): Html {
  const { currency } = marketplace(domain);
  const values = { n: offer.offersCount };
  const words = sayWith(language, 'newUsedFrom', values) ?? say(language, 'newUsedFrom', { ...values, price: '' });
  return markup`<div id="dynamic-aod-ingress-box" class="a-box a-spacing-base a-spacing-top-base">
    <div class="a-box-inner">
      <div class="a-section a-spacing-base">
        <span class="daodi-header-font"> ${say(language, 'otherSellers')} </span>
      </div>
      <div class="a-section a-spacing-none daodi-content">
        <a class="a-link-normal" href="/gp/offer-listing/${asin}/ref=dp_olp_ALL_mbc?ie=UTF8&amp;condition=ALL">
          <span class="a-color-base">${words}</span>
          <span class="a-color-base"> </span> ${priceTag(language, currency, from, { size: 'base_plus' })}
        </a>
      </div>
    </div>
  </div>`;
}

function seeAllBox(product: SyntheticProduct): Html {
  const { language, asin } = product;
  const text = say(language, 'seeAllBuyingOptions');
  return markup`<div id="unqualifiedBuyBox_feature_div" class="celwidget">
    ${form(
      product,
      markup`<div id="unqualifiedBuyBox" class="a-box">
        <div class="a-box-inner">
          <div class="a-section a-spacing-small a-text-center">
            <span class="a-text-bold">${say(language, 'noFeaturedOffer')}</span>
          </div>
          <span id="buybox-see-all-buying-choices" class="a-button a-spacing-base a-button-base"
            ><span class="a-button-inner"
              ><a href="/gp/offer-listing/${asin}/ref=dp_olp_unknown_mbc" title="${text}" class="a-button-text">
                ${text}
              </a></span
            ></span
          >
        </div>
      </div>`,
    )}
  </div>`;
}

function outOfStockBox(product: SyntheticProduct): Html {
  const { shown } = product;
  return markup`<div id="outOfStockBuyBox_feature_div" class="celwidget">
    ${form(
      product,
      markup`<div id="outOfStock" class="a-box">
        <div class="a-box-inner">
          <div class="a-section a-spacing-small a-text-center">
            <span class="a-color-price a-text-bold">${shown.stock}</span> <br />
          </div>
        </div>
      </div>`,
    )}
  </div>`;
}

/** The price is told in the cart: everything else of the offer is there. */
function hiddenPriceBox(product: SyntheticProduct): Html {
  const { language } = product;
  return markup`<div id="qualifiedBuybox" class="celwidget">
    ${form(
      product,
      markup`<div id="priceNotAvailable_feature_div" class="celwidget"><span>${say(language, 'hiddenInCart')}</span></div>
        ${offerBody(product)}`,
    )}
  </div>`;
}

/** A choice has to be made before there is an offer. */
function selectBox(product: SyntheticProduct): Html {
  const { language } = product;
  return markup`<div id="partialStateBuyBox_feature_div" class="celwidget">
    ${form(
      product,
      markup`<div id="partialStateBuybox" class="a-box">
        <div class="a-text-center"><span>${say(language, 'selectOption')}</span></div>
        <span class="a-button a-button-disabled"
          ><input id="add-to-cart-button" name="submit.add-to-cart" type="submit" value="${say(language, 'addToCart')}"
        /></span>
      </div>`,
    )}
  </div>`;
}
