import { findPhrase, matchPhrase, type Phrases, type ProductItem } from '@asa/contract';
import type { Element } from 'domhandler';
import { attr, closest, hasClass, type Page, textOf } from '../../page/index.ts';
import { type Field, firstOf } from '../field.ts';
import { wordsOf } from './context.ts';
import { pageStateOf, priceBuybox } from './price.ts';
import { inOffer, scopeOf } from './scope.ts';
import { isAmazonFulfilled, sellerId, sellerOf } from './seller.ts';
import { stockText } from './stock.ts';
import { orNull, visibleText } from './visible.ts';

const featureText = (page: Page, id: string): string | null => {
  const feature = inOffer(page, id);
  const message = page.select(feature, '.offer-display-feature-text-message').find((node) => visibleText(node) !== '');
  return message === undefined ? null : orNull(visibleText(message));
};

const inTable: Field<string | null> = (page) => {
  const { returnsLabel } = wordsOf(page);
  const cells = page.select(inOffer(page, 'tabular-buybox'), '.tabular-buybox-text[tabular-attribute-name]');
  const cell = cells.find((one) => matchPhrase(returnsLabel, attr(one, 'tabular-attribute-name') ?? '') !== null);
  return cell === undefined ? null : orNull(visibleText(cell, (part) => hasClass(part, 'a-icon')));
};

const RETURN_LINKS = [
  'productSupportAndReturnPolicy-return-policy-anchor-text',
  'creturns-policy-anchor-text',
  'returns-policy-anchor-text',
] as const;
/** A link that only says that there is a policy says nothing. */
const link: Field<string | null> = (page) => {
  const text = textOf(inOffer(page, ...RETURN_LINKS));
  return matchPhrase(wordsOf(page).returnsLabel, text) === null ? orNull(text) : null;
};

/** A row of icons beside the price: India, the Gulf. */
const inIcons: Field<string | null> = (page) =>
  orNull(visibleText(page.first(page.has('RETURNS_POLICY') ? page.byId('RETURNS_POLICY') : null, '.icon-content')));

/** The return promise of the featured offer, as shown. */
const returns = (page: Page): string | null =>
  firstOf(page, [(one) => featureText(one, 'returnsInfoFeature_feature_div'), inTable, link, inIcons]);

/** Captions that name the condition: of the active row, of a box with used offers only, of a renewed product. */
const CAPTIONS = [
  'usedAccordionCaption_feature_div',
  'usedBuySection',
  'renewedSingleOfferCaption_feature_div',
] as const;

function captions(page: Page): Element[] {
  const { box } = scopeOf(page);
  const found = [...CAPTIONS.map((id) => box?.byId(id) ?? null), box?.byClass('accordion-caption')[0] ?? null];
  const strong = box?.byId('usedbuyBox') ?? null;
  return [...page.select(strong, 'strong'), ...found].filter((element) => element !== null);
}

/** The caption that names the condition, as shown, without the price in it. */
function condition(page: Page, phrases: Phrases): string | null {
  for (const caption of captions(page)) {
    const text = visibleText(caption, (part) => hasClass(part, 'offer-price') || hasClass(part, 'a-price'));
    if (findPhrase(phrases, text) !== null) return orNull(text.replace(/\s*[:：]$/, ''));
  }
  return null;
}

function conditionOf(page: Page): string | null {
  const words = wordsOf(page);
  const { row } = scopeOf(page);
  const said = condition(page, words.used) ?? condition(page, words.refurbished);
  if (said !== null) return said;
  return row !== null && /^used/i.test(row) ? (words.used[0] ?? null) : 'New';
}

/** Who sells it, for the offer that the page features. */
export const featuredMerchant = (page: Page): ProductItem['featured_merchant'] => {
  const { name } = sellerOf(page);
  if (name === null || !featured(page)) return null;
  return { name, seller_id: sellerId(page), is_amazon_fulfilled: isAmazonFulfilled(page) };
};

const featured = (page: Page): boolean => {
  const state = pageStateOf(page);
  return state === 'buybox' || state === 'select_variant';
};

/** The featured offer; empty when the page features none. Before a choice is made, what is known of it. */
export const buybox = (page: Page): ProductItem['buybox'] => {
  if (!featured(page)) return [];
  const { name, shipsFrom } = sellerOf(page);
  const price = priceBuybox(page);
  const policy = returns(page);
  if (price === null && name === null && shipsFrom === null && policy === null) return [];
  const fulfilled = isAmazonFulfilled(page);
  return [
    {
      price,
      seller_name: name,
      seller_id: sellerId(page),
      ships_from: shipsFrom,
      is_amazon_fulfilled: fulfilled,
      // What is sent by nobody is a file: neither new nor used.
      condition: fulfilled === null ? null : conditionOf(page),
      stock: stockText(page),
      returns: policy,
    },
  ];
};

const UPSELL = /upsell|signup|learnmore/i;

/** A Prime badge on the offer itself: not in an invitation to join. */
export const isPrime = (page: Page): boolean => {
  const { box, block } = scopeOf(page);
  const icons = [block, box].flatMap((part) => part?.byClass('a-icon-prime') ?? []);
  return featured(page) && icons.some((icon) => !isInvitation(icon));
};

/** In a link or button, or in a part that sells the membership. */
const isInvitation = (icon: Element): boolean =>
  closest(icon, (up) => up.name === 'a' || up.name === 'button' || UPSELL.test(namesOf(up))) !== null;

const namesOf = (element: Element): string => `${attr(element, 'id') ?? ''} ${attr(element, 'class') ?? ''}`;
