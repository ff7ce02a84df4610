import { LANGUAGES, type Language } from './languages.ts';

/** A marketplace is one row; no code branches on one. Source: contract section 11. */
export interface Marketplace {
  /** What callers send as `domain`: the part after `amazon.`. */
  readonly domain: string;
  /** Host of the marketplace's own site. Cookies are keyed by it whatever the origin setting is. */
  readonly host: string;
  /** ISO 3166-1 alpha-2 country of the marketplace. */
  readonly country: string;
  /** ISO 4217 currency of its prices unless the page shows another. */
  readonly currency: string;
  /** Amazon's marketplace id (`ue_mid` on the pages). */
  readonly marketplaceId: string;
  /** UI languages; the first is the default. */
  readonly languages: readonly [Language, ...Language[]];
  /** IANA time zone of the marketplace. */
  readonly timeZone: string;
}

const row = <const D extends string>(
  domain: D,
  country: string,
  currency: string,
  marketplaceId: string,
  timeZone: string,
  ...languages: [Language, ...Language[]]
) => ({ domain, host: `www.amazon.${domain}` as const, country, currency, marketplaceId, languages, timeZone });

/** The twenty marketplaces in contract order. */
export const MARKETPLACES = [
  row(
    'com',
    'US',
    'USD',
    'ATVPDKIKX0DER',
    'America/Los_Angeles',
    'en_US',
    'es_US',
    'de_DE',
    'ko_KR',
    'pt_BR',
    'zh_CN',
    'zh_TW',
    'he_IL',
    'ar_AE',
  ),
  row('co.uk', 'GB', 'GBP', 'A1F83G8C2ARO7P', 'Europe/London', 'en_GB'),
  row(
    'de',
    'DE',
    'EUR',
    'A1PA6795UKMFR9',
    'Europe/Berlin',
    'de_DE',
    'en_GB',
    'cs_CZ',
    'nl_NL',
    'pl_PL',
    'tr_TR',
    'da_DK',
  ),
  row('fr', 'FR', 'EUR', 'A13V1IB3VIYZZH', 'Europe/Paris', 'fr_FR', 'en_GB'),
  row('it', 'IT', 'EUR', 'APJ6JRA9NG5V4', 'Europe/Rome', 'it_IT', 'en_GB'),
  row('es', 'ES', 'EUR', 'A1RKKUPIHCS9HS', 'Europe/Madrid', 'es_ES', 'pt_PT', 'en_GB'),
  row('nl', 'NL', 'EUR', 'A1805IZSGTT6HS', 'Europe/Amsterdam', 'nl_NL', 'en_GB'),
  row('pl', 'PL', 'PLN', 'A1C3SOZRARQ6R3', 'Europe/Warsaw', 'pl_PL'),
  row('se', 'SE', 'SEK', 'A2NODRKZP88ZB9', 'Europe/Stockholm', 'sv_SE', 'en_GB'),
  row('ca', 'CA', 'CAD', 'A2EUQ1WTGCTBG2', 'America/Toronto', 'en_CA', 'fr_CA'),
  row('com.mx', 'MX', 'MXN', 'A1AM78C64UM0Y8', 'America/Mexico_City', 'es_MX'),
  row('com.br', 'BR', 'BRL', 'A2Q3Y263D00KWC', 'America/Sao_Paulo', 'pt_BR'),
  row('com.au', 'AU', 'AUD', 'A39IBJ37TRP1C6', 'Australia/Sydney', 'en_AU'),
  row('co.jp', 'JP', 'JPY', 'A1VC38T7YXB528', 'Asia/Tokyo', 'ja_JP', 'en_US', 'zh_CN'),
  row('sg', 'SG', 'SGD', 'A19VAU5U5O7RUS', 'Asia/Singapore', 'en_SG'),
  row(
    'in',
    'IN',
    'INR',
    'A21TJRUUN4KGV',
    'Asia/Kolkata',
    'en_IN',
    'hi_IN',
    'kn_IN',
    'ml_IN',
    'ta_IN',
    'te_IN',
    'mr_IN',
    'bn_IN',
  ),
  row('com.tr', 'TR', 'TRY', 'A33AVAJ2PDY3EV', 'Europe/Istanbul', 'tr_TR'),
  row('ae', 'AE', 'AED', 'A2VIGQ35RCS4UG', 'Asia/Dubai', 'en_AE', 'ar_AE'),
  row('sa', 'SA', 'SAR', 'A17E79C6D8DWNP', 'Asia/Riyadh', 'ar_AE', 'en_AE'),
  row('eg', 'EG', 'EGP', 'ARBP9OOSHTCHU', 'Africa/Cairo', 'ar_AE', 'en_AE'),
] as const satisfies readonly Marketplace[];

export type Domain = (typeof MARKETPLACES)[number]['domain'];
export type { Language };

/** Every domain in contract order. */
export const DOMAINS = MARKETPLACES.map((m) => m.domain) as [Domain, ...Domain[]];
export const DEFAULT_DOMAIN: Domain = 'com';

const byDomain = new Map<string, Marketplace & { readonly domain: Domain }>(MARKETPLACES.map((m) => [m.domain, m]));

/** The row of a known domain. */
export function marketplace(domain: Domain): Marketplace & { readonly domain: Domain } {
  const found = byDomain.get(domain);
  if (found === undefined) throw new RangeError(`no marketplace row for ${domain}`);
  return found;
}

export const isDomain = (text: string): text is Domain => byDomain.has(text);

/** Every UI language of any marketplace. */
export const ALL_LANGUAGES = Object.keys(LANGUAGES) as [Language, ...Language[]];
