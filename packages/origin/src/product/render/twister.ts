import { marketplace } from '@asa/contract';
import { markup, raw, scriptJson, type Html } from '../../page/html.ts';
import { priceTag } from '../../page/price.ts';
import type { SyntheticProduct } from '../describe.ts';
import type { Choice } from '../goods.ts';

/** The choice of a variation: rows of swatches, and the script data behind them. Nothing without a family. */
export function twister(product: SyntheticProduct): Html {
  const { facts, choices } = product;
  if (facts.family === null) return markup`<div id="twister_feature_div" class="celwidget"></div>`;
  return markup`<div id="twister_feature_div" class="celwidget" data-feature-name="twister">
      <div id="twister-plus-inline-twister-card" class="a-section">
        <div id="twister-plus-inline-twister" class="a-section">
          ${choices.map((choice, i) => row(product, choice, i))}
        </div>
      </div>
    </div>
    ${script(product)}`;
}

function row(product: SyntheticProduct, { key, name, values, index }: Choice, position: number): Html {
  return markup`<div id="inline-twister-row-${key}" class="a-section a-spacing-none inline-twister-row">
    <div id="inline-twister-expander-header-${key}" class="a-section a-spacing-none dimension-heading">
      <div id="inline-twister-dim-title-${key}" class="a-section a-spacing-none dimension-text">
        <span class="a-size-base a-color-secondary"> ${name}: </span>
        <span
          id="inline-twister-expanded-dimension-text-${key}"
          class="a-size-base a-color-base inline-twister-dim-title-value a-text-bold"
        >
          ${values[index] ?? ''}
        </span>
      </div>
    </div>
    <div
      id="inline-twister-expander-content-${key}"
      data-totalvariationcount="${values.length}"
      class="a-section a-spacing-none dimension-expander-content"
    >
      <div id="tp-inline-twister-dim-values-container" class="a-section a-spacing-none" role="group">
        <ul
          class="a-unordered-list a-nostyle a-button-list a-button-toggle-group a-horizontal dimension-values-list"
          role="radiogroup"
        >
          ${values.map((value, i) => swatch(product, key, position, value, i, i === index))}
        </ul>
      </div>
    </div>
  </div>`;
}

/** One value of one dimension: it leads to the member that keeps the other dimensions as they are. */
function swatch(
  product: SyntheticProduct,
  key: string,
  position: number,
  value: string,
  i: number,
  chosen: boolean,
): Html {
  const { choices, shown, domain, language, facts } = product;
  const wanted = choices.map((choice, at) => (at === position ? value : (choice.values[choice.index] ?? '')));
  const member = shown.variations.find((one) => choices.every(({ name }, at) => one.dimensions[name] === wanted[at]));
  if (member === undefined) return raw('');
  const { currency } = marketplace(domain);
  const price =
    member.price === null
      ? null
      : markup`<div id="apex_price" class="a-section a-spacing-none apex_on_twister_price">
          ${priceTag(language, currency, member.price, { size: 's' })}
        </div>`;
  const picture =
    key === 'color_name' && member.image !== null
      ? markup`<div class="a-section a-spacing-none swatch-image-container">
          <img alt="${value}" src="${member.image}" class="swatch-image" id="inline-twister-image-${i}" />
        </div>`
      : markup`<span class="a-size-base swatch-title-text-display swatch-title-text">${value}</span>`;
  const link = chosen
    ? null
    : markup`<a
        class="page-load-link"
        href="/dp/${member.asin}/ref=twister_${facts.family?.parent ?? ''}?_encoding=UTF8&amp;psc=1"
      >
      </a>`;
  return markup`<li
    data-asin="${member.asin}"
    data-initiallyselected="${String(chosen)}"
    data-initiallyunavailable="${String(member.available === false)}"
    class="${member.available === false ? 'swatch-unavailable ' : ''}dimension-value-list-item-square-image inline-twister-swatch"
  >
    <span class="a-list-item">
      <span
        id="${key}_${i}"
        class="a-button a-button-toggle${chosen ? ' a-button-selected' : ''}${member.available === false ? ' a-button-unavailable' : ''}"
        ><span class="a-button-inner"
          ><input name="${i}" role="radio" aria-checked="${String(chosen)}" class="a-button-input" type="submit" /><span
            id="${key}_${i}-announce"
            class="a-button-text"
            aria-hidden="true"
          >
            ${picture}
            <div class="a-section swatch-text">
              <div id="dimension-slot-info-${i}" class="a-section dimension-slot-info">${price}</div>
            </div>
            ${link}
          </span></span
        ></span
      >
    </span>
  </li>`;
}

function script({ asin, shown, choices, facts }: SyntheticProduct): Html {
  const combination = (dimensions: Readonly<Record<string, string>>): string =>
    choices.map(({ name, values }) => values.indexOf(dimensions[name] ?? '')).join('_');
  const displayed = shown.variations.map(
    (one) => [one.asin, choices.map(({ name }) => one.dimensions[name] ?? '')] as const,
  );
  const toAsin = shown.variations.map((one) => [combination(one.dimensions), one.asin] as const);
  const by = (value: (choice: Choice) => unknown): Html =>
    scriptJson(Object.fromEntries(choices.map((c) => [c.key, value(c)])));
  return markup`<script type="text/javascript">
P.register('twister-js-init-dpx-data', function() {
            var dataToReturn = {
                "shouldUseDPXTwisterData" : 1,
                "currentAsin" : "${asin}",
                "landingAsin": "${asin}",
                "parentAsin" : "${facts.family?.parent ?? ''}",
                "dimensionToAsinMap" : ${scriptJson(Object.fromEntries(toAsin))},
                "variationValues" : ${by((c) => c.values)},
                "selectedVariationValues" : ${by((c) => c.index)},
                "num_total_variations" : ${shown.variations.length},
                "dimensions" : ${scriptJson(choices.map((c) => c.key))},
                "unselectedDimCount" : 0,
                "dimensionValuesDisplayData" : ${scriptJson(Object.fromEntries(displayed))},
                "pwASINs" : [],
                "variationDisplayLabels" : ${by((c) => c.name)}
            };
            return dataToReturn;
        });
</script>`;
}
