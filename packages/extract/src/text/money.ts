import { cleanText, LANGUAGES } from '@asa/contract';
import { currencyOf, exponentOf, signAtEnd, signAtStart, type MoneyContext } from './currency.ts';
import { readDecimal } from './decimal.ts';
import { asciiDigits } from './digits.ts';

export type { MoneyContext } from './currency.ts';

/** An amount in major units of `currency`, exact to its exponent. `currency` null: the text named none. */
export interface Money {
  readonly amount: number;
  readonly currency: string | null;
}

/** Lower and upper end of a price range. */
export interface MoneyRange {
  readonly min: number;
  readonly max: number;
  readonly currency: string | null;
}

/** Cleaned white space is a plain space; three digits after one belong to the number only where spaces group. */
const PLAIN = /\d+(?:[.,٫٬،，'’]\d+)*/g;
const SPACED = /\d+(?:[.,٫٬،，'’]\d+| \d{3}(?!\d))*/g;
/** Nothing but one such number and its sign: there spaces group in any language ("1 234,56 $" on a page in English). */
const SPACED_ALONE = /^(\D{0,6})\d{1,3}(?: \d{3})+(?:[.,٫]\d{1,2})?(\D{0,6})$/;
/** "12,-", "12:-": a dash in place of the fraction. */
const DASH = /^[,.:][-–—](?!\d)/;
const PERCENT = /^\s?[%٪]/;
const LETTER_OR_MARK = /[\p{L}\p{M}]/u;
/** No-break spaces group digits in every language. */
const TIED = /(\d)[\u00a0\u202f\u2009](?=\d{3}(?!\d))/g;
/** Pages escape these twice in texts for screen readers. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&nbsp;': ' ',
  '&euro;': '€',
  '&pound;': '£',
  '&yen;': '¥',
  '&amp;': '&',
};

function prepare(text: string): string {
  const plain = text.includes('&') ? text.replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity) : text;
  return cleanText(asciiDigits(plain).replace(TIED, '$1’'));
}

/** One number of a text that could be an amount: `index` and `end` include its sign; `amount` is NaN when unreadable. */
interface Found extends Money {
  readonly index: number;
  readonly end: number;
}

const withoutSpace = (text: string): string => (text.startsWith(' ') ? text.slice(1) : text);

/**
 * Sign after a number. When a sign stands before it too, only a code counts ("$12.99 CAD"), and not one that leads
 * the next amount.
 */
function signAfter(rest: string, led: boolean): { sign: string; length: number } | null {
  const text = withoutSpace(rest);
  const sign = signAtStart(text);
  if (sign === null) return null;
  const length = rest.length - text.length + sign.length;
  if (led && (!/^[A-Z]{3}$/.test(sign) || /^ ?\d/.test(rest.slice(length)))) return null;
  return { sign, length };
}

interface Scan {
  readonly text: string;
  readonly context: MoneyContext;
  readonly fine: boolean;
}

/** The amount around one number; `from` is where the amount before it ended. */
function amountAt({ text, context, fine }: Scan, digits: string, at: number, from: number): Found | null {
  let end = at + digits.length;
  const rest = text.slice(end, end + 12);
  if (PERCENT.test(rest)) return null;
  end += DASH.exec(rest)?.[0].length ?? 0;
  const led = text.slice(Math.max(from, at - 9), at).replace(/ $/, '');
  const before = signAtEnd(led);
  const after = signAfter(text.slice(end, end + 10), before !== null);
  const sign = after?.sign ?? before;
  const currency = sign === null ? null : currencyOf(sign, context);
  const exponent = exponentOf(currency ?? context.currency);
  // "2 111,00 $" among words, where spaces do not group: the rest of a larger amount, or one of two numbers.
  const isRest = /^\d{3}(?!\d)/.test(digits) && /\d $/.test(text.slice(Math.max(0, at - 2), at));
  const number = readDecimal(digits.replace(/[،，]/g, ','), { language: context.language, exponent, fine });
  if (number === null && sign === null) return null;
  const amount = number === null || (isRest && sign !== null) ? Number.NaN : number;
  const index = before === null ? at : text.lastIndexOf(before, at - 1);
  return { amount, currency, index, end: end + (after?.length ?? 0) };
}

function isSpacedAlone(text: string): boolean {
  const found = SPACED_ALONE.exec(text);
  const [before, after] = [found?.[1]?.trim() ?? '', found?.[2]?.trim() ?? ''];
  return found !== null && signAtEnd(before) === (before || null) && signAtStart(after) === (after || null);
}

function scan(text: string, context: MoneyContext, fine: boolean): Found[] {
  const grouping: readonly string[] = LANGUAGES[context.language].grouping;
  const spaced = grouping.includes(' ') || isSpacedAlone(text);
  const hits: Found[] = [];
  let from = 0;
  for (const match of text.matchAll(spaced ? SPACED : PLAIN)) {
    const hit = amountAt({ text, context, fine }, match[0], match.index, from);
    from = hit?.end ?? match.index + match[0].length;
    if (hit !== null) hits.push(hit);
  }
  return hits;
}

const named = (hits: readonly Found[]): Found[] => hits.filter((hit) => hit.currency !== null);

/** Every amount of a text that stands beside a currency's sign or code, in order. */
export function amountsIn(text: string, context: MoneyContext): Money[] {
  const readable = named(scan(prepare(text), context, false)).filter((hit) => !Number.isNaN(hit.amount));
  return readable.map(({ amount, currency }) => ({ amount, currency }));
}

function only(hits: readonly Found[]): Money | null {
  const [first] = hits;
  if (first === undefined) return null;
  const same = hits.every((hit) => hit.amount === first.amount && hit.currency === first.currency);
  return same ? { amount: first.amount, currency: first.currency } : null;
}

function parse(text: string, context: MoneyContext, fine: boolean): Money | null {
  const clean = prepare(text);
  const hits = scan(clean, context, fine);
  const priced = named(hits);
  if (priced.length > 0) return only(priced);
  return hits.length === 1 && !LETTER_OR_MARK.test(clean) && !/[%٪]/.test(clean) ? only(hits) : null;
}

/**
 * The one amount of a price text: "$1,234.56", "1.234,56 €", "1 234,56 zł", "₹1,29,999", "¥1,234", "٩٩٫٠٠ ر.س",
 * with words around it or not. Exact to the currency's exponent.
 * Null when there is no amount, when there are several different ones (a range is no price), when the number has more
 * decimals than the currency, or when a number stands alone among words. A bare number without words has `currency` null.
 */
export const parseMoney = (text: string, context: MoneyContext): Money | null => parse(text, context, false);

/** Like `parseMoney`, for prices of one unit, which may have more decimals than the currency ("$0.045 / Count"). */
export const parseUnitMoney = (text: string, context: MoneyContext): Money | null => parse(text, context, true);

/** Between the two ends of a range there is a dash or one short word ("to", "bis", "a"). */
const BETWEEN = /^\s*(?:[-–—~〜～]|\p{L}{1,4})\s*$/u;

/** Two different amounts of one currency that a dash joins, the lower first: "$12.99 - $24.99". Null otherwise. */
export function parseMoneyRange(text: string, context: MoneyContext): MoneyRange | null {
  const clean = prepare(text);
  const hits = scan(clean, context, false);
  const [low, high] = hits;
  if (low === undefined || high === undefined || hits.length > 2) return null;
  if (!BETWEEN.test(clean.slice(low.end, high.index))) return null;
  const currency = high.currency ?? low.currency;
  if (currency === null || (low.currency ?? currency) !== (high.currency ?? currency)) return null;
  return low.amount < high.amount ? { min: low.amount, max: high.amount, currency } : null;
}
