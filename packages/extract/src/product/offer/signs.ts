import { findPhrase, hasPhrase } from '@asa/contract';
import type { Element } from 'domhandler';
import { attr, closest, hasClass, type Page } from '../../page/index.ts';
import { once } from '../field.ts';
import { wordsOf } from './context.ts';
import type { OfferSigns } from './decide.ts';
import { isFreeFormat, isWithheld, shownPrice } from './featured-price.ts';
import { inOffer, scopeOf } from './scope.ts';
import { stockClass } from './stock-class.ts';
import { stockText } from './stock.ts';
import { isUnseen, visibleText } from './visible.ts';

/** Boxes that ask to choose first. */
const SELECT_BOXES = ['partialStateBuybox', 'partialStateBuyboxForMerch', 'partialStateBuyBox_feature_div'] as const;
/** Boxes in place of the buy box. */
const OUT_OF_STOCK = ['outOfStock', 'outOfStockBuyBox_feature_div', 'exports_desktop_outOfStock_buybox'] as const;
const UNDELIVERABLE = ['exports_desktop_undeliverable_buybox', 'exportsUndeliverable'] as const;
const SEE_ALL = [
  'buybox-see-all-buying-choices',
  'buybox-see-all-buying-choices-announce',
  'unqualifiedBuyBox',
] as const;
/** Ids and names of the buttons that buy. */
const BUY =
  /^(?:add-to-cart-button|buy-now-button|one-click-button|bb_atc_button|ubb_atc_button|bb_to_cfg_button|freshAddToCartButton|submit\.(?:add-to-cart|buy-now|one-click-order|configurator|preorder)|pre-?order-button|buyOneClick-button|js-purchase-button)/i;
const PREORDER = /pre-?order/i;

const isButton = (element: Element): boolean =>
  element.name === 'input' || element.name === 'button' || element.name === 'a';

/** A button that waits for a choice. */
const isDisabled = (element: Element): boolean =>
  attr(element, 'disabled') !== null || closest(element, (up) => hasClass(up, 'a-button-disabled')) !== null;

function isBuyButton(element: Element): boolean {
  if (!isButton(element)) return false;
  const buys = BUY.test(attr(element, 'id') ?? '') || BUY.test(attr(element, 'name') ?? '');
  return buys && !isDisabled(element);
}

/** Buttons of the featured offer that buy it. */
const buyButtons = once((page: Page): Element[] => {
  const { box } = scopeOf(page);
  const inside = (box?.elements ?? []).filter(isBuyButton);
  if (inside.length > 0) return inside;
  const outside = inOffer(page, 'add-to-cart-button', 'buy-now-button', 'one-click-button', 'bb_atc_button');
  if (outside !== null) return [outside];
  return page.has('dv-action-box')
    ? page.select(page.byId('dv-action-box'), '.js-purchase-button, input[data-asin]')
    : [];
});

const filled = (element: Element | null): boolean => element !== null && visibleText(element) !== '';

const one = (page: Page, ids: readonly string[]): boolean => ids.some((id) => filled(inOffer(page, id)));

/** Text of the box in place of a buy box, for pages whose availability text stands there only. */
function boxSays(page: Page): string {
  const { box } = scopeOf(page);
  return box === null ? '' : visibleText(box.byId(...OUT_OF_STOCK, ...UNDELIVERABLE));
}

function isUndeliverable(page: Page): boolean {
  if (one(page, UNDELIVERABLE)) return true;
  const words = wordsOf(page).notDeliverable;
  return hasPhrase(words, stockText(page) ?? '') || hasPhrase(words, boxSays(page));
}

/** A subscription or trial gives access, and nothing is sold. */
function isSubscriptionOnly(page: Page): boolean {
  if (shownPrice(page) !== null) return false;
  if (isFreeFormat(page)) return true;
  const place = scopeOf(page).box?.roots[0] ?? page.byId('dv-action-box') ?? page.byId('tmmSwatches');
  return place !== null && findPhrase(wordsOf(page).freeWithSubscription, visibleText(place)) !== null;
}

function isHiddenPrice(page: Page): boolean {
  if (isWithheld(page)) return true;
  const { block, box } = scopeOf(page);
  const words = wordsOf(page).hiddenInCart;
  return [...block.roots, ...(box?.roots ?? [])].some((root) => hasPhrase(words, visibleText(root)));
}

/** A box to choose in, or a dimension that is not chosen. */
function asksToSelect(page: Page): boolean {
  const { box } = scopeOf(page);
  if (box?.byClass('unselectedDims').some((element) => !isUnseen(element)) === true) return true;
  return one(page, SELECT_BOXES);
}

/** A price element that is not struck out: of the block beside the title; a box has others' too. */
const hasPriceMarkup = (page: Page): boolean =>
  scopeOf(page)
    .block.byClass('a-price')
    .some((element) => !hasClass(element, 'a-text-price') && attr(element, 'data-a-strike') !== 'true');

/** The signs of the featured offer, each read on its own. */
export const offerSigns = once((page: Page): OfferSigns => {
  const buttons = buyButtons(page);
  const select = asksToSelect(page);
  const shown = shownPrice(page);
  return {
    select,
    undeliverable: isUndeliverable(page),
    outOfStockBox: one(page, OUT_OF_STOCK),
    seeAllOffers: one(page, SEE_ALL),
    buyable: !select && buttons.length > 0,
    preorderButton: buttons.some(
      (button) =>
        PREORDER.test(attr(button, 'id') ?? '') || hasPhrase(wordsOf(page).preorderNow, attr(button, 'value') ?? ''),
    ),
    priceShown: shown !== null && 'price' in shown,
    rangeShown: shown !== null && 'range' in shown,
    hiddenPrice: shown === null && isHiddenPrice(page),
    priceUnread: shown === null && hasPriceMarkup(page),
    subscriptionOnly: isSubscriptionOnly(page),
    stock: stockClass(stockText(page), wordsOf(page)),
  };
});
