/**
 * What one attempt at a page brought, and what that means for the request.
 * `extract` decides the page verdicts from the page itself; `egress` decides the transport verdicts, and those of attempts
 * that we ended ourselves (`us`); the ladder reads only the class. One row per verdict, so that no code lists verdicts a second time.
 */

/**
 * What a class of verdicts means for the ladder:
 * - `usable`: the answer; stop.
 * - `final`: the marketplace has said what there is to say; another attempt would hear the same.
 * - `blocked`: a challenge, a sign-in page or an Amazon 503; retire the session, try again.
 * - `unreachable`: no usable page arrived; try again.
 * - `timeout`: the attempt ran out of its own time; try again.
 * - `unreadable`: a page arrived that is no block page and shows no product / no result list; one more try with a fresh session.
 * - `cut`: we ended the attempt, which therefore says nothing about the marketplace, the session or the tier; stop.
 */
export type VerdictClass = 'usable' | 'final' | 'blocked' | 'unreachable' | 'timeout' | 'unreadable' | 'cut';

/** The error that answers the request when this verdict is the last word. `null` for usable pages. */
type LastWord =
  | 'product_not_found'
  | 'asin_mismatch'
  | 'generic_gallery_page'
  | 'blocked_by_amazon'
  | 'target_unreachable'
  | 'upstream_timeout'
  | 'extraction_failed'
  | null;

interface VerdictRow {
  readonly from: 'page' | 'transport' | 'us';
  readonly class: VerdictClass;
  readonly lastWord: LastWord;
  readonly means: string;
}

export const VERDICTS = {
  product: { from: 'page', class: 'usable', lastWord: null, means: 'the product page that was asked for' },
  list: { from: 'page', class: 'usable', lastWord: null, means: 'a search result list with cards' },
  no_results: { from: 'page', class: 'usable', lastWord: null, means: 'a search page that says it found nothing' },

  not_found: {
    from: 'page',
    class: 'final',
    lastWord: 'product_not_found',
    means: "the marketplace's not-found page, or status 404 without a product",
  },
  other_product: { from: 'page', class: 'final', lastWord: 'asin_mismatch', means: "another product's page" },
  shelf: {
    from: 'page',
    class: 'final',
    lastWord: 'generic_gallery_page',
    means: 'a shelf or list of other products in place of a product',
  },

  captcha: {
    from: 'page',
    class: 'blocked',
    lastWord: 'blocked_by_amazon',
    means: 'a page that asks for characters from a picture',
  },
  continue_shopping: {
    from: 'page',
    class: 'blocked',
    lastWord: 'blocked_by_amazon',
    means: 'an interstitial with one button to continue shopping',
  },
  waf: {
    from: 'page',
    class: 'blocked',
    lastWord: 'blocked_by_amazon',
    means: 'a script challenge of a web application firewall',
  },
  sign_in: {
    from: 'page',
    class: 'blocked',
    lastWord: 'blocked_by_amazon',
    means: 'a sign-in page in place of the page asked for',
  },
  service_unavailable: {
    from: 'page',
    class: 'blocked',
    lastWord: 'blocked_by_amazon',
    means: "the marketplace's own error page (503)",
  },

  offers: {
    from: 'page',
    class: 'unreadable',
    lastWord: 'extraction_failed',
    means: 'a fragment that lists the offers of a product',
  },
  home: { from: 'page', class: 'unreadable', lastWord: 'extraction_failed', means: "the marketplace's home page" },
  unknown: {
    from: 'page',
    class: 'unreadable',
    lastWord: 'extraction_failed',
    means: 'a page that is none of the known kinds',
  },

  truncated: { from: 'page', class: 'unreachable', lastWord: 'target_unreachable', means: 'a page cut short' },
  empty: { from: 'page', class: 'unreachable', lastWord: 'target_unreachable', means: 'an empty body' },
  not_html: { from: 'page', class: 'unreachable', lastWord: 'target_unreachable', means: 'a body that is not HTML' },
  refused: {
    from: 'page',
    class: 'unreachable',
    lastWord: 'target_unreachable',
    means: 'a refusal or server error (403, 429, 5xx) without a recognised challenge',
  },

  timeout: {
    from: 'transport',
    class: 'timeout',
    lastWord: 'upstream_timeout',
    means: 'no complete answer within the time of one attempt',
  },
  connection: {
    from: 'transport',
    class: 'unreachable',
    lastWord: 'target_unreachable',
    means: 'the connection failed or was reset',
  },
  tls: { from: 'transport', class: 'unreachable', lastWord: 'target_unreachable', means: 'the TLS handshake failed' },
  proxy: {
    from: 'transport',
    class: 'unreachable',
    lastWord: 'target_unreachable',
    means: 'the proxy refused or failed',
  },
  redirect_loop: {
    from: 'transport',
    class: 'unreachable',
    lastWord: 'target_unreachable',
    means: 'too many redirects',
  },
  foreign_redirect: {
    from: 'transport',
    class: 'unreachable',
    lastWord: 'target_unreachable',
    means: 'a redirect to another host',
  },
  too_large: {
    from: 'transport',
    class: 'unreachable',
    lastWord: 'target_unreachable',
    means: 'a page over the size limit, on the wire or decoded',
  },
  undecodable: {
    from: 'transport',
    class: 'unreachable',
    lastWord: 'target_unreachable',
    means: 'a body whose content encoding does not decode',
  },

  unread: {
    from: 'us',
    class: 'cut',
    lastWord: 'upstream_timeout',
    means: 'a page that arrived, but was not read before the time of the request was up',
  },
  outrun: {
    from: 'us',
    class: 'cut',
    lastWord: 'upstream_timeout',
    means: 'an attempt given up because the one that raced it was quicker',
  },
  caller_gone: {
    from: 'us',
    class: 'cut',
    lastWord: 'upstream_timeout',
    means: 'an attempt given up because nobody waited for it any more',
  },
} as const satisfies Record<string, VerdictRow>;

export type Verdict = keyof typeof VERDICTS;
export type PageVerdict = { [K in Verdict]: (typeof VERDICTS)[K]['from'] extends 'page' ? K : never }[Verdict];
export type TransportVerdict = {
  [K in Verdict]: (typeof VERDICTS)[K]['from'] extends 'transport' ? K : never;
}[Verdict];
/** Verdicts on attempts that we ended ourselves. */
export type OwnVerdict = Exclude<Verdict, PageVerdict | TransportVerdict>;

export const verdictClass = (verdict: Verdict): VerdictClass => VERDICTS[verdict].class;
