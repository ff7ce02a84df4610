import { hasPhrase, type PageCard } from '@asa/contract';
import { isTag, type Element } from 'domhandler';
import { attr, hasClass, textOf } from '../page/index.ts';
import { readPrice, type ShownPrice } from '../product/offer/price-node.ts';
import { visibleText } from '../product/offer/visible.ts';
import { amountsIn, parseUnitMoney } from '../text/money.ts';
import { has, recipe, withClass, type Card, type Part } from './card.ts';

export type CardPrices = Pick<
  PageCard,
  'price' | 'price_string' | 'price_strikethrough' | 'highest_price' | 'currency' | 'unit_price'
>;

const NONE: CardPrices = {
  price: null,
  price_string: null,
  price_strikethrough: null,
  highest_price: null,
  currency: null,
  unit_price: null,
};

/** A price paid: not a struck one, not one of a unit, an instalment or another offer. */
const isMain = (part: Part): boolean => !has(part, 'a-text-price');
const isStruck = (part: Part): boolean => attr(part.element, 'data-a-strike') === 'true';
/** Small amounts without a line through them: "(TWD 414.02/count)", "10x de R$ 64,90". */
const isSmall = (part: Part): boolean => has(part, 'a-text-price') && !isStruck(part);

/** Prices before 2020 have classes of their own. */
const OLD_CLASSES = ['s-price', 'sx-price', 'newPrice', 'toeOurPrice'] as const;

const leadsToOffers = ({ element }: Part): boolean =>
  element.name === 'a' && (attr(element, 'href') ?? '').includes('/gp/offer-listing/');

/**
 * Where nothing is sold directly ("Listen with Amazon Music", then "Or INR 117.29 to buy MP3") the second line is the
 * price. Offers of other sellers stand in the same place, but lead to the list of offers.
 */
function lineBelow(card: Card): ShownPrice | null {
  const line = recipe(card.offer, 'secondary-offer-recipe');
  const hasFormat = card.offer.some((part) => part.element.name === 'a' && has(part, 'a-text-bold'));
  if (line === null || !hasFormat || card.offer.some(leadsToOffers)) return null;
  const text = visibleText(line);
  if (hasPhrase(card.words.noFeaturedOfferCard, text) || hasPhrase(card.words.moreChoices, text)) return null;
  const amounts = amountsIn(text, card.money);
  const [only] = amounts;
  return only === undefined || amounts.length > 1 ? null : { ...only, text };
}

/**
 * Before 2020 a product without a featured offer shows the lowest of its offers as its price, unless those stand under
 * a heading of their own.
 */
function lowestOffer(card: Card): ShownPrice | null {
  if (card.root.element.name !== 'li') return null;
  const part = card.offer.find((one) => has(one, 'a-color-price') && has(one, 'a-text-bold'));
  if (part === undefined) return null;
  const text = visibleText(card.root.element);
  const isHeaded = hasPhrase(card.words.moreChoices, text) || hasPhrase(card.words.otherSellers, text);
  return isHeaded ? null : readPrice(part.element, card.money);
}

/** Both ends of "$10.00 - $24.99" stand in one element. */
function upperEnd(main: Element, card: Card): number | null {
  const siblings = (main.parent?.children ?? [])
    .filter(isTag)
    .filter((one) => hasClass(one, 'a-price') && !hasClass(one, 'a-text-price'));
  const next = siblings[siblings.indexOf(main) + 1];
  if (next === undefined || siblings.length !== 2) return null;
  return readPrice(next, card.money)?.amount ?? null;
}

/** "(", the amount, "/count)". */
function unitPrice(card: Card): CardPrices['unit_price'] {
  for (const { element } of card.amounts.filter(isSmall)) {
    const { parent } = element;
    const around = parent !== null && isTag(parent) ? visibleText(parent, (one) => one === element) : '';
    const unit = /[/／]\s*([^()（）]+?)\s*[)）]?$/.exec(around)?.[1];
    const money = parseUnitMoney(textOf(element.children.find(isTag) ?? element), card.money);
    if (unit !== undefined && money !== null) return { price: money.amount, unit };
  }
  return null;
}

function struckPrice(card: Card, paid: number): number | null {
  const struck = card.amounts.filter(isStruck);
  const old = card.amounts.length > 0 ? [] : card.offer.filter((part) => has(part, 'a-text-strike'));
  for (const part of [...struck, ...old]) {
    const amount = readPrice(part.element, card.money)?.amount ?? null;
    if (amount !== null && amount > paid) return amount;
  }
  return null;
}

/** The prices of the card's first format; all null on a card without a featured offer. */
export function prices(card: Card): CardPrices {
  const main = card.amounts.find(isMain)?.element ?? withClass(card.offer, ...OLD_CLASSES);
  const shown = main === null ? (lineBelow(card) ?? lowestOffer(card)) : readPrice(main, card.money);
  if (shown === null) return NONE;
  return {
    price: shown.amount,
    price_string: shown.text,
    price_strikethrough: struckPrice(card, shown.amount),
    highest_price: main === null ? null : upperEnd(main, card),
    currency: shown.currency ?? card.money.currency,
    unit_price: unitPrice(card),
  };
}
