import { LANGUAGES, marketplace, type Domain, type Language } from '@asa/contract';

/** Everything in a request that can choose the page's language. */
export interface LanguageWishes {
  /** `language=` of the query. */
  readonly query: string | null;
  /** `xx` of a path that starts with `/-/xx/`. */
  readonly prefix: string | null;
  readonly cookie: string | undefined;
}

/**
 * The language a page is served in: the query, then the path's prefix, then the cookie (`lc-main`, or `lc-acb` + the
 * end of the domain), then the marketplace's first. A language that the marketplace does not have is ignored.
 */
export function pageLanguage(domain: Domain, wishes: LanguageWishes): Language {
  const { languages } = marketplace(domain);
  const exact = (wish: string | null): Language | undefined =>
    wish === null ? undefined : languages.find((l) => l.toLowerCase() === wish.replace('-', '_').toLowerCase());
  const byPrefix = languages.find((l) => LANGUAGES[l].tag.split('-')[0] === wishes.prefix?.toLowerCase());
  return exact(wishes.query) ?? byPrefix ?? exact(languageCookie(domain, wishes.cookie)) ?? languages[0];
}

function languageCookie(domain: Domain, header: string | undefined): string | null {
  const names = new Set(['lc-main', `lc-acb${domain.split('.').at(-1) ?? ''}`]);
  for (const pair of (header ?? '').split(';')) {
    const [name = '', value = ''] = pair.split('=');
    if (names.has(name.trim())) return value.trim();
  }
  return null;
}
