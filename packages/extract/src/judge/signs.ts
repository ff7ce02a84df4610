import type { BlockWords, PageVerdict } from '@asa/contract';

/**
 * What gives a page away that is neither a product nor a result list. Signs are structure first: what a page is built
 * of does not depend on its language, its status, or on what is written in products. Words come last and only where the
 * pages put them: in titles, headings, pictures' texts and buttons, in every language of the marketplaces.
 */
export type Sign =
  /** An element with this id. */
  | { readonly verdict: PageVerdict; readonly in: 'id'; readonly is: string }
  /** An element with this class token. */
  | { readonly verdict: PageVerdict; readonly in: 'class'; readonly is: string }
  /** A form field with this name. */
  | { readonly verdict: PageVerdict; readonly in: 'field'; readonly is: string }
  /** An attribute (of any element, or of `of`) that contains the text. */
  | { readonly verdict: PageVerdict; readonly in: Attribute; readonly has: string; readonly of?: string }
  /** Text inside an inline script. */
  | { readonly verdict: PageVerdict; readonly in: 'script'; readonly has: string }
  /** Text anywhere on a page without the site's navigation, remarks included. */
  | { readonly verdict: PageVerdict; readonly in: 'source'; readonly has: string }
  /** A response header, with this value when one is given. */
  | { readonly verdict: PageVerdict; readonly in: 'header'; readonly is: string; readonly value?: RegExp }
  /** The shop's words for it, in any language. */
  | {
      readonly verdict: PageVerdict;
      readonly in: WordPlace;
      readonly words: keyof BlockWords;
      /** Only on a page without the site's navigation. */
      readonly bare?: true;
      /** The words are all that stands there. */
      readonly whole?: true;
    };

export type Attribute = 'src' | 'href' | 'action' | 'content';
/** `text` is all that a small page says. */
export type WordPlace = 'title' | 'headline' | 'picture' | 'button' | 'text';

/**
 * In this order: the first sign that is there decides. A page that asks for characters offers a "continue shopping"
 * button too, and an error page shows the not-found page's dogs, so the narrower kind stands first.
 */
export const SIGNS: readonly Sign[] = [
  { verdict: 'captcha', in: 'id', is: 'captchacharacters' },
  { verdict: 'captcha', in: 'field', is: 'cvf_captcha_input' },
  { verdict: 'captcha', in: 'class', is: 'cvf-widget-form-captcha' },
  { verdict: 'captcha', in: 'id', is: 'auth-captcha-image' },
  { verdict: 'captcha', in: 'id', is: 'aa-challenge-page-captcha-container' },
  { verdict: 'captcha', in: 'src', has: '/captcha/', of: 'img' },
  { verdict: 'captcha', in: 'src', has: 'opfcaptcha', of: 'img' },
  { verdict: 'continue_shopping', in: 'action', has: '/errors/validateCaptcha' },
  { verdict: 'continue_shopping', in: 'script', has: 'opfcaptcha.amazon' },
  { verdict: 'captcha', in: 'title', words: 'captchaPrompt', bare: true },
  { verdict: 'captcha', in: 'headline', words: 'captchaPrompt', bare: true },
  { verdict: 'continue_shopping', in: 'headline', words: 'continueShoppingPrompt', bare: true },
  { verdict: 'continue_shopping', in: 'button', words: 'continueShopping', bare: true, whole: true },

  { verdict: 'waf', in: 'header', is: 'x-amzn-waf-action', value: /^(?:challenge|captcha)$/i },
  { verdict: 'waf', in: 'script', has: 'awsWafCookieDomainList' },
  { verdict: 'waf', in: 'script', has: 'gokuProps' },
  { verdict: 'waf', in: 'script', has: 'AwsWafIntegration' },
  { verdict: 'waf', in: 'src', has: '.awswaf.com/', of: 'script' },
  { verdict: 'waf', in: 'content', has: 'bm-verify=', of: 'meta' },
  { verdict: 'waf', in: 'script', has: '/_sec/verify' },
  { verdict: 'waf', in: 'script', has: '/_sec/cp_challenge' },
  { verdict: 'waf', in: 'src', has: '/_sec/cp_challenge' },
  { verdict: 'waf', in: 'id', is: 'sec-if-cpt-container' },
  { verdict: 'waf', in: 'id', is: 'challenge-container' },

  { verdict: 'sign_in', in: 'id', is: 'ap_email' },
  { verdict: 'sign_in', in: 'id', is: 'ap_email_login' },
  { verdict: 'sign_in', in: 'id', is: 'ap_password' },
  { verdict: 'sign_in', in: 'id', is: 'ap_login_form' },
  { verdict: 'sign_in', in: 'id', is: 'authportal-main-section' },
  { verdict: 'sign_in', in: 'id', is: 'authportal-center-section' },
  { verdict: 'sign_in', in: 'id', is: 'auth-mfa-form' },
  { verdict: 'sign_in', in: 'id', is: 'auth-select-device-form' },
  { verdict: 'sign_in', in: 'action', has: '/ap/signin', of: 'form' },
  { verdict: 'sign_in', in: 'action', has: '/ax/claim', of: 'form' },
  { verdict: 'sign_in', in: 'action', has: '/ap/cvf/', of: 'form' },
  { verdict: 'sign_in', in: 'title', words: 'signInTitle', bare: true, whole: true },

  { verdict: 'service_unavailable', in: 'href', has: 'ref=cs_503_' },
  { verdict: 'service_unavailable', in: 'src', has: '/500_503', of: 'img' },
  { verdict: 'service_unavailable', in: 'src', has: '/error/500-title', of: 'img' },
  { verdict: 'not_found', in: 'href', has: 'ref=cs_404_' },
  { verdict: 'not_found', in: 'src', has: '/error/404', of: 'img' },
  // How the page names its own type to the shop's counters.
  { verdict: 'not_found', in: 'script', has: 'PageNotFound' },
  { verdict: 'service_unavailable', in: 'title', words: 'serviceUnavailableTitle', bare: true },
  { verdict: 'service_unavailable', in: 'picture', words: 'serviceUnavailableText', bare: true },
  { verdict: 'service_unavailable', in: 'headline', words: 'serviceUnavailableText', bare: true },
  { verdict: 'service_unavailable', in: 'headline', words: 'serviceUnavailableTitle', bare: true },
  { verdict: 'not_found', in: 'title', words: 'notFoundTitle', bare: true },
  { verdict: 'not_found', in: 'title', words: 'notFoundTitle', whole: true },
  { verdict: 'not_found', in: 'picture', words: 'notFoundText' },
  { verdict: 'not_found', in: 'headline', words: 'notFoundText' },
  { verdict: 'not_found', in: 'headline', words: 'notFoundTitle', whole: true },
  // The not-found page's headline is a picture of its own name; the error page's is caught above.
  { verdict: 'not_found', in: 'src', has: '/title._TTD_', of: 'img' },
  { verdict: 'captcha', in: 'text', words: 'captchaPrompt', bare: true },
  { verdict: 'continue_shopping', in: 'text', words: 'continueShoppingPrompt', bare: true },
  { verdict: 'not_found', in: 'text', words: 'notFoundText', bare: true },
  { verdict: 'service_unavailable', in: 'text', words: 'serviceUnavailableText', bare: true },
];

/** A refusal that is not the marketplace's own: a proxy's error page under an error status. */
export const FOREIGN_SIGNS: readonly Sign[] = [
  { verdict: 'refused', in: 'header', is: 'x-squid-error' },
  { verdict: 'refused', in: 'header', is: 'proxy-status' },
  { verdict: 'refused', in: 'header', is: 'proxy-connection' },
  { verdict: 'refused', in: 'header', is: 'server', value: /squid|haproxy|tinyproxy|privoxy/i },
];

/** Kinds of the marketplace's own pages that answer neither request; asked after the status has had its say. */
export const OTHER_KINDS: readonly Sign[] = [
  // The dogs are on the error page and on the not-found page; without another sign only the one that may pass is said.
  { verdict: 'service_unavailable', in: 'href', has: '/dogsofamazon', of: 'a' },
  { verdict: 'service_unavailable', in: 'src', has: '/images/G/01/error/', of: 'img' },
  // Each of the pages that come instead carries this address in a remark, for those who made the request.
  { verdict: 'service_unavailable', in: 'source', has: 'api-services-support@amazon' },
  { verdict: 'offers', in: 'id', is: 'aod-container' },
  { verdict: 'offers', in: 'id', is: 'aod-offer' },
  { verdict: 'offers', in: 'id', is: 'aod-offer-list' },
  { verdict: 'offers', in: 'id', is: 'olpOfferList' },
  { verdict: 'shelf', in: 'id', is: 'zg' },
  { verdict: 'shelf', in: 'id', is: 'zg-right-col' },
  { verdict: 'shelf', in: 'id', is: 'zg_browseRoot' },
  { verdict: 'shelf', in: 'class', is: 'zg-grid-general-faceout' },
  { verdict: 'shelf', in: 'class', is: 'p13n-gridRow' },
  { verdict: 'home', in: 'id', is: 'gw-layout' },
  { verdict: 'home', in: 'id', is: 'gw-card-layout' },
  { verdict: 'home', in: 'id', is: 'gw-content-grid' },
  { verdict: 'home', in: 'id', is: 'gw-desktop-herotator' },
  { verdict: 'home', in: 'id', is: 'gwm-Deck' },
  { verdict: 'home', in: 'id', is: 'gwm-Deck-atf' },
  { verdict: 'home', in: 'script', has: 'pageType: "Homepage"' },
  { verdict: 'home', in: 'script', has: 'pageType: "Gateway"' },
  { verdict: 'home', in: 'script', has: '"pageType":"Gateway"' },
];

/** The site's navigation: pages that come instead of a page have none, or a sketch of it. */
export const NAVIGATION: readonly string[] = [
  'navbar',
  'nav-main',
  'nav-belt',
  'nav-subnav',
  'navFooter',
  'nav-cross-shop',
];

/** Regions that only a product page has. One of them beside a title makes a product page. */
export const PRODUCT_REGIONS: readonly string[] = [
  'dp',
  'dp-container',
  'ppd',
  'title_feature_div',
  'productTitle',
  'ASIN',
  'addToCart',
  'handleBuy',
  'buybox',
  'desktop_buybox',
  'mobile_buybox',
  'centerCol',
  'imageBlock',
  'imageBlock_feature_div',
  'averageCustomerReviews',
  'availability',
  'feature-bullets',
  'detailBullets_feature_div',
  'productDetails_feature_div',
  'prodDetails',
  'ebooksProductTitle',
  'btAsinTitle',
  'aiv-content-title',
  'tmmSwatches',
];
