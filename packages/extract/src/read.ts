import { verdictClass, type PageVerdict, type ProductItem, type ReadSearchPage, type Target } from '@asa/contract';
import { fingerprint } from './fingerprint.ts';
import { judge } from './judge/index.ts';
import { createPage, type Page } from './page/index.ts';
import { isEmpty } from './product/field.ts';
import { extractProduct, type FieldReport } from './product/index.ts';
import { extractSearch } from './search/index.ts';

/** One answer of the marketplace, its content encoding undone. */
export interface PageInput {
  readonly body: Uint8Array;
  readonly contentType: string | null;
  readonly status: number;
  /** Response headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Final URL of the page. */
  readonly url: string;
  readonly target: Target;
}

/** Fields that a product answer cannot do without. */
const REQUIRED = new Set(['asin', 'title', 'price']);

/** What a page gave. `bugs` are the stacks of fields whose extractor threw, for the log. */
export type Reading =
  | {
      readonly verdict: 'product';
      readonly product: ProductItem;
      readonly fields: FieldReport;
      readonly bugs: readonly string[];
    }
  | { readonly verdict: 'list' | 'no_results'; readonly list: ReadSearchPage; readonly fields: FieldReport }
  | { readonly verdict: 'other_product'; readonly pageAsin: string | null; readonly fields: null }
  | {
      readonly verdict: Exclude<PageVerdict, 'product' | 'list' | 'no_results' | 'other_product'>;
      /** Names the layout that could not be read; null for verdicts that are no failure of the extractor. */
      readonly fingerprint: string | null;
      readonly fields: FieldReport | null;
      /** As of a product: a bug in a field that no answer can do without. */
      readonly bugs: readonly string[];
    };

type Unread = Extract<Reading, { fingerprint: string | null }>;

function unread(
  page: Page,
  verdict: Unread['verdict'],
  fields: FieldReport | null,
  bugs: readonly string[] = [],
): Reading {
  const failed = verdictClass(verdict) === 'unreadable';
  const lacking = (fields?.missing ?? []).filter((field) => REQUIRED.has(field)).concat(fields?.failed ?? []);
  return { verdict, fingerprint: failed ? fingerprint(page, verdict, lacking) : null, fields, bugs };
}

/**
 * Nothing on the page is about an offer: neither a price, nor words or a box that say why there is none. Such a page has
 * not been read, whatever reason the fields fall back on; a layout that is not known looks just like it.
 */
const saysNothingOfOffers = (item: ProductItem): boolean =>
  item.price === null &&
  item.page_state === 'no_buybox' &&
  item.stock === null &&
  item.offers === null &&
  item.buybox.length === 0 &&
  !item.formats.some((format) => format.price !== null);

/** A page judged a product without a title, or with neither a price nor a reason for none, is not read. */
function readProduct(page: Page): Reading {
  const { item, fields, bugs } = extractProduct(page);
  const stacks = bugs.map(({ field, error }) => `${field}: ${error instanceof Error ? error.stack : String(error)}`);
  if (item === null || saysNothingOfOffers(item)) {
    return unread(page, 'unknown', fields, stacks);
  }
  return { verdict: 'product', product: item, fields, bugs: stacks };
}

function readList(page: Page): Reading {
  const list = extractSearch(page);
  if (list === null) return unread(page, 'unknown', null);
  const keys = Object.keys(list) as (keyof ReadSearchPage)[];
  const missing = keys.filter((key) => isEmpty(list[key]));
  const fields = { found: keys.filter((key) => !missing.includes(key)), missing, failed: [] };
  return { verdict: list.no_results ? 'no_results' : 'list', list, fields };
}

/** See `readPage`, for a page that has been made. */
export function readMade(page: Page, input: PageInput, judged: () => void = () => undefined): Reading {
  const { verdict, pageAsin } = judge(page, input);
  judged();
  switch (verdict) {
    case 'product':
      return readProduct(page);
    case 'list':
    case 'no_results':
      return readList(page);
    case 'other_product':
      return { verdict, pageAsin, fields: null };
    default:
      return unread(page, verdict, null);
  }
}

/**
 * Judges a page and reads what it shows. Pure; never throws because of a page. `judged` is called between the two, so
 * that a caller with a clock can time them.
 */
export const readPage = (input: PageInput, judged?: () => void): Reading => readMade(createPage(input), input, judged);
