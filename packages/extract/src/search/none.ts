import type { Page } from '../page/index.ts';
import { has } from './card.ts';
import { saysNothingFound } from './facts.ts';
import { cardsOf, saysNoResults } from './list.ts';

/**
 * The search found nothing, and the page says so. Advertisements may be shown all the same; other products may be too,
 * but then those are what was found in place of the query.
 */
export function foundNothing(page: Page): boolean {
  const cards = cardsOf(page);
  const [first] = cards;
  if (first === undefined) return saysNoResults(page);
  return cards.every(({ root }) => has(root, 'AdHolder')) && saysNothingFound(page, first.root);
}
