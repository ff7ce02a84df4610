import { hasPhrase, matchPhrase, type ProductItem, type ShopWords } from '@asa/contract';
import { attr, type Page, select, textOf } from '../../page/index.ts';
import { type Field, firstOf } from '../field.ts';
import { labelBefore } from './beside-price.ts';
import { wordsOf } from './context.ts';
import { inOffer, scopeOf } from './scope.ts';
import { orNull, visibleText } from './visible.ts';

type Deal = NonNullable<ProductItem['deal']>;

const KINDS = [
  ['lightning', 'lightningDeal'],
  ['prime_exclusive', 'primeExclusive'],
  ['event', 'eventDeal'],
  ['limited_time', 'dealOfTheDay'],
  ['limited_time', 'limitedTimeDeal'],
] as const satisfies readonly (readonly [Deal['type'], keyof ShopWords])[];

/** Kind of a deal by the words of its badge. */
export function dealType(text: string, words: ShopWords): Deal['type'] {
  return KINDS.find(([, key]) => hasPhrase(words[key], text))?.[0] ?? 'other';
}

/** The badge over the price; its countdown templates are hidden. */
const badge: Field<string | null> = (page) => {
  const { block } = scopeOf(page);
  const place =
    block.byId('dealBadge_feature_div', 'dealBadgeSupportingText') ?? inOffer(page, 'dealBadge_feature_div');
  if (place === null) return null;
  const text = page.first(place, '#dealBadgeSupportingText, .dealBadgeTextColor, .dealBadge');
  return orNull(visibleText(text ?? place));
};

/** Before badges: the deal's name is the label of the price, and a timer runs under it. */
const timed: Field<string | null> = (page) => {
  const { block } = scopeOf(page);
  const timer = block.elements.some((element) =>
    /^(?:dotd_countdown_timer|deal_expiry_timer)/.test(attr(element, 'id') ?? ''),
  );
  const price = timer ? block.roots.flatMap((root) => select(root, '.apexPriceToPay'))[0] : undefined;
  return price === undefined ? null : labelBefore(price);
};

const LABELS = ['priceblock_dealprice_lbl', 'dealPriceLabel'] as const;
const labelled: Field<string | null> = (page) => {
  const label = inOffer(page, ...LABELS);
  const price = inOffer(page, 'priceblock_dealprice', 'dealPriceValue');
  return price === null || textOf(price) === '' ? null : orNull(visibleText(label).replace(/\s*[:：]$/, ''));
};

/** A badge is short; more is a text that has swallowed the templates of its timer. */
const MAX_BADGE = 80;

/** The deal of the featured offer, as its badge says; when it ends is on no page in a form that can be read. */
export const deal = (page: Page): ProductItem['deal'] => {
  const text = firstOf(page, [badge, timed, labelled]);
  if (text === null || text.length > MAX_BADGE || matchPhrase(wordsOf(page).oneTimePurchase, text) !== null)
    return null;
  return { type: dealType(text, wordsOf(page)), text, ends_at: null };
};
