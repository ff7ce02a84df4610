import { shopPage } from '../page/chrome.ts';
import { markup, raw, type Html } from '../page/html.ts';
import { say } from '../page/text.ts';
import { deliveredTo } from '../product/details.ts';
import { railCard } from '../product/render/rails.ts';
import { resultCard } from './card.ts';
import { RESULT_PAGES, resultsLine, type SyntheticSearch } from './describe.ts';

/**
 * A result page in the structure of the marketplace's grid pages of 2024 to 2026, with a brand banner, carousels and
 * messages between the cards. Pure.
 */
export function renderSearch(search: SyntheticSearch): string {
  const { domain, language, query, cards, read } = search;
  const body = markup`<div id="search">
    <span data-component-type="s-result-info-bar" class="rush-component"
      ><div
        cel_widget_id="UPPER-RESULT_INFO_BAR-0"
        class="s-widget-container celwidget slot=UPPER template=RESULT_INFO_BAR widgetId=result-info-bar"
      >
        ${infoBar(search)}
      </div></span
    >
    <div class="s-desktop-width-max s-desktop-content s-opposite-dir s-wide-grid-style sg-row">
      <div class="s-matching-dir sg-col-16-of-20 sg-col">
        <div class="sg-col-inner">
          <span data-component-type="s-search-results" class="rush-component s-latency-cf-section"
            ><div class="s-main-slot s-result-list s-search-results sg-row">
              ${cards.length === 0 ? emptyMessage(search) : [banner(search), heading(search), mixed(search), relatedSearches(search)]}
              ${pagination(search)}
            </div></span
          >
        </div>
      </div>
    </div>
  </div>`;
  return shopPage(
    {
      domain,
      language,
      title: `Amazon.${domain} : ${query}`,
      pageType: 'Search',
      canonical: null,
      place: deliveredTo(domain, language),
      query: read.corrected_query ?? query,
    },
    body,
  );
}

function infoBar({ language, page, total, read, query }: SyntheticSearch): Html {
  if (read.total_results === null) return raw('');
  return markup`<h1 class="a-size-base s-desktop-toolbar a-text-normal">
    <div class="s-desktop-width-max sg-row">
      <div class="sg-col s-breadcrumb">
        <div class="sg-col-inner">
          <h2 class="a-size-base a-spacing-small a-spacing-top-small a-text-normal">
            <span>${resultsLine(language, page, total).before}</span><span> </span
            ><span class="a-color-state a-text-bold">"${read.corrected_query ?? query}"</span>
          </h2>
        </div>
      </div>
    </div>
  </h1>`;
}

const widget = (search: SyntheticSearch, index: number, body: Html): Html =>
  markup`<div
    data-asin=""
    data-index="${index}"
    class="a-section a-spacing-none s-result-item s-flex-full-width s-border-bottom-none s-widget s-widget-spacing-large"
  >
    <div
      cel_widget_id="MAIN-MESSAGING-${index}"
      class="s-widget-container celwidget slot=MAIN template=MESSAGING"
      lang="${search.language}"
    >
      ${body}
    </div>
  </div>`;

function heading(search: SyntheticSearch): Html {
  const { language, read, query } = search;
  const { corrected_query: corrected } = read;
  const spelling =
    corrected === null
      ? null
      : markup`<div class="a-section a-spacing-base a-spacing-top-base">
          <span class="a-size-medium a-color-base"
            >${around(say(language, 'showingResultsFor', { query: '\u0001' }), markup`<a class="a-link-normal a-text-bold a-text-italic" href="/s?k=${encodeURIComponent(corrected)}&ref=nb_sb_ss">${corrected}</a>`)}</span
          ><br /><span class="a-size-base a-color-secondary"
            ><a class="a-link-normal" href="/s?k=${encodeURIComponent(query)}&nfpr=1">${query}</a></span
          >
        </div>`;
  return widget(
    search,
    0,
    markup`${spelling}
      <h2 class="a-size-medium-plus a-spacing-none a-color-base a-text-bold">${say(language, 'resultsHeading')}</h2>`,
  );
}

/** A page without cards: the query found nothing, or the page is past the last. */
function emptyMessage(search: SyntheticSearch): Html {
  const { language, query, read } = search;
  if (!read.no_results) return widget(search, 0, markup`<div class="s-no-outline"></div>`);
  return widget(
    search,
    0,
    markup`<div class="a-section a-spacing-base a-spacing-top-medium s-no-results-filler">
      <div class="a-row">
        <span class="a-size-medium a-color-base"
          >${around(say(language, 'noResults', { query: '\u0001' }), markup`</span><span class="a-size-medium a-color-base a-text-bold">${query}</span><span class="a-size-medium a-color-base">`)}</span
        >
      </div>
    </div>`,
  );
}

function around(text: string, middle: Html): Html {
  const [before = '', after = ''] = text.split('\u0001');
  return markup`${before}${middle}${after}`;
}

/** A brand's own strip over the results: its products are no results. */
function banner(search: SyntheticSearch): Html {
  const [first, second] = search.rail;
  if (first === undefined || second === undefined) return raw('');
  const products = [first, second].map(
    ({ asin, title }) =>
      markup`<div class="sb-product" data-asin="${asin}">
        <a class="a-link-normal" href="/dp/${asin}/ref=sb_origin"><span class="a-truncate-full">${title}</span></a>
      </div>`,
  );
  return markup`<div
    data-asin=""
    data-index="1"
    class="s-result-item s-widget s-flex-geom AdHolder s-widget-spacing-large"
    data-component-type=""
  >
    <div
      cel_widget_id="MAIN-TOP_BANNER_MESSAGE-1"
      class="s-widget-container celwidget slot=MAIN template=SPONSORED_BRANDS"
    >
      <span class="a-size-base a-color-secondary">${say(search.language, 'sponsored')}</span
      ><a class="a-link-normal" href="/stores/page/ORIGIN"><span>${first.facts.brand}</span></a
      >${products}
    </div>
  </div>`;
}

/** The cards, and between them a carousel of products that are no results. */
function mixed(search: SyntheticSearch): Html[] {
  const cards = search.cards.map((entry, i) => resultCard(search, entry, i + 2));
  const rail = markup`<div
    data-asin=""
    data-index="12"
    data-component-type=""
    class="sg-col-20-of-24 s-result-item sg-col-16-of-20 s-widget sg-col s-widget-spacing-large"
  >
    <div
      cel_widget_id="MAIN-FEATURED_ASINS_LIST-12"
      class="s-widget-container celwidget slot=MAIN template=FEATURED_ASINS_LIST widgetId=loom-desktop-inline-slot_more-to-explore"
    >
      <div class="a-section a-spacing-none s-shopping-adviser">
        <ol class="a-carousel">
          ${search.rail.slice(2).map((one, i) => railCard(search, one, i + 1))}
        </ol>
      </div>
    </div>
  </div>`;
  return [...cards.slice(0, 10), rail, ...cards.slice(10)];
}

function relatedSearches({ language, query, read }: SyntheticSearch): Html {
  const links = read.related_searches.map(
    (words, i) =>
      markup`<div class="a-box textref-border" role="listitem">
        <div class="a-box-inner a-padding-mini">
          <a class="a-link-normal s-on-hover-underline-text" href="/s?k=${encodeURIComponent(words)}&ref=rsl_sug_${i}">
            <div class="a-row"><span class="a-size-base a-color-base s-line-clamp-2"> ${words} </span></div>
          </a>
        </div>
      </div>`,
  );
  const text = say(language, 'relatedSearches');
  return markup`<div data-asin="" data-index="30" class="s-result-item s-widget s-widget-spacing-large">
    <div
      cel_widget_id="MAIN-TEXT_REFORMULATION-30"
      class="s-widget-container celwidget slot=MAIN template=TEXT_REFORMULATION widget=loom-desktop-bottom-slot_related-searches widgetId=loom-desktop-bottom-slot_related-searches"
    >
      <div aria-label="${text}: ${query}" class="a-section a-spacing-none">
        <h2 class="a-size-medium-plus a-color-base">${text}</h2>
      </div>
      <span data-component-type="text-reformulation-widget" class="rush-component" role="list">${links}</span>
    </div>
  </div>`;
}

function pagination({ language, page, query, read }: SyntheticSearch): Html {
  if (read.no_results) return raw('');
  const at = (n: number): string => `/s?k=${encodeURIComponent(query)}&page=${n}&ref=sr_pg_${n}`;
  const previous =
    page === 1
      ? markup`<span class="s-pagination-item s-pagination-previous s-pagination-disabled" aria-disabled="true"
          >${say(language, 'previousPage')}</span
        >`
      : markup`<a href="${at(page - 1)}" class="s-pagination-item s-pagination-previous s-pagination-button"
          >${say(language, 'previousPage')}</a
        >`;
  const next =
    page >= RESULT_PAGES
      ? markup`<span class="s-pagination-item s-pagination-next s-pagination-disabled" aria-disabled="true"
          >${say(language, 'nextPage')}</span
        >`
      : markup`<a
          href="${at(page + 1)}"
          class="s-pagination-item s-pagination-next s-pagination-button s-pagination-separator"
          >${say(language, 'nextPage')}</a
        >`;
  return markup`<div data-asin="" data-index="31" class="s-result-item s-widget s-widget-spacing-large">
    <div cel_widget_id="MAIN-PAGINATION-31" class="s-widget-container celwidget slot=MAIN template=PAGINATION">
      <div class="a-section a-text-center s-pagination-container" role="navigation">
        <span class="s-pagination-strip"
          >${previous}<span class="s-pagination-item s-pagination-selected" aria-current="page">${page}</span
          >${next}</span
        >
      </div>
    </div>
  </div>`;
}
