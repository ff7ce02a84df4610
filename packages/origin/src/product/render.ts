import { shopPage } from '../page/chrome.ts';
import { markup } from '../page/html.ts';
import { say } from '../page/text.ts';
import { absolute, productPath } from './addresses.ts';
import type { SyntheticProduct } from './describe.ts';
import * as body from './render/body.ts';
import { buyBox } from './render/buybox.ts';
import { details } from './render/details.ts';
import { gallery } from './render/gallery.ts';
import { centerPrice, coupon, deal } from './render/price.ts';
import { boughtTogether, carousel, comparison } from './render/rails.ts';
import { reviews } from './render/reviews.ts';
import { titleBlock } from './render/title.ts';
import { twister } from './render/twister.ts';
import { WORKS } from './works.ts';

/**
 * The page of a synthetic product, written by this project in the structure of the marketplace's desktop pages of
 * 2024 to 2026: the same regions, ids and classes, and the same distractions (other offers, other products, other prices).
 * Pure.
 */
export function renderProduct(product: SyntheticProduct): string {
  const { shown, language, domain, neighbours } = product;
  const page = markup`<div id="dp" class="${product.facts.kind === 'physical' ? 'origin' : WORKS[product.facts.kind].department} en_US">
    <div id="dp-container" class="a-container" role="main">
      ${body.breadcrumb(product)}
      <div id="ppd">
        <div id="rightCol" class="rightCol">${buyBox(product)}</div>
        <div id="leftCol" class="a-section a-spacing-none leftCol">${gallery(product)}</div>
        <div id="centerCol" class="centerColAlign">
          ${titleBlock(product)} ${body.formats(product)} ${deal(product)} ${centerPrice(product)} ${coupon(product)}
          ${body.centerAvailability(product)} ${twister(product)} ${body.overview(product)} ${body.bulletList(product)}
          ${product.facts.thing === null ? body.description(product) : null}
        </div>
      </div>
      ${boughtTogether(product)} ${carousel(product, 'sp_detail', say(language, 'sponsored'), neighbours.slice(2, 6))}
      ${product.facts.thing === null ? null : body.description(product)} ${body.aplus(product)} ${details(product)}
      ${comparison(product, neighbours.slice(6, 9))} ${reviews(product)}
      ${carousel(product, 'sp_detail_thematic', say(language, 'otherSellers'), neighbours.slice(8, 12))}
    </div>
  </div>`;
  return shopPage(
    {
      domain,
      language,
      title: `${shown.title} : Amazon.${domain}`,
      pageType: 'Detail',
      // Real canonical addresses have a slug; what the service answers has none.
      canonical: absolute(domain, productPath(shown.title, product.asin)),
      place: shown.delivered_to ?? '',
      description: `${shown.title} : Amazon.${domain}`,
    },
    page,
  );
}
