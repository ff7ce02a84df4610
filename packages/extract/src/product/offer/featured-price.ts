import type { Element } from 'domhandler';
import { attr, closest, first, hasClass, type Page, select, textOf } from '../../page/index.ts';
import { currencyOf } from '../../text/currency.ts';
import { parseMoney } from '../../text/money.ts';
import { type Field, firstOf, once } from '../field.ts';
import { moneyOf, wordsOf } from './context.ts';
import { readCore, readText, type Shown } from './core-price.ts';
import type { Part } from './part.ts';
import { readPrice, type ShownPrice } from './price-node.ts';
import { inOffer, scopeOf } from './scope.ts';
import { isUnseen, visibleText } from './visible.ts';

const CORE = [
  'corePriceDisplay_desktop_feature_div',
  'corePriceDisplay_mobile_feature_div',
  'corePrice_desktop',
  'corePrice_mobile_feature_div',
  'corePrice_feature_div',
] as const;
/** 2013-2021: the deal's price stands before the shop's own. */
const LEGACY = [
  'priceblock_dealprice',
  'dealPriceValue',
  'priceblock_saleprice',
  'priceblock_ourprice',
  'priceblock_businessprice',
  'actualPriceValue',
  'buyingPriceValue',
] as const;
/** Prices that stand in the box itself. */
const IN_BOX = [
  'price_inside_buybox',
  'newBuyBoxPrice',
  'renewedBuyBoxPrice',
  'kindle-price',
  'price',
  'usedPrice',
] as const;

type Reader = Field<Shown | null>;

const amountsOf = (shown: Shown): readonly number[] =>
  'price' in shown ? [shown.price.amount] : [shown.range.min, shown.range.max];

/** Whether several places show the same; a page on which they do not is damaged or not understood. */
const agree = (shown: readonly Shown[]): boolean =>
  shown.every((one) => amountsOf(one).join() === amountsOf(shown[0] ?? one).join());

/** Blocks of the site's own kind. The same kind may stand twice; two that differ tell nothing. */
const core =
  (part: (page: Page) => Part | null): Reader =>
  (page) => {
    for (const id of CORE) {
      const elements = part(page)?.allById(id) ?? [];
      const shown = elements
        .map((element) => readCore(element, moneyOf(page), wordsOf(page)))
        .filter((one) => one !== null);
      if (shown[0] !== undefined) return agree(shown) ? shown[0] : null;
    }
    return null;
  };

/** An amount that cannot be read; a small one that is empty is a placeholder. */
const isHurt = (page: Page, node: Element): boolean =>
  readPrice(node, moneyOf(page)) === null && (!hasClass(node, 'a-text-price') || /\p{N}/u.test(textOf(node)));

/**
 * A block of the site's own kind holds a price that cannot be read, or shows none to pay while another of its kind does:
 * the page is damaged there, and what is left may be the price of another row.
 */
const isBroken = once((page: Page): boolean => {
  const { block, box } = scopeOf(page);
  return CORE.some((id) => {
    const elements = [...block.allById(id), ...(box?.allById(id) ?? [])].filter(
      (one) => first(one, '.a-price') !== null,
    );
    const shown = elements.map((one) => readCore(one, moneyOf(page), wordsOf(page)));
    if (shown.includes(null) && shown.some((one) => one !== null)) return true;
    return elements.some((one) => select(one, '.a-price').some((node) => isHurt(page, node)));
  });
});

const byIds =
  (part: (page: Page) => Part | null, ids: readonly string[]): Reader =>
  (page) => {
    for (const id of ids) {
      const shown = readText(part(page)?.byId(id) ?? null, moneyOf(page));
      if (shown !== null) return shown;
    }
    return null;
  };

/** The whole block is the price: mobile, 2018. Only its large figures; the struck price is smaller. */
const pitch: Reader = (page) => {
  const line = scopeOf(page).block.byClass('price-large')[0]?.parent ?? null;
  // The struck price stands in another line.
  const isLine = line !== null && 'name' in line && first(line, '.a-text-strike') === null;
  return isLine ? asShown(readPrice(line, moneyOf(page))) : null;
};

const asShown = (price: ShownPrice | null): Shown | null => (price === null ? null : { price });

/** 2012-2016: the price alone is set in large type. */
const large: Reader = (page) => asShown(agreed(page, scopeOf(page).block.byClass('priceLarge')));

const isNoSaving = (cell: Element): boolean =>
  closest(cell, (up) => hasClass(up, 'ebooks-price-savings')) === null && !/[%٪]/.test(textOf(cell));

/** Kindle edition: a row of the price table. */
const ebook: Reader = (page) => {
  const { block, box } = scopeOf(page);
  for (const row of [...block.byClass('kindle-price'), ...(box?.byClass('kindle-price') ?? [])]) {
    const cells = select(row, '.price-value, #kindle-price, .a-color-price').filter(isNoSaving);
    const shown = asShown(readPrice(cells[0] ?? null, moneyOf(page)));
    if (shown !== null) return shown;
  }
  return null;
};

/** Sections of a box without rows: the new offer before the used one. */
const SECTIONS = ['buyNewSection', 'usedBuySection'] as const;
/** One class marks the price at the head of the box: books, used offers, media tabs, the radio buttons of 2013. */
const HEADS = ['header-price', 'offer-price', 'bb_price', 'price3P'] as const;

/** The one amount that these elements show, null when they show several. */
function agreed(page: Page, elements: readonly Element[]): ShownPrice | null {
  const prices = elements.map((node) => readPrice(node, moneyOf(page))).filter((price) => price !== null);
  const [one] = prices;
  return one !== undefined && prices.every((price) => price.amount === one.amount) ? one : null;
}

/** Behind a check box stands what can be bought with the product. */
const isExtra = (element: Element): boolean => closest(element, (up) => hasClass(up, 'a-checkbox')) !== null;

const heads: Reader = (page) => {
  const { box } = scopeOf(page);
  for (const id of SECTIONS) {
    const price = agreed(page, page.select(box?.byId(id) ?? null, '.offer-price'));
    if (price !== null) return { price };
  }
  for (const name of HEADS) {
    const found = (box?.byClass(name) ?? []).filter((element) => !isExtra(element));
    if (found.length > 0) return asShown(agreed(page, found));
  }
  return null;
};

const inputValue = (part: Part, name: RegExp): string | null => {
  for (const element of part.elements) {
    if (element.name === 'input' && name.test(attr(element, 'name') ?? '')) return attr(element, 'value');
  }
  return null;
};

/** Names of the fields that the forms send with the price that the shopper saw. Their values use a decimal point. */
const FORMS = [
  [/\[customerVisiblePrice\]\[amount\]$/, /\[customerVisiblePrice\]\[currencyCode\]$/],
  [/^displayedPrice$/, /^displayedPriceCurrency(?:Code)?$/],
] as const;

/** The price in the form of the featured offer: exact, but not what is shown. */
const form: Reader = (page) => {
  const { box } = scopeOf(page);
  if (box === null) return null;
  for (const [amount, code] of FORMS) {
    const value = inputValue(box, amount);
    if (value === null || !/^\d+(?:\.\d+)?$/.test(value)) continue;
    const context = { language: 'en_US', currency: page.marketplace.currency } as const;
    const currency = currencyOf(inputValue(box, code) ?? '', context) ?? page.marketplace.currency;
    const money = parseMoney(`${currency} ${value}`, context);
    if (money !== null) return { price: { ...money, text: '' } };
  }
  return null;
};

/** Films: the button that buys this very ASIN; a film has one for each quality, under ASINs of their own. */
const video: Reader = (page) => {
  if (page.target.kind !== 'product') return null;
  const { asin } = page.target;
  const prices: ShownPrice[] = [];
  for (const id of ['dv-action-box', 'a-popover-more-purchase-options']) {
    for (const button of page.select(page.byId(id), `input[data-asin="${asin}"][value]`)) {
      const price = readTextValue(page, attr(button, 'value') ?? '');
      if (price !== null && !prices.some((known) => known.amount === price.amount)) prices.push(price);
    }
  }
  const [one] = prices;
  return one !== undefined && prices.length === 1 ? { price: one } : null;
};

/** "Buy Movie SD $9.99": the amount, without what is bought. */
function readTextValue(page: Page, text: string): ShownPrice | null {
  const money = parseMoney(text, moneyOf(page));
  return money === null ? null : { ...money, text: text.slice(Math.max(0, text.search(/[\p{Sc}\p{N}]/u))) };
}

/** Price of the format on show. */
const selectedFormat = once((page: Page): ShownPrice | null => {
  const swatches = page.byId('tmmSwatches');
  const selected = swatches === null ? null : page.first(swatches, '.selected .slot-price, .selected .a-color-price');
  return selected === null || isUnseen(selected) ? null : readPrice(selected, moneyOf(page));
});

/** It counts where the box itself shows none. A zero there is a subscription's. */
const format: Reader = (page) => {
  const price = selectedFormat(page);
  return price === null || price.amount === 0 ? null : { price };
};

/** The format on show costs nothing: to members. */
export const isFreeFormat = (page: Page): boolean => selectedFormat(page)?.amount === 0;

const elsewhere: Reader = (page) => {
  for (const id of LEGACY) {
    const shown = readText(inOffer(page, id), moneyOf(page));
    if (shown !== null) return shown;
  }
  return null;
};

const block = (page: Page): Part => scopeOf(page).block;
const box = (page: Page): Part | null => scopeOf(page).box;

/** What the price block beside the title shows. */
export const blockPrice = once((page: Page): Shown | null =>
  firstOf(page, [core(block), byIds(block, LEGACY), pitch, ebook, large]),
);

/** What the buy box shows; nothing when it has rows and which one counts is not known. */
export const boxPrice = once((page: Page): Shown | null =>
  scopeOf(page).hasUnreadRows ? null : firstOf(page, [core(box), byIds(box, IN_BOX), heads, ebook]),
);

/** Blocks in place of a price that is told in the cart only. */
const HIDDEN = ['priceNotAvailable_feature_div', 'priceNotAvailable', 'mapPrice_feature_div', 'map_help_pop'] as const;

/** The page says that its price is told in the cart. A form that holds it all the same is not asked. */
export const isWithheld = once((page: Page): boolean =>
  HIDDEN.some((id) => page.has(id) && visibleText(inOffer(page, id)) !== ''),
);

/**
 * What the page shows as the price of its product; whether it counts is for the page's state to say. The block beside
 * the title, the box and its form tell the same price: when they do not, which one is right cannot be known. Where rows
 * are lost one of them alone may tell the price of another row.
 */
export const shownPrice = once((page: Page): Shown | null => {
  if (isBroken(page)) return null;
  const { hasLostRows, hasUnreadRows } = scopeOf(page);
  const read = [blockPrice(page), boxPrice(page)].filter((shown) => shown !== null);
  if (read.length === 0 && isWithheld(page)) return null;
  const told = [...read, hasUnreadRows ? null : form(page)].filter((shown) => shown !== null);
  if (told.length === 1 && hasLostRows) return null;
  if (told[0] !== undefined) return agree(told) ? told[0] : null;
  return firstOf(page, [elsewhere, video, format]);
});
