import { LANGUAGES, marketplace, type Domain, type Language } from '@asa/contract';
import { markup, raw, scriptJson, type Html, type Piece } from './html.ts';
import { say } from './text.ts';

/** What stands around every page of the shop: head, navigation, footer. */
export interface Chrome {
  readonly domain: Domain;
  readonly language: Language;
  readonly title: string;
  /** The page type that the page's own scripts name, for example `Detail`. */
  readonly pageType: string;
  readonly canonical: string | null;
  /** Where the page says it delivers to. */
  readonly place: string;
  /** What the search field holds. */
  readonly query?: string;
  readonly description?: string;
  readonly bodyClass?: string;
}

export function shopPage(chrome: Chrome, body: Piece): string {
  const { domain, language, place } = chrome;
  const { tag, direction } = LANGUAGES[language];
  const { host, marketplaceId } = marketplace(domain);
  const canonical = chrome.canonical === null ? null : markup`<link rel="canonical" href="${chrome.canonical}" />`;
  const description =
    chrome.description === undefined ? null : markup`<meta name="description" content="${chrome.description}" />`;
  return markup`<!doctype html>
    <html lang="${tag.toLowerCase()}" dir="${direction}" class="a-no-js" data-19ax5a9jf="dingo">
      <!-- sp:feature:head-start -->
      <head>
        <script>
          var aPageStart = new Date().getTime();
        </script>
        <meta charset="utf-8" />
        <script type="text/javascript">
          var ue_t0 = ue_t0 || +new Date();
        </script>
        <link rel="preconnect" href="https://m.media-amazon.com" crossorigin />
        <title dir="${direction}">${chrome.title}</title>
        ${description}
        <meta name="encrypted-slate-token" content="" />
        ${canonical}
        <script type="text/javascript">
          var ue_csm = window,
            ue_id = 'ORIGIN00000000000000',
            ue_url = '/rd/uedata',
            ue_mid = ${scriptJson(marketplaceId)},
            ue_sn = ${scriptJson(host)},
            ue_furl = 'fls-na.amazon.com',
            ue_pty = ${scriptJson(chrome.pageType)},
            ue_swi = 1;
        </script>
        ${STYLE}
      </head>
      <body class="a-m-${marketplace(domain).country.toLowerCase()} a-aui_72554-c ${chrome.bodyClass ?? ''}">
        <div id="a-page">
          <script type="a-state" data-a-state='{"key":"a-wlab-states"}'>
            {"AUI_72554":"C"}
          </script>
          ${navigation(chrome, place)} ${body} ${footer(domain, language)}
        </div>
      </body>
    </html> `.text;
}

/** Rules and a script as long as a page of the shop makes a parser skip. */
const STYLE: Html = raw(
  `<style>${Array.from({ length: 60 }, (_, i) => `.origin-layout-${i} .a-section>span.a-text-bold:nth-child(${i}){padding:0 ${i}px;color:#0f1111}`).join('')}</style>` +
    `<script>(function(b,c){function h(f){return f<c.length&&c[f]>0}window.P=window.P||{when:function(){return{execute:function(){},register:function(n,f){}}},register:function(){},load:{js:function(){}}};h(${JSON.stringify('<div id="productTitle">not a title</div>').replaceAll('</', String.raw`<\/`)})})(window,[]);</script>`,
);

function navigation({ domain, language, query }: Chrome, place: string): Html {
  // The label stands over the place; where the words put the place first, the first line is the whole sentence.
  const sentence = say(language, 'deliverTo', { place, name: '' });
  const deliver = sentence.endsWith(place) ? sentence.slice(0, -place.length).trim() : sentence;
  return markup`<header id="navbar-main" class="nav-opt-sprite nav-flex">
      <div id="navbar" class="nav-sprite-v1" role="navigation">
        <div id="nav-belt">
          <div class="nav-left">
            <div id="nav-logo">
              <a
                href="/ref=nav_logo"
                id="nav-logo-sprites"
                class="nav-logo-link nav-progressive-attribute"
                aria-label="Amazon.${domain}"
                ><span class="nav-sprite nav-logo-base"></span
              ></a>
            </div>
            <div id="nav-global-location-slot">
              <span id="nav-global-location-data-modal-action" class="a-declarative nav-progressive-attribute"
                ><a
                  id="nav-global-location-popover-link"
                  role="button"
                  tabindex="0"
                  class="nav-a nav-a-2 a-popover-trigger nav-progressive-attribute"
                  href=""
                  ><div class="nav-sprite nav-progressive-attribute" id="nav-packard-glow-loc-icon"></div>
                  <div id="glow-ingress-block">
                    <span class="nav-line-1 nav-progressive-content" id="glow-ingress-line1"> ${deliver} </span>
                    <span class="nav-line-2 nav-progressive-content" id="glow-ingress-line2"> ${place} </span>
                  </div></a
                ></span
              >
            </div>
          </div>
          <div class="nav-fill" id="nav-fill-search">
            <div id="nav-search">
              <form
                id="nav-search-bar-form"
                accept-charset="utf-8"
                action="/s/ref=nb_sb_noss"
                class="nav-searchbar"
                method="GET"
                name="site-search"
                role="search"
              >
                <input
                  type="text"
                  id="twotabsearchtextbox"
                  value="${query ?? ''}"
                  name="field-keywords"
                  autocomplete="off"
                  class="nav-input nav-progressive-attribute"
                  dir="auto"
                  tabindex="0"
                /><input
                  id="nav-search-submit-button"
                  type="submit"
                  class="nav-input nav-progressive-attribute"
                  value="›"
                  tabindex="0"
                />
              </form>
            </div>
          </div>
          <div class="nav-right">
            <div id="nav-tools">
              <a href="/customer-preferences/edit" id="icp-nav-flyout" class="nav-a nav-a-2 icp-link-style-2"
                ><span class="icp-nav-link-inner"
                  ><span class="nav-line-2">${language.slice(0, 2).toUpperCase()}</span></span
                ></a
              ><a href="/ap/signin?openid.return_to=%2F" class="nav-a nav-a-2 nav-truncate" id="nav-link-accountList"
                ><span class="nav-line-2">${say(language, 'signInTitle')}</span></a
              ><a href="/gp/cart/view.html" id="nav-cart" class="nav-a nav-a-2"
                ><span id="nav-cart-count" class="nav-cart-count">0</span></a
              >
            </div>
          </div>
        </div>
      </div>
    </header>
    <a id="skippedLink" tabindex="-1"></a>`;
}

const footer = (domain: Domain, language: Language): Html =>
  markup`<div id="navFooter" class="navLeftFooter nav-sprite-v1">
    <a id="nav-top-link" class="navFooterBackToTop" href="#nav-top"></a>
    <div class="navFooterVerticalColumn">
      <div class="navFooterLinkCol">
        <div class="navFooterColHead">${say(language, 'returnsLabel')}</div>
        <ul>
          <li class="nav_first"><a href="/gp/css/returns/homepage.html">${say(language, 'returnsLabel')}</a></li>
          <li><a href="/gp/bestsellers">${say(language, 'bestSellersRankLabel')}</a></li>
        </ul>
      </div>
    </div>
    <div class="nav-footer-line"></div>
    <ul class="navFooterDescLine">
      <li class="nav_first">
        <a href="/gp/help/customer/display.html?nodeId=508088" class="nav_a">© Amazon.${domain}</a>
      </li>
    </ul>
  </div>`;
