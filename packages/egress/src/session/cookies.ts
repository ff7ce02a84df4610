import { Cookie, CookieJar } from 'tough-cookie';
import { marketplace, type Domain, type Language } from '@asa/contract';
import type { CookieKeeper } from '../transport.ts';

/** Bytes of names and values in one jar; browsers send no more to one site either, and servers refuse longer headers. */
const MAX_JAR_BYTES = 16 * 1024;
/** RFC 6265 6.1: a cookie is at most this long. */
const MAX_COOKIE_BYTES = 4096;
const SENDABLE = /^[\x20-\x7e\x80-\xff]*$/;

/** The language cookie is `lc-acb` and the last part of the domain, except where this table has another name. */
const LANGUAGE_COOKIES: Readonly<Record<string, string>> = { com: 'lc-main' };

/**
 * The cookies by which a marketplace's own site remembers language and currency.
 * Source: what the language menus of the sites set (`lc-main`, `lc-acbde`, `lc-acbuk`, `i18n-prefs`). Pure.
 */
export function preferenceCookies(domain: Domain, language: Language): readonly (readonly [string, string])[] {
  const label = domain.split('.').at(-1) ?? domain;
  return [
    [LANGUAGE_COOKIES[label] ?? `lc-acb${label}`, language],
    ['i18n-prefs', marketplace(domain).currency],
  ];
}

/**
 * A cookie jar that is keyed by the marketplace's own host whatever the origin setting is: a cookie for `.amazon.com` would be
 * refused for a loopback host, and the pages of the built-in origin are those of the marketplace.
 */
export class SiteCookies implements CookieKeeper {
  readonly #jar = new CookieJar();
  readonly #host: string;
  /** Bytes of each cookie kept, so that no server fills our memory. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;

  constructor(domain: Domain, language: Language) {
    this.#host = marketplace(domain).host;
    const site = this.#host.replace(/^www\./, '');
    const home = new URL(`https://${this.#host}/`);
    this.keepCookies(
      home,
      preferenceCookies(domain, language).map(([name, value]) => `${name}=${value}; Domain=.${site}; Path=/; Secure`),
    );
  }

  cookieHeader(url: URL): string | null {
    const header = this.#jar.getCookieStringSync(this.#home(url));
    return header === '' || !SENDABLE.test(header) ? null : header;
  }

  keepCookies(url: URL, setCookie: readonly string[]): void {
    const home = this.#home(url);
    for (const text of setCookie) {
      if (text.length > MAX_COOKIE_BYTES || !SENDABLE.test(text)) continue;
      const cookie = Cookie.parse(text);
      if (cookie === undefined) continue;
      const id = `${cookie.domain ?? ''} ${cookie.path ?? ''} ${cookie.key}`;
      const size = cookie.key.length + cookie.value.length;
      const bytes = this.#bytes - (this.#sizes.get(id) ?? 0) + size;
      if (bytes > MAX_JAR_BYTES) continue;
      if (this.#jar.setCookieSync(cookie, home, { ignoreError: true }) === undefined) continue;
      this.#sizes.set(id, size);
      this.#bytes = bytes;
    }
  }

  /** The same path at the marketplace's host; always https, so that secure cookies are kept and sent. */
  #home(url: URL): string {
    return `https://${this.#host}${url.pathname}`;
  }
}
