import { PRODUCT_FIELDS, type ProductField, type ProductItem } from '@asa/contract';
import type { Page } from '../page/index.ts';
import { catalogueFields } from './catalogue/index.ts';
import { isEmpty } from './field.ts';
import { offerFields } from './offer/index.ts';
import type { FieldReport, PageObject } from './page-object.ts';

export type { FieldReport, PageObject } from './page-object.ts';

/** The product page: one function a field. */
export const productPage: PageObject<ProductItem> = { ...catalogueFields, ...offerFields };

/** What a field is when its extractor has a bug: what it is on a page that does not show it. */
const EMPTY: ProductItem = {
  asin: '',
  parent_asin: null,
  title: '',
  brand: null,
  manufacturer: null,
  price: null,
  price_buybox: null,
  price_strikethrough: null,
  currency: null,
  stock: null,
  is_prime: false,
  rating: null,
  reviews_count: null,
  images: [],
  bullet_points: null,
  description: null,
  product_details: {},
  product_dimensions: null,
  answered_questions_count: null,
  has_videos: false,
  category: [{ ladder: [], rank: null }],
  buybox: [],
  featured_merchant: null,
  reviews: [],
  variations: [],
  url: null,
  domain: '',
  language: null,
  price_string: null,
  price_strikethrough_label: null,
  price_min: null,
  price_max: null,
  price_shipping: null,
  price_subscribe: null,
  unit_price: null,
  savings: null,
  coupon: null,
  deal: null,
  availability: 'unknown',
  stock_left: null,
  max_quantity: null,
  page_state: 'no_buybox',
  no_price_reason: null,
  delivery: [],
  delivered_to: null,
  offers: null,
  rating_histogram: {},
  review_summary: null,
  sales_volume: null,
  sales_rank: [],
  brand_url: null,
  is_amazons_choice: false,
  is_best_seller: false,
  badges: [],
  model_number: null,
  gtins: [],
  item_weight: null,
  date_first_available: null,
  product_overview: {},
  technical_details: {},
  aplus: null,
  videos: [],
  authors: [],
  formats: [],
  variation_dimensions: [],
  frequently_bought_together: [],
  kind: 'other',
};

/** Without these a page is not answered at all: a bug in one of them makes it unreadable. */
const VITAL: ReadonlySet<ProductField> = new Set(['asin', 'title', 'price', 'currency']);

/** An exception inside one field. */
export interface FieldBug {
  readonly field: ProductField;
  readonly error: unknown;
}

/** What a page gave: a product, or none (`item` null), and how each field fared. */
export interface ProductExtraction {
  readonly item: ProductItem | null;
  readonly fields: FieldReport;
  /** The exceptions behind `fields.failed`, for the log. */
  readonly bugs: readonly FieldBug[];
}

/** The value of one field, or its empty value when the extractor threw, which `bug` then hears. */
function readField<Item>(
  page: Page,
  fields: PageObject<Item>,
  item: Item,
  key: keyof Item,
  bug: (error: unknown) => void,
): void {
  try {
    item[key] = fields[key](page);
  } catch (error) {
    bug(error);
  }
}

/** A title and an ASIN, and either a price (or a range of prices) or a stated reason for none. */
const isProduct = (item: ProductItem): boolean =>
  item.title !== '' && item.asin !== '' && (item.price !== null || item.no_price_reason !== null);

/**
 * Reads every field of a product page. `item` is null when the page shows no product (no title, no ASIN, or neither a
 * price nor a reason for none) or when the extractor of a vital field (asin, title, price, currency) has a bug.
 * A bug in another field makes that field empty and names it in `fields.failed`. Never throws because of a page.
 * `fieldsOf` is the page object to read with.
 */
export function extractProduct(page: Page, fieldsOf: PageObject<ProductItem> = productPage): ProductExtraction {
  const item = { ...EMPTY };
  const bugs: FieldBug[] = [];
  for (const key of PRODUCT_FIELDS) readField(page, fieldsOf, item, key, (error) => bugs.push({ field: key, error }));
  const failed = bugs.map(({ field }) => field);
  const read = PRODUCT_FIELDS.filter((key) => !failed.includes(key));
  const missing = read.filter((key) => isEmpty(item[key]));
  const fields = { found: read.filter((key) => !missing.includes(key)), missing, failed };
  const usable = isProduct(item) && !failed.some((key) => VITAL.has(key));
  return { item: usable ? item : null, fields, bugs };
}
