import type { PageCard, SearchCard } from '@asa/contract';

/** Counters that go on over the pages of one request. */
export interface Positions {
  readonly organic: number;
  readonly sponsored: number;
}

export const START: Positions = { organic: 0, sponsored: 0 };

/** Numbers the cards of one page: both positions count from 1 in page order; exactly one of them is set. Pure. */
export function numberCards(
  cards: readonly PageCard[],
  page: number,
  from: Positions,
): { cards: SearchCard[]; next: Positions } {
  let { organic, sponsored } = from;
  const numbered = cards.map((card): SearchCard => {
    if (card.is_sponsored) sponsored += 1;
    else organic += 1;
    return {
      ...card,
      organic_position: card.is_sponsored ? null : organic,
      sponsored_position: card.is_sponsored ? sponsored : null,
      page,
    };
  });
  return { cards: numbered, next: { organic, sponsored } };
}
