import { findPhrase } from '@asa/contract';
import type { Element } from 'domhandler';
import { attr, hasClass, type Page } from '../../page/index.ts';
import { asciiDigits } from '../../text/digits.ts';
import { parseCount } from '../../text/count.ts';
import { type Field, firstOf, once } from '../field.ts';
import { wordsOf } from './context.ts';
import { inOffer, scopeOf } from './scope.ts';
import { stockClass } from './stock-class.ts';
import { orNull, visibleText } from './visible.ts';

/** What stands beside the availability in its element: where it is sent to, other products, help. */
const ASIDE = /contextualIngress|exportAlternative|popover|social-proof|glow/i;
const isAside = (element: Element): boolean => ASIDE.test(attr(element, 'id') ?? '') || hasClass(element, 'a-button');

const said = (element: Element | null): string | null => orNull(visibleText(element, isAside));

/** Availability in the box of the featured offer, else in the box that stands in its place, else beside the price. */
const inPlace: Field<string | null> = (page) => said(inOffer(page, 'availability'));
const inItsBox: Field<string | null> = (page) =>
  said(inOffer(page, 'outOfStock', 'exports_desktop_undeliverable_buybox'));

/** A text that stands where other messages stand too counts when it says what availability says. */
const understood = (page: Page, element: Element | null): string | null => {
  const text = said(element);
  return stockClass(text, wordsOf(page)) === 'unread' ? null : text;
};
const around: Field<string | null> = (page) => understood(page, inOffer(page, 'availabilityInsideBuyBox_feature_div'));
/** 2013: one class marks it; later pages color other messages with it. */
const old: Field<string | null> = (page) => {
  const { box } = scopeOf(page);
  const marked = box?.byClass('availGreen')[0] ?? box?.byClass('availOrange')[0] ?? box?.byClass('availRed')[0];
  return understood(page, marked ?? null);
};

/** The availability text as shown; null when there is none. */
export const stockText = once((page: Page): string | null => firstOf(page, [inPlace, inItsBox, around, old]));

/** Units left, when the text names them. */
export const stockLeft = (page: Page): number | null => {
  const left = findPhrase(wordsOf(page).onlyLeft, stockText(page) ?? '')?.values['n'];
  return left === undefined ? null : parseCount(left, page.locale);
};

/** Selectors of the quantity, desktop and mobile. */
const QUANTITY = ['quantity', 'mobileQuantityDropDown', 'rcxsubsQuan'] as const;

/** Largest quantity that the selector of the featured offer offers. */
export const maxQuantity = (page: Page): number | null => {
  const { box } = scopeOf(page);
  const selector =
    box?.elements.find((e) => e.name === 'select' && QUANTITY.some((id) => attr(e, 'id') === id)) ?? null;
  const values = page
    .select(selector, 'option')
    .map((option) => Number.parseInt(asciiDigits(attr(option, 'value') ?? ''), 10));
  const largest = Math.max(0, ...values.filter((value) => Number.isSafeInteger(value)));
  return largest > 0 ? largest : null;
};
