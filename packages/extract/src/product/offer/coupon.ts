import type { Element } from 'domhandler';
import { attr, hasClass, type Page } from '../../page/index.ts';
import type { Part } from './part.ts';
import { scopeOf } from './scope.ts';
import { orNull, visibleText } from './visible.ts';

const TEXT_ID = /^couponText(?!.*icon)/i;
const LABEL_ID = /^couponLabel/i;
const MESSAGE_ID = /^couponMessage/i;
/** Before 2021. */
const OLD_IDS = /^(?:couponBadgeRegularVpc|couponTextRegularVpc|vpcButton)/;

/** Links to the terms, and the check box. */
const isAside = (element: Element): boolean =>
  element.name === 'a' || hasClass(element, 'a-declarative') || element.name === 'i';

/** What stood between links to the terms. */
const LINK_MARKS = /[\s|]+$/;

const idOf = (element: Element): string => attr(element, 'id') ?? '';

function couponIn(part: Part): string | null {
  const text = part.elements.find((e) => TEXT_ID.test(idOf(e))) ?? part.byClass('couponLabelText')[0];
  if (text !== undefined) return orNull(visibleText(text, isAside).replace(LINK_MARKS, ''));
  const label = part.elements.find((e) => LABEL_ID.test(idOf(e)));
  if (label !== undefined) {
    const message = part.elements.find((e) => MESSAGE_ID.test(idOf(e))) ?? null;
    return orNull(`${visibleText(label, isAside)} ${visibleText(message, isAside)}`.trim());
  }
  const old = part.elements.find((e) => OLD_IDS.test(idOf(e)));
  return old === undefined ? null : orNull(visibleText(old, isAside));
}

/** The coupon of the featured offer, as shown; the templates of coupons already clipped or of other rows are hidden. */
export const coupon = (page: Page): string | null => {
  const { block, box } = scopeOf(page);
  return couponIn(block) ?? (box === null ? null : couponIn(box));
};
