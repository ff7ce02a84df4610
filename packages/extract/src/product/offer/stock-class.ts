import { AVAILABILITY_ORDER, hasPhrase, type ShopWords } from '@asa/contract';

/** What an availability text says. `unread`: a text that no phrase explains. */
export type StockClass =
  | 'not_deliverable'
  | 'other_sellers'
  | 'unavailable'
  | 'out_of_stock'
  | 'preorder'
  | 'backorder'
  | 'ships_later'
  | 'low_stock'
  | 'in_stock'
  | 'select'
  | 'unread';

const BY_KEY: Readonly<Record<(typeof AVAILABILITY_ORDER)[number], StockClass>> = {
  notDeliverable: 'not_deliverable',
  noFeaturedOffer: 'other_sellers',
  availableFromTheseSellers: 'other_sellers',
  unavailable: 'unavailable',
  outOfStock: 'out_of_stock',
  preorder: 'preorder',
  backorder: 'backorder',
  shipsWithin: 'ships_later',
  onlyLeft: 'low_stock',
  lowStock: 'low_stock',
  inStock: 'in_stock',
};

/**
 * Class of an availability text in the page's language; null for an empty text. "Choose another place" stands in what
 * cannot be delivered and looks like a choice, so that comes first.
 */
export function stockClass(text: string | null, words: ShopWords): StockClass | null {
  if (text === null || text === '') return null;
  if (hasPhrase(words.notDeliverable, text)) return 'not_deliverable';
  if (hasPhrase(words.selectOption, text)) return 'select';
  const key = AVAILABILITY_ORDER.find((name) => hasPhrase(words[name], text));
  return key === undefined ? 'unread' : BY_KEY[key];
}
