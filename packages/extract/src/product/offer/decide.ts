import type { ProductItem } from '@asa/contract';
import type { StockClass } from './stock-class.ts';

export type PageState = ProductItem['page_state'];
export type Availability = ProductItem['availability'];
export type NoPriceReason = NonNullable<ProductItem['no_price_reason']>;

/** What the page shows about its offer; every sign is read on its own and none excludes another. */
export interface OfferSigns {
  /** The box asks to choose a size, color, ... first. */
  readonly select: boolean;
  /** The page says that the product cannot be sent to the visitor's location. */
  readonly undeliverable: boolean;
  /** The box that stands in place of the buy box of a product that cannot be bought. */
  readonly outOfStockBox: boolean;
  /** A link to the list of offers stands in place of the buy box. */
  readonly seeAllOffers: boolean;
  /** A button that buys: cart, buy now, pre-order, one click. */
  readonly buyable: boolean;
  /** The button of a pre-order. */
  readonly preorderButton: boolean;
  /** The block of the featured price shows one amount. */
  readonly priceShown: boolean;
  /** The block of the featured price shows a lowest and a highest amount. */
  readonly rangeShown: boolean;
  /** The page says that the price is shown in the cart. */
  readonly hiddenPrice: boolean;
  /** The block of the featured price is there and is built like a price, but none could be read from it. */
  readonly priceUnread: boolean;
  /** Only a subscription gives access. */
  readonly subscriptionOnly: boolean;
  /** Class of the availability text; null when there is no text. */
  readonly stock: StockClass | null;
}

const GONE: readonly (StockClass | null)[] = ['unavailable', 'out_of_stock'];

/** `page_state`, the first line that holds. */
export function pageState(signs: OfferSigns): PageState {
  if (signs.undeliverable || signs.stock === 'not_deliverable') return 'unavailable';
  if (signs.select) return 'select_variant';
  if (signs.outOfStockBox) return 'unavailable';
  if (signs.seeAllOffers && !signs.buyable) return 'see_all_buying_options';
  if (GONE.includes(signs.stock) && !signs.buyable) return 'unavailable';
  if (signs.stock === 'other_sellers' && !signs.buyable) return 'see_all_buying_options';
  if (signs.rangeShown || (signs.stock === 'select' && !signs.buyable)) return 'select_variant';
  if (signs.buyable || signs.priceShown) return 'buybox';
  return signs.subscriptionOnly || signs.hiddenPrice ? 'buybox' : 'no_buybox';
}

const BY_STOCK: Readonly<Record<StockClass, Availability | 'unread'>> = {
  not_deliverable: 'unavailable',
  other_sellers: 'unknown',
  unavailable: 'unavailable',
  out_of_stock: 'out_of_stock',
  preorder: 'preorder',
  backorder: 'backorder',
  ships_later: 'in_stock',
  low_stock: 'low_stock',
  in_stock: 'in_stock',
  select: 'unknown',
  unread: 'unread',
};

/** `availability`: the state of the page first, then its words, then its buttons. */
export function availability(signs: OfferSigns): Availability {
  const state = pageState(signs);
  if (state === 'unavailable')
    return signs.stock === 'out_of_stock' && !signs.undeliverable ? 'out_of_stock' : 'unavailable';
  if (state === 'see_all_buying_options' || state === 'select_variant') return 'unknown';
  const read = signs.stock === null ? 'unread' : BY_STOCK[signs.stock];
  if (read !== 'unread') return read;
  if (signs.preorderButton) return 'preorder';
  return signs.buyable ? 'in_stock' : 'unknown';
}

/** States in which no one price is what a shopper pays now, whatever amounts the page shows. */
export const pricelessState = (state: PageState): boolean =>
  state === 'unavailable' || state === 'see_all_buying_options';

/**
 * Why there is no price: called when there is none. Null when the page has a price that could not be read: that is the
 * extractor's fault, no reason of the shop's, and such a page is not answered.
 */
export function noPriceReason(signs: OfferSigns): NoPriceReason | null {
  const state = pageState(signs);
  if (signs.undeliverable || signs.stock === 'not_deliverable') return 'not_deliverable';
  if (state === 'select_variant') return 'select_variant';
  if (state === 'unavailable') return 'unavailable';
  if (state === 'see_all_buying_options') return 'no_featured_offer';
  if (signs.hiddenPrice) return 'hidden_in_cart';
  if (signs.subscriptionOnly) return 'digital_subscription';
  if (state === 'buybox') return signs.priceUnread ? null : 'hidden_in_cart';
  return GONE.includes(signs.stock) ? 'unavailable' : 'no_featured_offer';
}
