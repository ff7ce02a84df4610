import { markup, type Html, type Piece } from '../../page/html.ts';
import { say } from '../../page/text.ts';
import type { SyntheticProduct } from '../describe.ts';
import { rankLines } from '../ranks.ts';
import { stars } from './title.ts';

/** Marks of direction that sit around the colons of the list layout. */
const COLON = ' \u200f : \u200e ';

/** Details of the product, in the layout that it has. */
export const details = (product: SyntheticProduct): Html =>
  ({ tables, bullets, audible: spoken })[product.details.layout](product);

/** Audio books: one table in a block of its own. */
function spoken(product: SyntheticProduct): Html {
  const { language, details: own } = product;
  const tr = (name: string, value: Piece): Html =>
    markup`<tr><th class="a-color-secondary a-size-base"><span>${name}</span></th><td><span>${value}</span></td></tr>`;
  const rows = Object.entries(own.general).map(([name, value]) => tr(name, value));
  const places = lines(product).map((line) => markup`<span>${line}</span> <br /> `);
  const ranks =
    places.length === 0 ? null : tr(say(language, 'bestSellersRankLabel'), markup`<span> ${places} </span>`);
  return markup`<div id="audibleproductdetails_feature_div" class="celwidget">
    <div id="audibleProductDetails" class="a-section">
      <h2>${say(language, 'productDetails')}</h2>
      <table class="a-keyvalue a-vertical-stripes a-span6" role="presentation">
        <tbody>
          ${rows}${ranks}
        </tbody>
      </table>
    </div>
  </div>`;
}

function tables(product: SyntheticProduct): Html {
  const { language, details: own } = product;
  const tr = (name: string, value: Piece): Html =>
    markup`<tr>
      <th class="a-color-secondary a-size-base prodDetSectionEntry">${name}</th>
      <td class="a-size-base prodDetAttrValue">${value}</td>
    </tr>`;
  const technical = Object.entries(own.technical).map(([name, value]) => tr(name, `\u200e${value}`));
  const general = Object.entries(own.general).map(([name, value]) => tr(name, value));
  const rating =
    product.shown.rating === null
      ? null
      : tr(say(language, 'customerReviewsLabel'), stars(product, 'averageCustomerReviews'));
  const ranks =
    product.shown.sales_rank.length === 0
      ? null
      : tr(
          say(language, 'bestSellersRankLabel'),
          markup`<span> ${lines(product).map((line) => markup`<span>${line}</span> <br /> `)} </span>`,
        );
  return markup`<div id="productDetails_feature_div" class="celwidget">
    <a id="productDetails" name="productDetails"></a>
    <div id="prodDetails" class="a-section">
      <h2>${say(language, 'productInformation')}</h2>
      <div class="a-row a-spacing-top-base">
        <div class="a-column a-span6">
          <h1 class="a-size-medium a-spacing-small secHeader">${say(language, 'technicalDetails')}</h1>
          <table id="productDetails_techSpec_section_1" class="a-keyvalue prodDetTable" role="presentation">
            <tbody>
              ${technical}
            </tbody>
          </table>
        </div>
        <div class="a-column a-span6 a-span-last">
          <table id="productDetails_detailBullets_sections1" class="a-keyvalue prodDetTable" role="presentation">
            <tbody>
              ${general}${rating}${ranks}
            </tbody>
          </table>
        </div>
      </div>
    </div>
  </div>`;
}

function bullets(product: SyntheticProduct): Html {
  const { language, details: own, shown } = product;
  const rows = Object.entries({ ...own.technical, ...own.general }).map(
    ([name, value]) =>
      markup`<li>
        <span class="a-list-item"> <span class="a-text-bold">${name} ${COLON} </span> <span>${value}</span> </span>
      </li>`,
  );
  const list = 'a-unordered-list a-nostyle a-vertical a-spacing-none detail-bullet-list';
  const [wide, ...narrow] = lines(product);
  const ranks =
    wide === undefined
      ? null
      : markup`<ul class="${list}">
          <li>
            <span class="a-list-item">
              <span class="a-text-bold"> ${say(language, 'bestSellersRankLabel')}: </span> ${wide}
              <ul class="a-unordered-list a-nostyle a-vertical zg_hrsr">
                ${narrow.map((line) => markup`<li><span class="a-list-item"> ${line}</span></li>`)}
              </ul>
            </span>
          </li>
        </ul>`;
  const rating =
    shown.rating === null
      ? null
      : markup`<ul class="${list}">
          <li>
            <span class="a-list-item">
              <span class="a-text-bold"> ${say(language, 'customerReviewsLabel')}: </span>
              ${stars(product, 'detailBullets_averageCustomerReviews')}
            </span>
          </li>
        </ul>`;
  return markup`<div
    id="detailBulletsWrapper_feature_div"
    data-template-name="detailBullets"
    class="a-section feature detail-bullets-wrapper bucket"
  >
    <h2>${say(language, 'productDetails')}</h2>
    <div id="detailBullets_feature_div">
      <ul class="${list}">
        ${rows}
      </ul>
    </div>
    ${ranks} ${rating}
  </div>`;
}

/** "#12 in Books (See Top 100 in Books)", then "#3 in <a>Cooking</a>". */
const lines = ({ language, shown }: SyntheticProduct): Html[] =>
  rankLines(language, shown.sales_rank).map(({ before, category, after, seeAll, path }) =>
    seeAll === null
      ? markup`${before}<a href="${path}">${category}</a>${after}`
      : markup`${before}${category}${after} (<a href="${path}">${seeAll}</a>)`,
  );
