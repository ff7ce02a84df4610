import { DOMAINS, isDomain, type Domain } from '../marketplaces.ts';
import { Problem, quote } from './params.ts';

/** What the `query` of a product request names. `domain` is null when it was a bare ASIN. */
export interface ProductQuery {
  readonly asin: string;
  readonly domain: Domain | null;
}

const ASIN = /^[A-Za-z0-9]{10}$/;
const AMAZON_URL =
  /^(?:https?:\/\/)?(?:(?:www|smile|m)\.)?amazon\.([a-z]{2,3}(?:\.[a-z]{2})?)(?::\d{1,5})?(\/[^?#]*)?(?:[?#].*)?$/is;
const PRODUCT_PATH = /\/(?:dp|gp\/product|gp\/aw\/d|d)\/([A-Za-z0-9]{10})(?:\/|$)/i;

/**
 * Reads an ASIN (10 letters and digits, upper-cased) or an Amazon product URL. The URL is only read as text, it is
 * never fetched. Source: contract section 1.
 */
export function readProductQuery(text: string): ProductQuery | Problem {
  const trimmed = text.trim();
  if (ASIN.test(trimmed)) return { asin: trimmed.toUpperCase(), domain: null };
  const url = AMAZON_URL.exec(trimmed);
  if (url === null) {
    return new Problem(
      `query ${quote(text)} is neither a 10-character ASIN ([A-Za-z0-9]{10}) nor an Amazon product URL with /dp/, /gp/product/, /gp/aw/d/ or /d/`,
    );
  }
  const domain = (url[1] ?? '').toLowerCase();
  if (!isDomain(domain))
    return new Problem(`query ${quote(text)} is a URL of amazon.${domain}, which is not one of ${DOMAINS.join(', ')}`);
  const asin = PRODUCT_PATH.exec(url[2] ?? '')?.[1];
  if (asin === undefined)
    return new Problem(
      `query ${quote(text)} is an Amazon URL without an ASIN after /dp/, /gp/product/, /gp/aw/d/ or /d/`,
    );
  return { asin: asin.toUpperCase(), domain };
}
