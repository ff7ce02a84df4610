import type { Domain, Language } from '@asa/contract';
import { marketplace } from '@asa/contract';
import { shopPage } from './page/chrome.ts';
import { markup } from './page/html.ts';
import { say } from './page/text.ts';
import { deliveredTo } from './product/details.ts';
import { neighbour } from './product/goods.ts';
import { carousel } from './product/render/rails.ts';
import { ALPHANUMERIC, randomOf } from './random.ts';
import { vocabulary } from './words/vocabulary/index.ts';

/** Pages that show many products and are about none of them. */

const others = (domain: Domain, language: Language, topic: string, n: number) => {
  const random = randomOf('shelf', domain, topic);
  return Array.from({ length: n }, () => neighbour(domain, language, `B0${random.text(ALPHANUMERIC, 8)}`));
};

/** The shelf of other products that answers for a product that is gone. */
export function shelfPage(domain: Domain, language: Language, asin: string): string {
  const products = others(domain, language, asin, 24);
  const [heading] = vocabulary(language).departments;
  return shopPage(
    {
      domain,
      language,
      title: `Amazon.${domain}: ${heading}`,
      pageType: 'Browse',
      canonical: null,
      place: deliveredTo(domain, language),
    },
    markup`<div id="zg" class="a-section">
      <h1 class="a-size-large a-text-bold">${heading}</h1>
      ${[0, 8, 16].map((at) => carousel({ domain, language }, `origin-shelf-${at}`, heading, products.slice(at, at + 8)))}
    </div>`,
  );
}

/** The home page of the marketplace. */
export function homePage(domain: Domain, language: Language): string {
  const { departments } = vocabulary(language);
  const { host } = marketplace(domain);
  return shopPage(
    {
      domain,
      language,
      title: `Amazon.${domain}`,
      pageType: 'Gateway',
      canonical: `https://${host}/`,
      place: deliveredTo(domain, language),
      bodyClass: 'gateway',
    },
    markup`<div id="pageContent" class="gw-page">
      <div id="gw-layout" class="gw-col">
        <div id="desktop-grid-1" class="celwidget">
          ${departments.map(
            (name, i) =>
              markup`<div class="a-cardui fluid-card" data-card-type="origin">
                <div class="a-cardui-header"><h2 class="a-color-base headline truncate-2line">${name}</h2></div>
                <div class="a-cardui-footer">
                  <a class="a-link-normal see-more" href="/b?node=${1000 + i * 100}">${say(language, 'readMore')}</a>
                </div>
              </div>`,
          )}
        </div>
        ${carousel({ domain, language }, 'desktop-grid-2', departments[1], others(domain, language, 'home', 8))}
      </div>
    </div>`,
  );
}

/** What the offer listing sends without its page: a fragment with the offers of a product. */
export function offersFragment(domain: Domain, language: Language, asin: string): string {
  const { facts, title } = neighbour(domain, language, asin);
  const label = say(language, 'soldBy');
  return markup`<div id="aod-container" class="a-section">
    <div id="aod-pinned-offer" class="a-section">
      <div id="aod-asin-title" class="a-section"><h5 id="aod-asin-title-text">${title}</h5></div>
    </div>
    <div id="aod-offer-list" class="a-section">
      <div id="aod-offer" class="a-section aod-information-block">
        <div id="aod-offer-heading"><h5>${say(language, 'newCondition')}</h5></div>
        <div id="aod-offer-soldBy">
          <span>${label}</span> <a href="/gp/aag/main?seller=${facts.seller.id ?? ''}">${facts.seller.name}</a>
        </div>
      </div>
    </div>
  </div>`.text;
}
