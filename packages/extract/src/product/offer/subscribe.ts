import type { Page } from '../../page/index.ts';
import { moneyOf } from './context.ts';
import { readPrice } from './price-node.ts';
import { otherRows, scopeOf } from './scope.ts';

const SUBSCRIPTION = ['sns-base-price', 'subscriptionPrice', 'snsPrice', 'snsDetailPagePrice'] as const;

/** The price of a subscription to the product, from its own row or box; a price for many subscriptions is not taken. */
export const priceSubscribe = (page: Page): number | null => {
  const { box } = scopeOf(page);
  for (const part of box === null ? otherRows(page) : [...otherRows(page), box]) {
    for (const id of SUBSCRIPTION) {
      const price = readPrice(part.byId(id), moneyOf(page));
      if (price !== null) return price.amount;
    }
  }
  return null;
};
