import { SANDBOX, type SandboxAsin, type Verdict } from '@asa/contract';

/** What the origin can do in place of serving the product page that was asked for. */
export type Behaviour =
  | 'product'
  | 'slow'
  | 'flaky'
  | 'not_found'
  | 'soft_not_found'
  | 'silence'
  | 'reset'
  | 'captcha'
  | 'continue_shopping'
  | 'waf'
  | 'akamai'
  | 'service_unavailable'
  | 'sign_in'
  | 'nothing_to_read'
  | 'other_product'
  | 'shelf'
  | 'home'
  | 'offers'
  | 'truncated'
  | 'short_body'
  | 'bomb'
  | 'endless'
  | 'drip'
  | 'undecodable'
  | 'not_html'
  | 'empty'
  | 'latin1'
  | 'redirect_once'
  | 'redirect_loop'
  | 'redirect_away'
  | 'product_under_503'
  | 'refused_403'
  | 'refused_429'
  | 'refused_500';

/** Outcomes of the sandbox table that a page causes, and what the origin does for them. */
type PageOutcome = Extract<(typeof SANDBOX)[SandboxAsin], { by: 'page' }>['outcome'];
const BEHAVIOUR_OF: Record<PageOutcome, Behaviour> = {
  product_not_found: 'not_found',
  upstream_timeout: 'silence',
  blocked_by_amazon: 'captcha',
  target_unreachable: 'reset',
  extraction_failed: 'nothing_to_read',
  asin_mismatch: 'other_product',
  generic_gallery_page: 'shelf',
  slow: 'slow',
  flaky: 'flaky',
};

interface TestAsin {
  readonly behaviour: Behaviour;
  readonly does: string;
  /** What a correct client makes of it, whether the page or the transport tells. */
  readonly verdict: Verdict;
}

const row = (behaviour: Behaviour, verdict: Verdict, does: string): TestAsin => ({ behaviour, verdict, does });

/**
 * More ASINs with a behaviour of their own, for tests of whatever talks to the origin. They are no part of the sandbox
 * that customers know, but work there too.
 */
export const TEST_ASINS = {
  ORIGINCONT: row('continue_shopping', 'continue_shopping', 'one button to continue shopping, status 200'),
  ORIGINWAFX: row('waf', 'waf', 'a script challenge, status 202'),
  ORIGINAKAM: row('akamai', 'waf', 'a script challenge of another maker, status 200'),
  ORIGIN503X: row('service_unavailable', 'service_unavailable', "the marketplace's error page, status 503"),
  ORIGINSIGN: row('sign_in', 'sign_in', 'a sign-in page, status 200'),
  ORIGIN404S: row('soft_not_found', 'not_found', 'the not-found page, status 200'),
  ORIGINHOME: row('home', 'home', 'the home page'),
  ORIGINOFFR: row('offers', 'offers', 'a fragment that lists offers'),
  ORIGINCUTX: row('truncated', 'truncated', 'a complete answer whose page stops inside the buy box'),
  ORIGINSHRT: row('short_body', 'connection', 'a body shorter than its content-length'),
  ORIGINBOMB: row('bomb', 'too_large', 'a few hundred kilobytes of gzip that decode to 256 MiB'),
  ORIGINENDL: row('endless', 'too_large', 'a body that does not end'),
  ORIGINDRIP: row('drip', 'timeout', 'a body that comes one byte at a time'),
  ORIGINBADZ: row('undecodable', 'undecodable', 'a body that is not in the encoding it declares'),
  ORIGINJSON: row('not_html', 'not_html', 'a JSON body'),
  ORIGINEMPT: row('empty', 'empty', 'an empty body, status 200'),
  ORIGINLAT1: row('latin1', 'product', 'a product page in ISO-8859-1'),
  ORIGINHOPS: row('redirect_once', 'product', 'a redirect to the same product below a slug'),
  ORIGINLOOP: row('redirect_loop', 'redirect_loop', 'a redirect to itself'),
  ORIGINAWAY: row('redirect_away', 'foreign_redirect', 'a redirect to another host'),
  ORIGIN503P: row('product_under_503', 'product', 'a product page under status 503'),
  ORIGIN403X: row('refused_403', 'refused', 'a bare refusal, status 403'),
  ORIGIN429X: row('refused_429', 'refused', 'a bare refusal, status 429'),
  ORIGIN500X: row('refused_500', 'refused', 'a bare server error, status 500'),
} as const satisfies Readonly<Record<string, TestAsin>>;

const behaviours = new Map<string, Behaviour>([
  ...Object.entries(SANDBOX).map(([asin, { by, outcome }]): [string, Behaviour] => [
    asin,
    by === 'page' ? BEHAVIOUR_OF[outcome] : 'product',
  ]),
  ...Object.entries(TEST_ASINS).map(([asin, { behaviour }]): [string, Behaviour] => [asin, behaviour]),
]);

/** What the origin does for an ASIN; an ordinary product when no table names it. */
export const behaviourOf = (asin: string): Behaviour => behaviours.get(asin) ?? 'product';
