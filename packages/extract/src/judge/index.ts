import type { PageVerdict, Target } from '@asa/contract';
import type { Page } from '../page/index.ts';
import { shownAsin } from '../product/catalogue/identity.ts';
import { hasCards, isList } from '../search/list.ts';
import { foundNothing } from '../search/none.ts';
import { findSign, type Headers } from './find-sign.ts';
import { isAsked, isForeignShelf, isTwoPages, showsProduct } from './kind.ts';
import { isEmptyPage, isNotHtml } from './not-html.ts';
import { FOREIGN_SIGNS, OTHER_KINDS, SIGNS } from './signs.ts';

export { PRODUCT_REGIONS } from './signs.ts';

/** What came with the page. */
export interface Response {
  readonly status: number;
  readonly headers: Headers;
  readonly contentType: string | null;
  readonly target: Target;
}

export interface Judgement {
  readonly verdict: PageVerdict;
  /** ASIN of a product page, when it names one. */
  readonly pageAsin: string | null;
}

/** Every proxy's own error page says "Service Unavailable": where headers name a proxy, these words prove nothing. */
const MARKETPLACE_SIGNS = SIGNS.filter((sign) => sign.verdict !== 'service_unavailable' || !('words' in sign));

const only = (verdict: PageVerdict): Judgement => ({ verdict, pageAsin: null });

/** A body in which two pages have run into one another is as little of an answer as one cut short. */
function judgeProduct(page: Page, target: Target): Judgement {
  if (!page.isWhole || isTwoPages(page)) return only('truncated');
  if (target.kind !== 'product') return only('unknown');
  const pageAsin = shownAsin(page);
  return { verdict: isAsked(page, target.asin) ? 'product' : 'other_product', pageAsin };
}

/** A list in place of a product is a shelf; a list without cards is one only if it says that there are none. */
function judgeList(page: Page, target: Target): Judgement | null {
  if (!page.isWhole) return only('truncated');
  if (target.kind === 'product') return only('shelf');
  if (foundNothing(page)) return only('no_results');
  if (hasCards(page)) return only('list');
  // Pages past the last are served as an empty list.
  return target.page > 1 ? only('list') : null;
}

/**
 * What the page shows by itself, whatever its status. Null when it shows nothing that is known. A product or a list cut
 * short is none, even if what is missing seems to be nothing that is asked for: half an answer cannot be told from one.
 */
function judgeContent(page: Page, { headers, target }: Response): Judgement | null {
  if (target.kind === 'search' && hasCards(page)) return judgeList(page, target);
  if (showsProduct(page)) return judgeProduct(page, target);
  if (isList(page)) {
    const list = judgeList(page, target);
    if (list !== null) return list;
  }
  const isForeign = findSign(FOREIGN_SIGNS, page, headers) !== null;
  const sign = findSign(isForeign ? MARKETPLACE_SIGNS : SIGNS, page, headers);
  return sign === null ? null : only(sign.verdict);
}

/** What the status says of a page that says nothing itself. */
function judgeStatus(page: Page, { status, headers }: Response): PageVerdict | null {
  if (status === 404 || status === 410) return 'not_found';
  // The firewall answers 202 with a script and nothing else; a shop's page never has this status.
  if (status === 202) return 'waf';
  if (status === 503) return findSign(FOREIGN_SIGNS, page, headers) === null ? 'service_unavailable' : 'refused';
  return status === 403 || status === 429 || status === 407 || status >= 500 ? 'refused' : null;
}

function judgeOther(page: Page, { headers, target }: Response): PageVerdict {
  const sign = findSign(OTHER_KINDS, page, headers);
  const kind = sign?.verdict ?? null;
  if (kind !== null && (kind !== 'shelf' || target.kind === 'product')) return kind;
  if (!page.isWhole) return 'truncated';
  return target.kind === 'product' && isForeignShelf(page, target.asin) ? 'shelf' : 'unknown';
}

/**
 * What a page is. The page decides: a product under status 503 is a product, a challenge under 200 is a challenge. Only
 * a page without any sign of its own is judged by its status. A word in a product or a list never makes a block page:
 * what a page shows is asked first, and signs are looked for in the places that only those pages have.
 */
export function judge(page: Page, response: Response): Judgement {
  const empty = isEmptyPage(page);
  const html = !empty && !isNotHtml(page, response.contentType);
  const content = html ? judgeContent(page, response) : null;
  if (content !== null) return content;
  const byHeader = findSign(
    SIGNS.filter((sign) => sign.in === 'header'),
    page,
    response.headers,
  );
  if (byHeader !== null) return only(byHeader.verdict);
  const byStatus = judgeStatus(page, response);
  if (byStatus !== null) return only(byStatus);
  if (empty) return only('empty');
  return only(html ? judgeOther(page, response) : 'not_html');
}
