import { hasPhrase, type ProductItem } from '@asa/contract';
import { type Element, isTag, isText } from 'domhandler';
import { attr, foldText, hasClass, type Page } from '../../page/index.ts';
import { amountsIn } from '../../text/money.ts';
import { firstOf, once, type Field } from '../field.ts';
import { moneyOf, wordsOf } from './context.ts';
import { inOffer, scopeOf } from './scope.ts';
import { isSilent, isUnseen, visibleText } from './visible.ts';

type Delivery = ProductItem['delivery'][number];

const SLOT = /^mir-layout-DELIVERY_BLOCK-slot-(\w+)$/;
const UNSAID = /^(?:NO_PROMISE|DELIVERY_CUSTOM|UPSELL|HOLIDAY|FREE_SHIPPING_THRESHOLD)/;

function lastSeen(element: Element): Element | null {
  for (const node of element.children.toReversed()) {
    if (isText(node) && foldText(node.data) !== '') return null;
    if (!isTag(node) || isSilent(node) || isUnseen(node) || visibleText(node) === '') continue;
    return node.name === 'a' ? node : lastSeen(node);
  }
  return null;
}

/** A promise without the link that ends it ("Details", "Join Prime"). */
function promise(slot: Element): string {
  const link = lastSeen(slot);
  const whole = visibleText(slot);
  const without = link === null ? whole : visibleText(slot, (part) => part === link);
  return without === '' ? whole : without;
}

/** The words before the date: there stands what the delivery costs; a threshold for free delivery comes after it. */
function lead(slot: Element): string {
  const whole = visibleText(slot);
  const bold = firstBold(slot);
  const at = bold === '' ? -1 : whole.indexOf(bold);
  return at <= 0 ? whole : whole.slice(0, at);
}

function firstBold(element: Element): string {
  for (const child of element.children) {
    if (!isTag(child) || isUnseen(child)) continue;
    const found = hasClass(child, 'a-text-bold') ? visibleText(child) : firstBold(child);
    if (found !== '') return found;
  }
  return '';
}

function declaredPrice(slot: Element): string | null {
  const own = attr(slot, 'data-csa-c-delivery-price');
  if (own !== null) return own;
  for (const child of slot.children) {
    const found = isTag(child) ? declaredPrice(child) : null;
    if (found !== null) return found;
  }
  return null;
}

function priceOf(page: Page, slot: Element): number | null {
  const words = wordsOf(page);
  for (const text of [declaredPrice(slot) ?? '', lead(slot)]) {
    const amount = amountsIn(text, moneyOf(page))[0]?.amount;
    if (amount !== undefined) return amount;
    if (hasPhrase(words.free, text) || hasPhrase(words.freeDelivery, text)) return 0;
  }
  return null;
}

function typeOf(page: Page, name: string, text: string): Delivery['type'] {
  if (/PICKUP|COLLECT/.test(name) || hasPhrase(wordsOf(page).pickup, text)) return 'pickup';
  return name.startsWith('SECONDARY') || hasPhrase(wordsOf(page).fastestDelivery, text) ? 'fastest' : 'standard';
}

/** Slots of the delivery block, each once: the block stands in the box and sometimes again at its head. */
const slots: Field<Delivery[]> = (page) => {
  const found = new Map<string, Delivery>();
  const { box, block } = scopeOf(page);
  for (const element of [...(box?.elements ?? []), ...block.elements, ...outside(page)]) {
    const name = SLOT.exec(attr(element, 'id') ?? '')?.[1];
    if (name === undefined || UNSAID.test(name)) continue;
    const kind = name.replace(/_(?:LARGE|MEDIUM|SMALL)$/, '');
    const text = promise(element);
    if (text !== '' && !found.has(kind))
      found.set(kind, { type: typeOf(page, name, text), text, price: priceOf(page, element) });
  }
  return [...found.values()];
};

/** Where the delivery block stands when it is not in the box: mobile pages. */
function outside(page: Page): Element[] {
  const place = scopeOf(page).box?.byId('mir-layout-DELIVERY_BLOCK') ?? null;
  const other = place === null ? inOffer(page, 'mir-layout-DELIVERY_BLOCK') : null;
  return page.select(other, '[id^="mir-layout-DELIVERY_BLOCK-slot-"]');
}

/** A message is short; more is a text that has swallowed others. */
const MAX_MESSAGE = 200;

/** Before the block: one message. */
const MESSAGES = [
  'ddmDeliveryMessage',
  'delivery-message',
  'dynamicDeliveryMessage_feature_div',
  'fast-track-message',
  'fast-track',
] as const;
const message: Field<Delivery[]> = (page) => {
  for (const id of MESSAGES) {
    const element = inOffer(page, id);
    const text = element === null ? '' : promise(element);
    if (element !== null && text !== '' && text.length <= MAX_MESSAGE)
      return [{ type: 'standard', text, price: priceOf(page, element) }];
  }
  return [];
};

/** Delivery promises of the featured offer, as shown. */
export const delivery = once((page: Page): ProductItem['delivery'] => firstOf(page, [slots, message]) ?? []);

/** Beside the price: "+ $5.99 shipping", "& FREE Shipping". A threshold ("on orders over $35") is no price. */
const BESIDE = [
  'ourprice_shippingmessage',
  'price-shipping-message',
  'actualPriceExtraMessaging',
  'saleprice_shippingmessage',
  'dealprice_shippingmessage',
  'soldByThirdParty',
  'shippingMessageInsideBuyBox_feature_div',
] as const;
/** The same before 2015: a class. */
const BESIDE_CLASSES = ['plusShippingText', 'shipping3P'] as const;

/** "Free Shipping with Amazon Prime" is for members; "FREE Returns" stands at the same place and is no delivery. */
const MEMBERS = /\bprime\b/i;

/** Places beside the price that tell what delivery costs. */
function beside(page: Page): string[] {
  const { box, block } = scopeOf(page);
  const marked = BESIDE_CLASSES.flatMap((name) => [block, box].flatMap((part) => part?.byClass(name) ?? []));
  const texts = [...BESIDE.map((id) => inOffer(page, id)), ...marked].map((element) => visibleText(element));
  return texts.filter((text) => text !== '' && text.length <= MAX_MESSAGE);
}

const besidePrice: Field<number | null> = (page) => {
  for (const text of beside(page)) {
    const plus = /(?:^|\s)\+\s*(\S.*)$/.exec(text)?.[1];
    const amount = plus === undefined ? undefined : amountsIn(plus, moneyOf(page))[0]?.amount;
    if (amount !== undefined) return amount;
    if (hasPhrase(wordsOf(page).freeDelivery, text) && !MEMBERS.test(text)) return 0;
  }
  return null;
};

const ofPromise: Field<number | null> = (page) =>
  delivery(page).find((one) => one.type === 'standard' && one.price !== null)?.price ?? null;

/** What the delivery of the featured offer costs; 0 when it is said to be free. Import charges are not delivery. */
export const priceShipping = (page: Page): number | null => firstOf(page, [ofPromise, besidePrice]);
