import type { Language } from '@asa/contract';

/** What decides between the meanings of an ambiguous sign: the page's language and the marketplace's own currency. */
export interface MoneyContext {
  readonly language: Language;
  /** ISO 4217 currency of the marketplace. */
  readonly currency: string;
}

/** ISO 4217 codes that the marketplaces print before or after an amount (their own and the ones they convert to). */
const CODES = (
  'AED ARS AUD AZN BDT BGN BHD BOB BRL BSD CAD CHF CLP CNY COP CRC CZK DKK DOP DZD EGP EUR FJD GBP GEL GHS GTQ HKD ' +
  'HUF IDR ILS INR ISK JMD JOD JPY KES KRW KWD KYD KZT LBP LKR MAD MNT MOP MUR MXN MYR NAD NGN NOK NZD OMR PAB PEN ' +
  'PHP PKR PLN PYG QAR RON RSD RUB SAR SEK SGD THB TND TRY TTD TWD TZS UAH USD UYU VND XAF XCD XOF ZAR'
).split(' ');

/** Signs and words with one meaning. */
const CLEAR: Readonly<Record<string, string>> = {
  US$: 'USD',
  'US $': 'USD',
  C$: 'CAD',
  CA$: 'CAD',
  CDN$: 'CAD',
  A$: 'AUD',
  AU$: 'AUD',
  S$: 'SGD',
  SG$: 'SGD',
  R$: 'BRL',
  MX$: 'MXN',
  NT$: 'TWD',
  HK$: 'HKD',
  NZ$: 'NZD',
  '€': 'EUR',
  '£': 'GBP',
  '￡': 'GBP',
  'E£': 'EGP',
  '₹': 'INR',
  रु: 'INR',
  'रु.': 'INR',
  zł: 'PLN',
  Kč: 'CZK',
  TL: 'TRY',
  '₺': 'TRY',
  円: 'JPY',
  '￥': 'JPY',
  'CN¥': 'CNY',
  元: 'CNY',
  '₩': 'KRW',
  원: 'KRW',
  '₫': 'VND',
  '₪': 'ILS',
  '฿': 'THB',
  '₱': 'PHP',
  '₦': 'NGN',
  '₴': 'UAH',
  '₸': 'KZT',
  '₽': 'RUB',
  Ft: 'HUF',
  lei: 'RON',
  'S/': 'PEN',
  RM: 'MYR',
  Rp: 'IDR',
  Dhs: 'AED',
  'Dhs.': 'AED',
  SR: 'SAR',
  LE: 'EGP',
  '\u20c1': 'SAR',
  '﷼': 'SAR',
  'ر.س': 'SAR',
  'ر.س.': 'SAR',
  ريال: 'SAR',
  'د.إ': 'AED',
  'د.إ.': 'AED',
  درهم: 'AED',
  'ج.م': 'EGP',
  'ج.م.': 'EGP',
  جنيه: 'EGP',
  'د.ك': 'KWD',
  'د.ك.': 'KWD',
  'د.ب': 'BHD',
  'د.ب.': 'BHD',
  'ر.ق': 'QAR',
  'ر.ق.': 'QAR',
  'ر.ع': 'OMR',
  'ر.ع.': 'OMR',
  'د.أ': 'JOD',
  'د.أ.': 'JOD',
};

/** Signs that several currencies share: the marketplace's own currency decides, else the language, else the first. */
interface Shared {
  readonly currencies: readonly string[];
  readonly byLanguage?: Readonly<Partial<Record<Language, string>>>;
  /** Taken when neither decides; null: the sign alone does not tell. */
  readonly otherwise: string | null;
}

const KRONE: Shared = {
  currencies: ['SEK', 'DKK', 'NOK', 'ISK'],
  byLanguage: { sv_SE: 'SEK', da_DK: 'DKK' },
  otherwise: null,
};
const RUPEE: Shared = { currencies: ['INR', 'PKR', 'LKR', 'MUR'], otherwise: 'INR' };
const SHARED: Readonly<Record<string, Shared>> = {
  $: { currencies: ['USD', 'CAD', 'AUD', 'SGD', 'MXN'], otherwise: 'USD' },
  '＄': { currencies: ['USD', 'CAD', 'AUD', 'SGD', 'MXN'], otherwise: 'USD' },
  '¥': { currencies: ['JPY', 'CNY'], otherwise: 'JPY' },
  kr: KRONE,
  'kr.': KRONE,
  Kr: KRONE,
  Rs: RUPEE,
  'Rs.': RUPEE,
};

const SIGNS: ReadonlySet<string> = new Set([...Object.keys(CLEAR), ...Object.keys(SHARED), ...CODES]);
const LONGEST = Math.max(...[...SIGNS].map((sign) => sign.length));
const LETTER_FIRST = /^[\p{L}\p{M}]/u;
const LETTER_LAST = /[\p{L}\p{M}]$/u;
/** Signs that touch words in scripts that write no spaces. */
const FREE = /^[円元원]$/;

/** The longest sign that ends the text, at a word boundary. A dollar after a letter is some other country's ("RD$"). */
export function signAtEnd(text: string): string | null {
  for (let n = Math.min(LONGEST, text.length); n > 0; n--) {
    const sign = text.slice(-n);
    if (!SIGNS.has(sign)) continue;
    const inWord = (LETTER_FIRST.test(sign) || sign === '$') && LETTER_LAST.test(text.slice(0, -n));
    return inWord ? null : sign;
  }
  return null;
}

/** The longest sign that begins the text, at a word boundary. */
export function signAtStart(text: string): string | null {
  for (let n = Math.min(LONGEST, text.length); n > 0; n--) {
    const sign = text.slice(0, n);
    if (!SIGNS.has(sign)) continue;
    const inWord = LETTER_LAST.test(sign) && !FREE.test(sign) && LETTER_FIRST.test(text.slice(n));
    return inWord ? null : sign;
  }
  return null;
}

/** ISO 4217 currency of a sign, word or code; null when it is unknown or could be several. */
export function currencyOf(sign: string, context: MoneyContext): string | null {
  const shared = Object.hasOwn(SHARED, sign) ? SHARED[sign] : undefined;
  if (shared !== undefined) {
    if (shared.currencies.includes(context.currency)) return context.currency;
    return shared.byLanguage?.[context.language] ?? shared.otherwise;
  }
  if (Object.hasOwn(CLEAR, sign)) return CLEAR[sign] ?? null;
  return CODES.includes(sign) ? sign : null;
}

/** Currencies without two decimals. Source: ISO 4217 (`Intl` follows other rules for some, for example PKR). */
const EXPONENTS: Readonly<Record<string, number>> = {
  CLP: 0,
  ISK: 0,
  JPY: 0,
  KRW: 0,
  PYG: 0,
  VND: 0,
  XAF: 0,
  XOF: 0,
  BHD: 3,
  JOD: 3,
  KWD: 3,
  OMR: 3,
  TND: 3,
};

/** Digits after the decimal mark of a currency: 2, yen 0, Kuwaiti dinar 3. */
export const exponentOf = (currency: string): number => EXPONENTS[currency] ?? 2;
