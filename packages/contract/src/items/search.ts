import { z } from 'zod';
import { Money, UnitPrice, Url } from './parts.ts';

const text = z.string();

/** One product of a result list (contract section 3). Every key is always there. */
export const SearchCard = z.object({
  asin: text,
  title: text,
  url: Url.nullable().describe('Product URL without tracking.'),
  image: Url.nullable(),
  price: Money.nullable(),
  price_string: text.nullable().describe('As shown.'),
  price_strikethrough: Money.nullable(),
  highest_price: Money.nullable().describe('Upper end when the card shows a range.'),
  currency: text.nullable().describe('ISO 4217 currency of the prices as displayed.'),
  unit_price: UnitPrice.nullable(),
  rating: z.number().min(0).max(5).nullable(),
  reviews_count: z.int().nonnegative().nullable(),
  sales_volume: text.nullable().describe('As shown.'),
  is_prime: z.boolean(),
  is_amazons_choice: z.boolean(),
  best_seller: z.boolean(),
  is_sponsored: z.boolean(),
  organic_position: z
    .int()
    .positive()
    .nullable()
    .describe('From 1 over all pages of the request; null for a sponsored card.'),
  sponsored_position: z
    .int()
    .positive()
    .nullable()
    .describe('From 1 over all pages of the request; null for an organic card.'),
  page: z.int().positive().describe('Result page the card is on.'),
  coupon: text.nullable(),
  delivery: text.nullable().describe('As shown.'),
  brand: text.nullable(),
  variations_count: z.int().nonnegative().nullable(),
  badges: z.array(text),
});
export type SearchCard = z.infer<typeof SearchCard>;

/** What one result page shows. The answer of a request joins one or more of these. */
export const SearchPage = z.object({
  language: text.nullable().describe('Language as the page declares it, `xx_YY`.'),
  total_results: z.int().nonnegative().nullable(),
  total_results_string: text.nullable().describe('As shown, without the query.'),
  no_results: z.boolean(),
  corrected_query: text.nullable().describe('The query the marketplace searched instead.'),
  products: z.array(SearchCard),
  related_searches: z.array(text),
});
export type SearchPage = z.infer<typeof SearchPage>;
/** A card before the request's positions are known. */
export type PageCard = Omit<SearchCard, 'organic_position' | 'sponsored_position' | 'page'>;
/** One read result page: its cards have no positions yet. */
export type ReadSearchPage = Omit<SearchPage, 'products'> & { readonly products: PageCard[] };
