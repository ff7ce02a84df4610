import { LANGUAGES, type Language } from '@asa/contract';

/**
 * The sign the pages use where it is not the one of `Intl`, by currency and base language (`*`: any other).
 * Where the sign stands, and whether a space parts it, stays as `Intl` has it for the language unless `after` says so.
 */
const SIGNS: Readonly<Record<string, Readonly<Record<string, { readonly sign: string; readonly after?: true }>>>> = {
  AED: { ar: { sign: 'درهم', after: true } },
  SAR: { ar: { sign: 'ريال', after: true } },
  EGP: { ar: { sign: 'جنيه', after: true } },
  TRY: { tr: { sign: 'TL', after: true } },
  SGD: { '*': { sign: 'S$' } },
};

/** An amount in the parts that a page shows. */
export interface ShownMoney {
  /** The whole text, for example "1.234,50 €". */
  readonly text: string;
  readonly sign: string;
  /** The sign stands before the number. */
  readonly signFirst: boolean;
  /** What parts sign and number: a no-break space or nothing. */
  readonly gap: string;
  /** Whole part with grouping marks. */
  readonly whole: string;
  readonly mark: string | null;
  readonly fraction: string | null;
}

/** The amount as its split form reads, where no space parts sign and number. */
export const splitText = ({ sign, signFirst, whole, mark, fraction }: ShownMoney): string => {
  const number = whole + (mark ?? '') + (fraction ?? '');
  return signFirst ? sign + number : number + sign;
};

const formats = new Map<string, Intl.NumberFormat>();
function format(language: Language, currency: string): Intl.NumberFormat {
  const key = `${language} ${currency}`;
  const { tag } = LANGUAGES[language];
  const made =
    formats.get(key) ??
    new Intl.NumberFormat(tag, { style: 'currency', currency, numberingSystem: 'latn', useGrouping: 'always' });
  formats.set(key, made);
  return made;
}

const digits = new Map<string, number>();

/** Decimals of a currency. */
export function minorDigits(currency: string): number {
  const known =
    digits.get(currency) ??
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
    2;
  digits.set(currency, known);
  return known;
}

/** An amount in major units as a page of the language shows it. */
export function money(language: Language, currency: string, amount: number): ShownMoney {
  const parts = format(language, currency).formatToParts(amount);
  const text = (...types: string[]): string =>
    parts.flatMap((part) => (types.includes(part.type) ? [part.value] : [])).join('');
  const own = SIGNS[currency]?.[LANGUAGES[language].tag.split('-')[0] ?? ''] ?? SIGNS[currency]?.['*'];
  const signAt = parts.findIndex((part) => part.type === 'currency');
  const sign = own?.sign ?? text('currency');
  const signFirst = own?.after !== true && signAt < parts.findIndex((part) => part.type === 'integer');
  const gap = own?.after === true || text('literal').includes('\u00a0') ? '\u00a0' : '';
  const whole = text('integer', 'group');
  const mark = text('decimal') || null;
  const fraction = text('fraction') || null;
  const number = whole + (mark ?? '') + (fraction ?? '');
  return { text: signFirst ? sign + gap + number : number + gap + sign, sign, signFirst, gap, whole, mark, fraction };
}
