import { z } from 'zod';

/** Parts that items share. Every key of every object is always there; what the page does not show is null. */

const text = z.string();
/** Money: a JSON number in major units of the item's `currency`, exact to the currency's exponent. */
export const Money = z.number().nonnegative();
export const Url = z.string();

export const UnitPrice = z.object({
  price: Money.describe('Price of one unit, in `currency`.'),
  unit: text.nullable().describe('The unit as shown, for example "100 g" or "count".'),
});
export const Savings = z.object({
  amount: Money.nullable().describe('Amount saved, in `currency`, as shown.'),
  percent: z.number().nullable().describe('Percent saved as shown, 0-100, positive.'),
});
export const Deal = z.object({
  type: z.enum(['lightning', 'limited_time', 'prime_exclusive', 'event', 'other']).describe('Kind of the deal.'),
  text: text.describe('The badge as shown.'),
  ends_at: text.nullable().describe('ISO time of its end, when the page tells.'),
});
export const Delivery = z.object({
  type: z.enum(['standard', 'fastest', 'pickup']),
  text: text.describe('The promise as shown.'),
  price: Money.nullable().describe('Delivery price in `currency`; 0 when shown as free; null when not shown.'),
});
export const Offers = z.object({
  count: z.int().nonnegative().nullable().describe('Number of offers as shown.'),
  new_from: Money.nullable().describe('Lowest new price shown beside the featured offer.'),
  used_from: Money.nullable().describe('Lowest used price shown beside the featured offer.'),
});
export const RankRow = z.object({ rank: z.int().positive(), category: text, url: Url.nullable() });
export const CategoryStep = z.object({ name: text, url: Url.nullable() });
export const Category = z.object({
  ladder: z.array(CategoryStep).describe('From the widest to the narrowest category.'),
  rank: z.int().positive().nullable().describe('Best-seller rank; null for the breadcrumb.'),
});
export const BuyBoxOffer = z.object({
  price: Money.nullable(),
  seller_name: text.nullable(),
  seller_id: text.nullable(),
  ships_from: text.nullable(),
  is_amazon_fulfilled: z.boolean().nullable(),
  condition: text.nullable().describe('As shown for a used offer; "New" when the page says so or sells it as new.'),
  stock: text.nullable().describe('Availability text as shown.'),
  returns: text.nullable().describe('Return policy as shown.'),
});
export const FeaturedMerchant = z.object({
  name: text,
  seller_id: text.nullable(),
  is_amazon_fulfilled: z.boolean().nullable(),
});
export const Review = z.object({
  id: text,
  author: text.nullable(),
  title: text.nullable(),
  content: text.nullable(),
  rating: z.number().min(0).max(5).nullable(),
  timestamp: text.nullable().describe('ISO date of the review.'),
  is_verified: z.boolean(),
  helpful_count: z.int().nonnegative().nullable(),
  country: text.nullable().describe('Country as shown.'),
  images: z.array(Url),
});
export const Variation = z.object({
  asin: text,
  dimensions: z.record(text, text).describe('Dimension name as shown -> value, for example {"Color": "Blue"}.'),
  selected: z.boolean(),
  price: Money.nullable().describe("Its own price when the page shows one; never the selected variation's."),
  image: Url.nullable(),
  available: z.boolean().nullable(),
});
export const Gtin = z.object({
  type: z.enum(['upc', 'ean', 'isbn10', 'isbn13', 'gtin14']),
  value: text.describe('Digits only (X at the end of an ISBN-10).'),
});
export const Aplus = z.object({ text: text.nullable(), images: z.array(Url) });
export const Video = z.object({
  title: text.nullable(),
  url: Url.nullable(),
  thumbnail: Url.nullable(),
  duration_seconds: z.int().nonnegative().nullable(),
});
export const Author = z.object({
  name: text,
  role: text.nullable().describe('As shown, for example "Author" or "Illustrator".'),
  url: Url.nullable(),
});
export const Format = z.object({ format: text, asin: text.nullable(), price: Money.nullable(), selected: z.boolean() });
