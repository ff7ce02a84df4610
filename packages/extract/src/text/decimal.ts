import { LANGUAGES, type Language } from '@asa/contract';

/** What decides how the marks of a number are read. */
export interface NumberRules {
  readonly language: Language;
  /** Digits that the currency has after its decimal mark. */
  readonly exponent: number;
  /** Unit prices may have more digits than the currency ("0.0312 / ml"). */
  readonly fine: boolean;
}

const GROUPS = /^\d{1,3}(?:\D\d{2,3})*\D\d{3}$/;
const MARKS = /[^\d]/g;

/** A grouped whole number ("1,234", "1.234.567", "1,29,999") without its marks; null when it is not one. */
function ungroup(text: string): string | null {
  if (/^\d+$/.test(text)) return text;
  if (!GROUPS.test(text) || new Set(text.match(MARKS)).size !== 1) return null;
  return text.replace(MARKS, '');
}

/** Whether the only mark of `whole` + mark + `fraction` is the decimal mark. */
function isDecimal(mark: string, whole: string, fraction: string, rules: NumberRules): boolean {
  if (/[\s'’٬]/.test(mark)) return false;
  if (mark === '٫') return true;
  return fraction.length < 3 || /^0+$/.test(whole) || LANGUAGES[rules.language].decimal === mark;
}

/** Value of the two parts, exact; null when the fraction has more digits than the currency allows. */
function value(whole: string, fraction: string, rules: NumberRules): number | null {
  const short = fraction.replace(/0+$/, '');
  if (short.length > rules.exponent && !rules.fine) return null;
  return Number(short === '' ? whole : `${whole}.${short}`);
}

/**
 * Reads a number written with ASCII digits and any marks: "1,234.56", "1.234,56", "1 234,56", "1,29,999", "1234".
 * The last of two kinds of mark is the decimal one. A single mark before three or more digits groups them, unless
 * it is the language's own decimal mark. Null when the marks make no sense or the fraction is longer than the currency's.
 */
export function readDecimal(text: string, rules: NumberRules): number | null {
  const marks = text.match(MARKS) ?? [];
  const last = marks.at(-1);
  if (last === undefined) return Number(text);
  const at = text.lastIndexOf(last);
  const head = text.slice(0, at);
  const fraction = text.slice(at + last.length);
  const decimal = marks.length > 1 ? !marks.slice(0, -1).includes(last) : isDecimal(last, head, fraction, rules);
  if (!decimal) {
    const whole = ungroup(text);
    return whole === null ? null : Number(whole);
  }
  if (/[\s'’٬]/.test(last)) return null;
  const whole = ungroup(head);
  return whole === null ? null : value(whole, fraction, rules);
}
