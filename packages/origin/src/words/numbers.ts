import { LANGUAGES, type Language } from '@asa/contract';

/** Numbers and dates as the pages of a language write them. Latin digits everywhere, except in dates where `Intl` says otherwise. */

const formats = new Map<string, Intl.NumberFormat>();
function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const made =
    formats.get(key) ??
    new Intl.NumberFormat(LANGUAGES[language].tag, { numberingSystem: 'latn', useGrouping: 'always', ...options });
  formats.set(key, made);
  return made;
}

/** A whole number with its grouping marks. */
export const count = (language: Language, n: number): string => numberFormat(language, {}).format(n);

/** A number with exactly `digits` decimals, or as many as it has up to three. */
export const decimal = (language: Language, n: number, digits?: number): string =>
  numberFormat(
    language,
    digits === undefined
      ? { maximumFractionDigits: 3 }
      : { minimumFractionDigits: digits, maximumFractionDigits: digits },
  ).format(n);

/** A weight or length with its unit in the language. */
export const measure = (language: Language, n: number, unit: 'kilogram' | 'gram'): string =>
  numberFormat(language, { style: 'unit', unit }).format(n);

const dates = new Map<string, Intl.DateTimeFormat>();
function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const made = dates.get(key) ?? new Intl.DateTimeFormat(LANGUAGES[language].tag, { timeZone: 'UTC', ...options });
  dates.set(key, made);
  return made;
}

/** `2024-02-07` as "7 February 2024". */
export const longDate = (language: Language, iso: string): string =>
  dateFormat(language, { dateStyle: 'long' }).format(new Date(iso));

/** `2024-02-07` as "Wednesday, 7 February". */
export const weekday = (language: Language, iso: string): string =>
  dateFormat(language, { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(iso));

const names = new Map<string, Intl.DisplayNames>();
function nameOf(language: Language, type: 'region' | 'language', code: string): string {
  const key = `${language} ${type}`;
  const made = names.get(key) ?? new Intl.DisplayNames(LANGUAGES[language].tag, { type });
  names.set(key, made);
  return made.of(code) ?? code;
}

/** The name of a country (ISO 3166-1 alpha-2) in a language. */
export const countryName = (language: Language, code: string): string => nameOf(language, 'region', code);

/** The name of a language (ISO 639-1) in a language. */
export const languageName = (language: Language, code: string): string => nameOf(language, 'language', code);

/** The day `days` after an ISO date, as an ISO date. */
export const addDays = (iso: string, days: number): string =>
  new Date(Date.parse(iso) + days * 86_400_000).toISOString().slice(0, 10);
