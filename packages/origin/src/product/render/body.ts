import { marketplace } from '@asa/contract';
import { markup, raw, type Html } from '../../page/html.ts';
import { money } from '../../words/money.ts';
import { say } from '../../page/text.ts';
import type { SyntheticProduct } from '../describe.ts';
import { isBuyable } from '../states.ts';

/** Parts of the page that are mostly text: breadcrumb, overview, bullets, descriptions, formats. */

export function breadcrumb({ shown }: SyntheticProduct): Html {
  const steps = (shown.category[0]?.ladder ?? []).flatMap(({ name, url }, i) => [
    i === 0
      ? null
      : markup`<li aria-hidden="true" class="a-breadcrumb-divider" role="presentation">
          <span class="a-list-item a-color-tertiary">›</span>
        </li>`,
    markup`<li>
      <span class="a-list-item"
        ><a class="a-link-normal a-color-tertiary" href="${url === null ? '' : url.replace(/^https:\/\/[^/]+/, '')}">
          ${name}
        </a></span
      >
    </li>`,
  ]);
  return markup`<div id="wayfinding-breadcrumbs_container" class="a-section">
    <div id="wayfinding-breadcrumbs_feature_div" class="a-subheader a-breadcrumb feature">
      <ul class="a-unordered-list a-horizontal a-size-small">
        ${steps}
      </ul>
    </div>
  </div>`;
}

export function overview({ shown }: SyntheticProduct): Html {
  const rows = Object.entries(shown.product_overview).map(
    ([name, value], i) =>
      markup`<tr class="a-spacing-small po-origin_${i}" role="listitem">
        <td class="a-span3" role="presentation"><span class="a-size-base a-text-bold">${name}</span></td>
        <td class="a-span9" role="presentation"><span class="a-size-base po-break-word">${value}</span></td>
      </tr>`,
  );
  const table =
    rows.length === 0
      ? null
      : markup`<div class="a-section a-spacing-small a-spacing-top-small">
          <table class="a-normal a-spacing-micro" role="list">
            <tbody>
              ${rows}
            </tbody>
          </table>
        </div>`;
  return markup`<div id="productOverview_feature_div" class="celwidget">${table}</div>`;
}

export function bulletList({ shown, language }: SyntheticProduct): Html {
  if (shown.bullet_points === null) return raw('');
  const bullets = shown.bullet_points
    .split('\n')
    .map((text) => markup`<li class="a-spacing-mini"><span class="a-list-item"> ${text} </span></li>`);
  return markup`<div id="featurebullets_feature_div" class="celwidget">
    <div id="feature-bullets" class="a-section a-spacing-medium a-spacing-top-small">
      <h1 class="a-size-base-plus a-text-bold">${say(language, 'aboutThisItem')}</h1>
      <ul class="a-unordered-list a-vertical a-spacing-mini">
        <li id="replacementPartsFitmentBullet" class="aok-hidden">
          <span class="a-list-item">
            <span id="replacementPartsFitmentBulletInner">
              <a class="a-link-normal hsx-rpp-fitment-focus" href="#"></a>
            </span>
          </span>
        </li>
        ${bullets}
      </ul>
    </div>
  </div>`;
}

/** What the page says about stock outside the buy box; only where no offer says it. */
export function centerAvailability({ shown, facts }: SyntheticProduct): Html {
  if (isBuyable(facts.state) || shown.stock === null)
    return markup`<div id="availability_feature_div" class="celwidget"></div>`;
  return markup`<div id="availability_feature_div" class="celwidget">
    <div id="availability" class="a-section a-spacing-base a-spacing-top-micro }">
      <span class="a-size-medium a-color-price primary-availability-message"> ${shown.stock} </span> <br />
    </div>
  </div>`;
}

export function description({ shown, language, facts }: SyntheticProduct): Html {
  const text = shown.description ?? '';
  if (facts.thing === null)
    return markup`<div id="bookDescription_feature_div" class="celwidget" data-feature-name="bookDescription">
      <div
        data-a-expander-name="book_description_expander"
        class="a-expander-collapsed-height a-row a-expander-container a-expander-partial-collapse-container"
      >
        <div class="a-expander-content a-expander-partial-collapse-content"><span>${text}</span></div>
      </div>
    </div>`;
  return markup`<div id="productDescription_feature_div" class="celwidget">
    <h2>${say(language, 'productDescription')}</h2>
    <div id="productDescription" class="a-section a-spacing-small">
      <p><span>${text}</span></p>
    </div>
  </div>`;
}

export function aplus({ shown }: SyntheticProduct): Html {
  if (shown.aplus === null) return markup`<div id="aplus_feature_div" class="celwidget"></div>`;
  const [heading = '', ...paragraphs] = shown.aplus.text?.split('\n') ?? [];
  const pictures = shown.aplus.images.map(
    (url) =>
      markup`<div class="celwidget aplus-module 3p-module-b aplus-standard" cel_widget_id="aplus-3p-module-b">
        <div class="aplus-module-wrapper aplus-3p-fixed-width">
          <img
            alt=""
            src="https://images-na.ssl-images-amazon.com/images/G/01/x-locale/common/grey-pixel.gif"
            class="a-spacing-base a-lazy-loaded"
            data-src="${url}"
          />
        </div>
      </div>`,
  );
  return markup`<div id="aplus_feature_div" class="celwidget">
    <div id="aplus" class="a-section a-spacing-large bucket">
      <h2>${heading}</h2>
      <div class="aplus-v2 desktop celwidget" cel_widget_id="aplus">
        ${pictures}
        <div class="celwidget aplus-module module-9 aplus-standard">
          <div class="aplus-module-wrapper apm-fixed-width">
            ${paragraphs.map((text) => markup`<p class="a-spacing-base">${text}</p>`)}
          </div>
        </div>
      </div>
    </div>
  </div>`;
}

/** The formats of a book with their prices; the chosen one is the page's own. */
export function formats({ shown, language, domain }: SyntheticProduct): Html {
  if (shown.formats.length === 0) return raw('');
  const { currency } = marketplace(domain);
  const swatches = shown.formats.map(({ format, asin, price, selected }, i) => {
    const href = selected ? 'javascript:void(0)' : `/dp/${asin ?? ''}/ref=tmm_origin_swatch_${i}?_encoding=UTF8`;
    const tag =
      price === null
        ? null
        : markup`<span class="a-size-base a-color-price a-color-price"> ${money(language, currency, price).text} </span>`;
    return markup`<div
      id="tmm-grid-swatch-${i}"
      class="a-column a-span12 a-text-left swatchElement ${selected ? 'selected' : 'unselected'} celwidget"
    >
      <span class="a-button${selected ? ' a-button-selected' : ''} a-spacing-none a-button-toggle format"
        ><span class="a-button-inner"
          ><a href="${href}" class="a-button-text a-text-left">
            <span class="slot-title"> <span aria-label="${format}">${format}</span> <br /> </span>
            <span class="slot-price"> ${tag} </span>
          </a></span
        ></span
      >
    </div>`;
  });
  return markup`<div id="formats" class="a-section a-spacing-large responsive">
    <div id="tmmSwatches" class="a-section a-spacing-none nonJSFormats">
      <div class="a-row formatsRow a-ws-row">${swatches}</div>
    </div>
  </div>`;
}
