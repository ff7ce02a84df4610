import type { ErrorCode } from '@asa/contract';

/** What a person would tell you beside the facts of the table. */
interface Advice {
  /** A message as the service writes it. */
  readonly sample: string;
  readonly advice: string;
  /** How to see it, where no ASIN of the sandbox does it. */
  readonly provoke?: string;
}

const get = (path: string, key = '$ASA_API_KEY'): string =>
  `\n\n\`\`\`bash\ncurl -s -H "Authorization: Bearer ${key}" "http://localhost:8080${path}"\n\`\`\``;

/** One entry for each code: a code without advice does not compile. */
export const ADVICE: Readonly<Record<ErrorCode, Advice>> = {
  invalid_params: {
    sample:
      'query "B0" is neither a 10-character ASIN ([A-Za-z0-9]{10}) nor an Amazon product URL with /dp/, /gp/product/, /gp/aw/d/ or /d/; domain "uk" is not one of com, co.uk, de, fr, it, es, nl, pl, se, ca, com.mx, com.br, com.au, co.jp, sg, in, com.tr, ae, sa, eg.',
    advice:
      'All problems are in one message, so one correction is enough. Check your values before you send them: an ASIN is ten letters and digits, a `domain` is what follows `amazon.` in the address.',
    provoke: `Send two wrong values at once:${get('/api/v1/amazon/product?query=B0&domain=uk')}`,
  },
  unauthorized: {
    sample: 'No API key was sent. Send it as "Authorization: Bearer <key>", "X-API-Key: <key>" or "?api_key=<key>".',
    advice:
      'Look for a stray line break or quote around the key, and for a key in the address beside another one in a header. No trace is kept for these.',
    provoke: 'Send no key:\n\n```bash\ncurl -s "http://localhost:8080/api/v1/account"\n```',
  },
  revoked: {
    sample: 'This API key was revoked. Use another key of the workspace.',
    advice: 'When a key is replaced, roll the new one out first and revoke the old one after.',
    provoke: 'Make a key, revoke it and use it; [Admin](/api/admin) has the three calls.',
  },
  insufficient_credits: {
    sample: 'This request costs 5 credits, but the workspace has 3 left.',
    advice:
      'Nothing was fetched. It is not retried by clients, because time alone does not help before the next reset; [your account](/api/account) says when that is.',
  },
  forbidden_region: {
    sample: 'country DE was asked for, but the plan free has no exit country of choice.',
    advice:
      'Most requests need no `country`: `domain` chooses the marketplace. It only decides from where the page is fetched.',
  },
  not_found: {
    sample: 'There is no path /api/v1/amazon/produkt.',
    advice:
      'When the path exists for another method, `Allow` names the right one. An id of another workspace looks just like one that does not exist.',
    provoke: `Misspell the path:${get('/api/v1/amazon/produkt')}`,
  },
  product_not_found: {
    sample: 'amazon.com has no page for product SANDBOX404.',
    advice: 'An ASIN can exist on one marketplace and not on another: try the right `domain` before you drop it.',
  },
  upstream_timeout: {
    sample: 'The marketplace took too long to serve product SANDBOX408 on amazon.com (after 1 attempt).',
    advice:
      'Give your own HTTP client at least 60 seconds, or you hang up before the answer and learn nothing; hanging up costs nothing either.',
  },
  blocked_by_amazon: {
    sample:
      'The marketplace did not serve product SANDBOX422 on amazon.com after 3 attempts: a page that asks for characters from a picture.',
    advice:
      'Several sessions and, where there are proxies, several exits were tried already. The trace names each attempt and what it brought.',
  },
  rate_limited: {
    sample: 'The key asa_live_Ab3dEfGh1jK2 is over its request rate: 2 requests a second, in bursts 10. Wait 1 s.',
    advice:
      'A queue of your own in front of the service beats retries: `Asa-Rps`, `Asa-Concurrency` and `RateLimit` tell on every answer how much room is left.',
  },
  internal_error: {
    sample: 'Something failed on our side. It was logged under this request id.',
    advice: 'If you run the service yourself, search the log for the id: the stack is there.',
  },
  not_implemented: {
    sample: 'render_js is reserved and not implemented yet; leave it out.',
    advice: 'It is an error and not silence, so that nobody takes a plain page for a rendered one.',
    provoke: `Send a reserved parameter:${get('/api/v1/amazon/product?query=B0ASA00001&render_js=true')}`,
  },
  target_unreachable: {
    sample:
      'No usable page arrived for product SANDBOX502 on amazon.com after 3 attempts: the connection failed or was reset.',
    advice:
      'If it stays on your own installation, run `npm run doctor -- --egress`: it tries each tier once and says which one fails.',
  },
  extraction_failed: {
    sample:
      'A page arrived for product SANDBOXEXT on amazon.com, but no product could be read from it (after 2 attempts); a ticket with the page was filed.',
    advice:
      'A page is never turned into half a product. Whoever runs the service finds the page under [tickets](/api/admin#tickets).',
  },
  asin_mismatch: {
    sample: 'Asked for product SANDBOXMIS on amazon.com, but the page is of product B0PYANSAQZ.',
    advice:
      'It happens with replaced editions and merged listings. A parent ASIN that is answered by one of its children is no mismatch: there `asin` and `parent_asin` tell the two.',
  },
  generic_gallery_page: {
    sample:
      'Asked for product SANDBOXGAL on amazon.com, but a shelf of other products was served; the product is probably delisted.',
    advice: 'There is nothing to wait for.',
  },
  capacity: {
    sample: 'The request was not taken: 2000 requests are in flight, the ceiling is 2000.',
    advice: 'Nothing was fetched or held. It is about the whole service, not about your key.',
  },
};
