import { hasPhrase, type PageCard } from '@asa/contract';
import { isTag } from 'domhandler';
import { textOf } from '../page/index.ts';
import { readPrice, type ShownPrice } from '../product/offer/price-node.ts';
import { visibleText } from '../product/offer/visible.ts';
import { amountsIn, parseUnitMoney } from '../text/money.ts';
import { allWithClass, attrOf, elementOf, has, recipe, withClass, type Card, type Part } from './card.ts';

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
const isStruck = (part: Part): boolean => attrOf(part, 'data-a-strike') === 'true';
/** Small amounts without a line through them: "(TWD 414.02/count)", "10x de R$ 64,90". */
const isSmall = (part: Part): boolean => has(part, 'a-text-price') && !isStruck(part);

/** Prices before 2020 have classes of their own. */
const OLD_CLASSES = ['s-price', 'sx-price', 'newPrice', 'toeOurPrice'] as const;
const oldPrice = (card: Card): Part | null =>
  withClass(card, card.offer, ...OLD_CLASSES) ??
  allWithClass(card, card.offer, 'bld').find((part) => has(part, 'red')) ??
  null;

const leadsToOffers = (part: Part): boolean =>
  part.name === 'a' && (attrOf(part, 'href') ?? '').includes('/gp/offer-listing/');

const amountOf = (card: Card, part: Part | null | undefined): ShownPrice | null =>
  part === null || part === undefined ? null : readPrice(elementOf(card, part), card.money);

/**
 * Where nothing is sold directly ("Listen with Amazon Music", then "Or INR 117.29 to buy MP3") the second line is the
 * price. Offers of other sellers stand in the same place, but lead to the list of offers.
 */
function lineBelow(card: Card): ShownPrice | null {
  const line = recipe(card, 'secondary-offer-recipe');
  const hasFormat = allWithClass(card, card.offer, 'a-text-bold').some((part) => part.name === 'a');
  if (line === null || !hasFormat || card.offer.some((part) => leadsToOffers(part))) return null;
  const text = visibleText(elementOf(card, line));
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
  if (card.root.name !== 'li') return null;
  const part = allWithClass(card, card.offer, 'a-color-price').find((one) => has(one, 'a-text-bold'));
  if (part === undefined) return null;
  const text = visibleText(elementOf(card, card.root));
  const isHeaded = hasPhrase(card.words.moreChoices, text) || hasPhrase(card.words.otherSellers, text);
  return isHeaded ? null : amountOf(card, part);
}

/** Both ends of "$10.00 - $24.99" stand in one element. */
function upperEnd(main: Part, card: Card): number | null {
  const { parent } = card.page.outline;
  const beside = card.amounts.filter((part) => isMain(part) && parent[part.number] === parent[main.number]);
  const [lower, upper] = beside;
  return lower !== main || beside.length !== 2 ? null : (amountOf(card, upper)?.amount ?? null);
}

/** "(", the amount, "/count)". */
function unitPrice(card: Card): CardPrices['unit_price'] {
  const { page } = card;
  for (const part of card.amounts.filter((one) => isSmall(one))) {
    // The element around first: what is inside it is then the same node.
    const outer = page.element(page.outline.parent[part.number] ?? part.number);
    const element = elementOf(card, part);
    const unit = /[/／]\s*([^()（）]+?)\s*[)）]?$/.exec(visibleText(outer, (one) => one === element))?.[1];
    const money = parseUnitMoney(textOf(element.children.find(isTag) ?? element), card.money);
    if (unit !== undefined && money !== null) return { price: money.amount, unit };
  }
  return null;
}

function struckPrice(card: Card, paid: number): number | null {
  const struck = card.amounts.filter((part) => isStruck(part));
  const old =
    card.amounts.length > 0 ? [] : card.offer.filter((part) => has(part, 'a-text-strike') || part.name === 'del');
  for (const part of [...struck, ...old]) {
    const amount = amountOf(card, part)?.amount ?? null;
    if (amount !== null && amount > paid) return amount;
  }
  return null;
}

/** The prices of the card's first format; all null on a card without a featured offer. */
export function prices(card: Card): CardPrices {
  const main = card.amounts.find(isMain) ?? oldPrice(card);
  const shown = main === null ? (lineBelow(card) ?? lowestOffer(card)) : amountOf(card, main);
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
