import { z } from 'zod';
import {
  Aplus,
  Author,
  BuyBoxOffer,
  Category,
  Deal,
  Delivery,
  FeaturedMerchant,
  Format,
  Gtin,
  Money,
  Offers,
  RankRow,
  Review,
  Savings,
  UnitPrice,
  Url,
  Variation,
  Video,
} from './parts.ts';

export const AVAILABILITIES = [
  'in_stock',
  'low_stock',
  'out_of_stock',
  'preorder',
  'backorder',
  'unavailable',
  'unknown',
] as const;
export const PAGE_STATES = ['buybox', 'select_variant', 'see_all_buying_options', 'unavailable', 'no_buybox'] as const;
export const NO_PRICE_REASONS = [
  'no_featured_offer',
  'unavailable',
  'select_variant',
  'hidden_in_cart',
  'not_deliverable',
  'digital_subscription',
] as const;
export const PRODUCT_KINDS = [
  'physical',
  'book',
  'kindle',
  'audible',
  'video',
  'music',
  'app',
  'gift_card',
  'subscription',
  'other',
] as const;

const text = z.string();
const map = z.record(text, text);

/**
 * The product as the page shows it (contract section 2): one flat object, every key always there. An absent scalar is
 * null, an absent list [], an absent map {}. A value is what the page shows for that product, never a guess.
 * This is the one declaration of a field; an extractor that is missing for a key does not compile.
 */
export const ProductItem = z.object({
  asin: text.describe('ASIN of the product the page is for (the selected variation). Ten characters.'),
  parent_asin: text.nullable().describe('ASIN of the variation family; null when there is none.'),
  title: text.describe('Title as shown.'),
  brand: text.nullable().describe('Brand name without "Visit the ... Store" or "Brand:".'),
  manufacturer: text.nullable(),
  price: Money.nullable().describe(
    'What a shopper pays now for the selected option in the featured offer; null with a `no_price_reason`.',
  ),
  price_buybox: Money.nullable().describe('Price of the featured offer in the buy box.'),
  price_strikethrough: Money.nullable().describe('The crossed-out list, typical or RRP price of the same offer.'),
  currency: text.nullable().describe('ISO 4217 currency of the prices as displayed.'),
  stock: text.nullable().describe('Availability text as shown.'),
  is_prime: z.boolean().describe('A Prime badge is on the featured offer.'),
  rating: z.number().min(0).max(5).nullable().describe('Average stars, 0-5.'),
  reviews_count: z.int().nonnegative().nullable().describe('Number of ratings as shown.'),
  images: z.array(Url).describe('Largest size of each gallery image of the selected option, main image first.'),
  bullet_points: text.nullable().describe('The "About this item" bullets joined by a line feed.'),
  description: text.nullable(),
  product_details: map.describe('Rows of the details lists, name -> value as shown.'),
  product_dimensions: text.nullable().describe('As shown.'),
  answered_questions_count: z.int().nonnegative().nullable(),
  has_videos: z.boolean(),
  category: z
    .array(Category)
    .describe('The breadcrumb first (its ladder empty when the page shows none), then one per best-seller rank.'),
  buybox: z.array(BuyBoxOffer).describe('The featured offer; empty when there is none.'),
  featured_merchant: FeaturedMerchant.nullable(),
  reviews: z.array(Review).describe('The reviews on the page.'),
  variations: z.array(Variation),

  url: Url.nullable().describe('Canonical URL of the product.'),
  domain: text.describe('Marketplace, for example "co.uk".'),
  language: text.nullable().describe('Language as the page declares it, `xx_YY`.'),
  price_string: text.nullable().describe('The price as shown.'),
  price_strikethrough_label: text
    .nullable()
    .describe('The label of the crossed-out price as shown, for example "List Price".'),
  price_min: Money.nullable().describe('Lower end of a price range shown for an unselected variation.'),
  price_max: Money.nullable().describe('Upper end of that range.'),
  price_shipping: Money.nullable().describe('Shipping price of the featured offer; 0 when shown as free.'),
  price_subscribe: Money.nullable().describe('Subscribe-and-save price.'),
  unit_price: UnitPrice.nullable(),
  savings: Savings.nullable(),
  coupon: text.nullable().describe('Coupon text as shown.'),
  deal: Deal.nullable(),
  availability: z.enum(AVAILABILITIES),
  stock_left: z.int().nonnegative().nullable().describe('Units left when the page says how many.'),
  max_quantity: z.int().positive().nullable().describe('Largest quantity the page lets a shopper choose.'),
  page_state: z.enum(PAGE_STATES),
  no_price_reason: z.enum(NO_PRICE_REASONS).nullable().describe('Why `price` is null; null when there is a price.'),
  delivery: z.array(Delivery),
  delivered_to: text.nullable().describe('The location the page says it priced for.'),
  offers: Offers.nullable(),
  rating_histogram: z.record(text, z.number()).describe('Stars "5".."1" -> share 0-1.'),
  review_summary: text.nullable().describe("The page's own summary of the reviews."),
  sales_volume: text.nullable().describe('As shown, for example "1K+ bought in past month".'),
  sales_rank: z.array(RankRow),
  brand_url: Url.nullable(),
  is_amazons_choice: z.boolean(),
  is_best_seller: z.boolean(),
  badges: z.array(text),
  model_number: text.nullable(),
  gtins: z.array(Gtin),
  item_weight: text.nullable().describe('As shown.'),
  date_first_available: text.nullable().describe('ISO date.'),
  product_overview: map,
  technical_details: map,
  aplus: Aplus.nullable(),
  videos: z.array(Video),
  authors: z.array(Author),
  formats: z.array(Format).describe('Book and media formats on the page.'),
  variation_dimensions: z.array(text),
  frequently_bought_together: z.array(text).describe("ASINs, without the product's own."),
  kind: z.enum(PRODUCT_KINDS),
});

export type ProductItem = z.infer<typeof ProductItem>;
export type ProductField = keyof ProductItem;
export const PRODUCT_FIELDS = Object.keys(ProductItem.shape) as ProductField[];
