import type { Element } from 'domhandler';
import type { Page } from '../../page/index.ts';
import { amountsIn } from '../../text/money.ts';
import { moneyOf } from './context.ts';
import { isUnitPrice } from './core-price.ts';
import { readPrice } from './price-node.ts';
import { otherRows, scopeOf } from './scope.ts';
import { visibleText } from './visible.ts';

const SUBSCRIPTION = ['sns-base-price', 'subscriptionPrice', 'snsPrice', 'snsDetailPagePrice'] as const;

/** What stands in brackets is the price of one unit. */
const BRACKETS = /[([（][^)\]）]*[)\]）]/g;

function amountOf(page: Page, node: Element | null): number | null {
  const marked = page.first(node, '.a-price');
  if (marked !== null && isUnitPrice(marked)) return null;
  const price = readPrice(node, moneyOf(page));
  if (price !== null) return price.amount;
  const [one, ...more] = amountsIn(visibleText(node).replaceAll(BRACKETS, ' '), moneyOf(page));
  return more.some((money) => money.amount !== one?.amount) ? null : (one?.amount ?? null);
}

/** The price of a subscription to the product, from its own row or box; a price for many subscriptions is not taken. */
export const priceSubscribe = (page: Page): number | null => {
  const { box } = scopeOf(page);
  for (const part of box === null ? otherRows(page) : [...otherRows(page), box]) {
    for (const id of SUBSCRIPTION) {
      const amount = amountOf(page, part.byId(id));
      if (amount !== null) return amount;
    }
  }
  return null;
};
