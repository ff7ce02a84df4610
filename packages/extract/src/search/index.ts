import type { PageCard, ReadSearchPage } from '@asa/contract';
import type { Page } from '../page/index.ts';
import { attrOf, readCard, type Card } from './card.ts';
import { correctedQuery, relatedSearches } from './facts.ts';
import { cardsOf, isList } from './list.ts';
import { badges, coupon, delivery, isPrime, isSponsored, variationsCount } from './marks.ts';
import { foundNothing } from './none.ts';
import { prices } from './price.ts';
import { ratings, salesVolume } from './rating.ts';
import { brand, title } from './title.ts';
import { totals } from './totals.ts';

const isAbsolute = (url: string): boolean => /^https?:\/\//.test(url);

/** Product pictures stand in a folder of their own. */
const isPicture = (url: string | null | undefined): boolean => url?.includes('/I/') === true;

/** The largest picture the card names; pages saved by a browser may name local files only. */
function image(card: Card): string | null {
  const pictures = card.parts
    .filter((part) => part.name === 'img')
    .map((part) => ({ src: attrOf(part, 'src'), srcset: attrOf(part, 'srcset') }));
  const { src, srcset } = pictures.find((one) => isPicture(one.src) || isPicture(one.srcset)) ?? {};
  const sizes = (srcset ?? '').split(/,\s+/).map((size) => size.trim().split(/\s+/)[0] ?? '');
  return [...sizes.reverse(), src ?? ''].find(isAbsolute) ?? null;
}

const pageCard = (card: Card): PageCard => ({
  asin: card.asin,
  title: title(card),
  url: `https://${card.page.marketplace.host}/dp/${card.asin}`,
  image: image(card),
  ...prices(card),
  ...ratings(card),
  sales_volume: salesVolume(card),
  is_prime: isPrime(card),
  ...badges(card),
  is_sponsored: isSponsored(card),
  coupon: coupon(card),
  delivery: delivery(card),
  brand: brand(card),
  variations_count: variationsCount(card),
});

/**
 * What a result page shows: its cards in page order (repeated products stay, carousels, banners and videos are none),
 * and the facts around them. Null when the page is no result list.
 */
export function extractSearch(page: Page): ReadSearchPage | null {
  if (!isList(page)) return null;
  const none = foundNothing(page);
  const cards = none ? [] : cardsOf(page);
  const products = cards
    .map((card, at) => pageCard(readCard(page, card, cards[at + 1]?.root.number)))
    .filter((card) => card.title !== '');
  return {
    language: page.locale,
    ...totals(page),
    no_results: none,
    corrected_query: correctedQuery(page, cardsOf(page)[0]?.root ?? null),
    products,
    related_searches: relatedSearches(page),
  };
}
