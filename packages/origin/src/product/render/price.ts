import { marketplace } from '@asa/contract';
import { markup, raw, type Html } from '../../page/html.ts';
import { priceTag, sidePrice } from '../../page/price.ts';
import { say } from '../../page/text.ts';
import { money } from '../../words/money.ts';
import type { SyntheticProduct } from '../describe.ts';

/** Price block of the middle column. Empty when there is no price to pay. */
export function centerPrice(product: SyntheticProduct): Html {
  const { language, shown, domain } = product;
  const { currency } = marketplace(domain);
  if (shown.price_min !== null && shown.price_max !== null) return range(product, shown.price_min, shown.price_max);
  if (product.facts.state === 'hidden_in_cart')
    return markup`<div id="apex_desktop" class="celwidget"><div id="priceNotAvailable_feature_div" class="celwidget"><div class="a-section"><span>${say(language, 'hiddenInCart')}</span></div></div></div>`;
  if (shown.price === null)
    return markup`<div id="apex_desktop" class="celwidget" data-feature-name="apex_desktop"></div>`;
  const label = money(language, currency, shown.price).text;
  const percent = shown.savings?.percent ?? null;
  const savings =
    percent === null
      ? null
      : markup`<span class="apex-savings-container ">
          <span
            aria-hidden="true"
            class="a-size-large a-color-price savingPriceOverride aok-align-center reinventPriceSavingsPercentageMargin savingsPercentage apex-savings-percentage"
            >-${percent}%</span
          >
        </span>`;
  const tag = priceTag(language, currency, shown.price, {
    classes: 'aok-align-center reinventPricePriceToPayMargin priceToPay apex-pricetopay-value',
    size: 'xl',
    silent: percent !== null,
  });
  return markup`<div id="apex_desktop" class="celwidget" data-feature-name="apex_desktop">
    <div id="corePriceDisplay_desktop_feature_div" class="celwidget" data-feature-name="corePriceDisplay_desktop">
      <div class="a-section a-spacing-none aok-align-center aok-relative apex-core-price-identifier">
        <span id="apex-pricetopay-accessibility-label" class="aok-offscreen"> ${label} </span> ${savings} ${tag}
        <span id="taxInclusiveMessage" class="a-size-mini a-color-base aok-align-center aok-nowrap"> </span>
        ${unit(product)}
      </div>
      ${strike(product)}
    </div>
  </div>`;
}

/** The prices of the cheapest and the dearest choice. */
const range = ({ language, domain }: SyntheticProduct, low: number, high: number): Html =>
  markup`<div id="apex_desktop" class="celwidget"><div id="corePriceDisplay_desktop_feature_div" class="celwidget"><span class="a-price-range">${sidePrice(language, marketplace(domain).currency, low, false)}<span class="a-text-price"> - </span>${sidePrice(language, marketplace(domain).currency, high, false)}</span></div></div>`;

function strike({ language, domain, shown }: SyntheticProduct): Html {
  const { currency } = marketplace(domain);
  if (shown.price_strikethrough === null) return raw('');
  const label = shown.price_strikethrough_label ?? '';
  const amount = money(language, currency, shown.price_strikethrough).text;
  return markup`<div class="a-section a-spacing-small aok-align-center">
    <span>
      <span class="apex-basisprice-feature">
        <span class="aok-relative"
          ><span class="a-size-small aok-offscreen apex-basisprice-offscreen-label">${label}: ${amount}</span
          ><span aria-hidden="true" class="a-size-small a-color-secondary aok-align-center basisPrice"
            ><span class="apex-basisprice-label">${label}:</span>
            ${sidePrice(language, currency, shown.price_strikethrough, true)}
          </span></span
        >
      </span>
    </span>
  </div>`;
}

/** The price of one unit beside the price, in brackets. */
export function unit({ language, domain, shown }: SyntheticProduct): Html {
  const { currency } = marketplace(domain);
  if (shown.unit_price === null) return raw('');
  const mark = '\u0001';
  const [before = '', after = ''] = say(language, 'unitPer', { price: mark, unit: shown.unit_price.unit ?? '' }).split(
    mark,
  );
  return markup`<span aria-hidden="true" class="a-size-mini a-color-base aok-align-center pricePerUnit"
    >(${before}${sidePrice(language, currency, shown.unit_price.price, false)}${after})</span
  >`;
}

/** Badge of a deal over the price, and a coupon under it. */
export function deal({ shown }: SyntheticProduct): Html {
  const badge =
    shown.deal === null
      ? null
      : markup`<span class="dealBadge aok-relative">
          <span id="deals_countdown_timer_from_hours_screen_reader_label" class="aok-hidden"
            >NO_OF_HOURS NO_OF_MINUTES</span
          >
          <span id="dealBadgeSupportingText" class="a-size-small dealBadgeTextColor a-text-bold">
            <span>${shown.deal.text}</span>
          </span>
        </span>`;
  return markup`<div id="dealBadge_feature_div" class="celwidget" data-feature-name="dealBadge">${badge}</div>`;
}

export function coupon({ shown }: SyntheticProduct): Html {
  const text =
    shown.coupon === null
      ? null
      : markup`<div>
          <span class="promoPriceBlockMessage">
            <div>
              <span>
                <div class="aok-align-center">
                  <i id="badgepctchORIGIN1" class="a-icon a-icon-addon newCouponBadge"></i>
                </div>
                <label id="greenBadgepctchORIGIN1" class="a-color-success couponLabelText">
                  <span id="couponTextpctchORIGIN1">${shown.coupon}</span>
                </label>
              </span>
            </div>
          </span>
        </div>`;
  return markup`<div id="promoPriceBlockMessage_feature_div" class="celwidget" data-feature-name="promoPriceBlockMessage">
    ${text}
  </div>`;
}
