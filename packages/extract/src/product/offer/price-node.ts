import { type AnyNode, Element, isTag, isText } from 'domhandler';
import { LANGUAGES } from '@asa/contract';
import { first, hasClass, textOf } from '../../page/index.ts';
import { asciiDigits } from '../../text/digits.ts';
import { parseMoney, type Money, type MoneyContext } from '../../text/money.ts';
import { isUnseen, visibleText } from './visible.ts';

/** A price with the text that shows it. */
export interface ShownPrice extends Money {
  readonly text: string;
}

const shown = (text: string, context: MoneyContext): ShownPrice | null => {
  const money = parseMoney(text, context);
  return money === null ? null : { ...money, text };
};

/** Whole and fraction in two elements: "1,499" and "99". The fraction's decimal mark is the page's own. */
function joined(whole: string, fraction: string, sign: string, context: MoneyContext): ShownPrice | null {
  const digits = whole.replace(/[^\p{N}]+$/u, '');
  const mark = LANGUAGES[context.language].decimal;
  const number = fraction === '' ? digits : `${digits}${mark}${fraction}`;
  if (!/\p{N}/u.test(digits)) return null;
  const money = parseMoney(`${sign} ${number}`, context) ?? parseMoney(number, context);
  return money === null ? null : { ...money, text: `${sign}${number}` };
}

/** The split parts as a shopper reads them: "63,42€", "AED26.00"; spaces within "1 094" are the number's own. */
const partsText = (node: Element): string =>
  visibleText(node, (part) => hasClass(part, 'a-offscreen')).replace(/(?<!\p{N}) | (?!\p{N})/gu, '');

const digitsOf = (text: string): string => text.replace(/\P{N}+/gu, '');

/** `.a-price`: a text for screen readers beside split parts; either may be missing or broken. */
function splitPrice(node: Element, context: MoneyContext): ShownPrice | null {
  const spoken = first(node, '.a-offscreen');
  const read = spoken === null ? null : shown(textOf(spoken), context);
  if (read !== null) return read;
  const whole = first(node, '.a-price-whole');
  if (whole === null) return null;
  const sign = textOf(first(node, '.a-price-symbol'));
  const fraction = textOf(first(node, '.a-price-fraction'));
  const text = partsText(node);
  // Of a broken price a part may stand outside its element: every digit on show must have been read.
  if (digitsOf(text) !== digitsOf(textOf(whole) + fraction)) return null;
  if (fraction === '' && first(node, '.a-price-decimal') !== null) return null;
  const price = joined(textOf(whole), fraction, sign, context);
  return price === null ? null : { ...price, text };
}

function pieces(node: AnyNode, into: string[]): void {
  if (isText(node)) {
    if (/\p{N}/u.test(node.data)) into.push(node.data.trim());
  } else if (isTag(node) && !isUnseen(node) && node.name !== 'script' && node.name !== 'style') {
    for (const child of node.children) pieces(child, into);
  }
}

const TWO_DIGITS = /^\d{2}$/;

/** A price without `.a-price` markup: one text, or whole and raised fraction in elements of their own. */
function plainPrice(node: Element, context: MoneyContext): ShownPrice | null {
  const parts: string[] = [];
  for (const child of node.children) pieces(child, parts);
  const text = textOf(node);
  if (parts.length < 2) return shown(text, context);
  const [whole = '', fraction = ''] = parts;
  if (parts.length === 2 && TWO_DIGITS.test(asciiDigits(fraction)) && !/[.,٫]\p{N}{1,2}$/u.test(whole)) {
    const sign = text.slice(0, text.search(/\p{N}/u)).trim();
    return joined(whole.replace(/^\P{N}+/u, ''), fraction, sign, context);
  }
  const read = parts.map((part) => shown(part, context)).filter((price) => price !== null);
  const [one] = read;
  if (one === undefined) return shown(text, context);
  return read.every((price) => price.amount === one.amount) ? one : null;
}

/**
 * The price that an element shows, null when it shows none or several. Reads the site's split markup (a hidden text for
 * screen readers beside whole and fraction, the text sometimes empty), raised cents and plain text; "2111" is never
 * made of "21" and "11".
 */
export function readPrice(node: Element | null, context: MoneyContext): ShownPrice | null {
  if (node === null) return null;
  if (hasClass(node, 'a-price')) return splitPrice(node, context);
  const inner = first(node, '.a-price');
  return inner === null ? plainPrice(node, context) : splitPrice(inner, context);
}
