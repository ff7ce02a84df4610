import type { Domain, Language } from '@asa/contract';
import { captchaPage, akamaiPage, continueShoppingPage, wafPage } from '../block/challenge.ts';
import { notFoundPage, serviceUnavailablePage } from '../block/dog.ts';
import { helpPage, refusalPage } from '../block/other.ts';
import { signInPage } from '../block/sign-in.ts';
import type { Route } from '../http/route.ts';
import type { Behaviour } from '../outcomes.ts';
import { describeProduct } from '../product/describe.ts';
import { factsOf } from '../product/facts.ts';
import { firstChildOf } from '../product/identity.ts';
import { renderProduct } from '../product/render.ts';
import { ALPHANUMERIC, randomOf } from '../random.ts';
import { homePage, offersFragment, shelfPage } from '../shelf.ts';

/** A page and the status it comes with. */
export interface Page {
  readonly status: number;
  readonly html: string;
}

type ProductRoute = Extract<Route, { kind: 'product' }>;

const page = (html: string, status = 200): Page => ({ status, html });

/** The product page of an ASIN; a parent is answered by its first child, as on the marketplace. */
export function productPage(domain: Domain, language: Language, asin: string): Page {
  const child = firstChildOf(asin);
  const shown = child !== null && factsOf(domain, child).family !== null ? child : asin;
  return page(renderProduct(describeProduct(domain, language, shown)));
}

/** Some other product that has nothing to do with the one asked for. */
const otherAsin = (domain: Domain, asin: string): string =>
  `B0${randomOf('other', domain, asin).text(ALPHANUMERIC, 8)}`;

/** Behaviours that are an ordinary answer with a page of its own. The rest is in `tricks.ts`. */
export const PAGES: Partial<Record<Behaviour, (route: ProductRoute) => Page>> = {
  product_under_503: ({ domain, language, asin }) => ({ ...productPage(domain, language, asin), status: 503 }),
  other_product: ({ domain, language, asin }) => productPage(domain, language, otherAsin(domain, asin)),
  truncated: ({ domain, language, asin }) => {
    const whole = productPage(domain, language, asin).html;
    // Inside the buy box: neither the title nor a complete offer has come yet.
    return page(whole.slice(0, whole.indexOf('id="buybox"') + 400));
  },
  shelf: ({ domain, language, asin }) => page(shelfPage(domain, language, asin)),
  home: ({ domain, language }) => page(homePage(domain, language)),
  offers: ({ domain, language, asin }) => page(offersFragment(domain, language, asin)),
  nothing_to_read: (route) => page(helpPage(route)),
  not_found: (route) => page(notFoundPage(route), 404),
  soft_not_found: (route) => page(notFoundPage(route)),
  captcha: (route) => page(captchaPage(route)),
  continue_shopping: (route) => page(continueShoppingPage(route)),
  waf: () => page(wafPage(), 202),
  akamai: (route) => page(akamaiPage(route)),
  service_unavailable: (route) => page(serviceUnavailablePage(route), 503),
  sign_in: (route) => page(signInPage(route)),
  refused_403: () => page(refusalPage(403, 'Forbidden'), 403),
  refused_429: () => page(refusalPage(429, 'Too Many Requests'), 429),
  refused_500: () => page(refusalPage(500, 'Internal Server Error'), 500),
  empty: () => page(''),
};
