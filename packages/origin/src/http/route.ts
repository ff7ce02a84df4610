import { isDomain, type Domain, type Language } from '@asa/contract';
import { pageLanguage } from './language.ts';

/** What a request asks for. */
export type Route =
  | { readonly kind: 'unknown_marketplace' }
  | (Place & { readonly kind: 'product'; readonly asin: string })
  | (Place & { readonly kind: 'search'; readonly query: string; readonly page: number; readonly sort: string | null })
  | (Place & { readonly kind: 'home' })
  | (Place & { readonly kind: 'other' });

interface Place {
  readonly domain: Domain;
  readonly language: Language;
  /** Path and query below the marketplace, as asked. */
  readonly path: string;
  readonly params: URLSearchParams;
}

const PRODUCT_PATH = /(?:^|\/)(?:dp|gp\/product|gp\/aw\/d|d)\/([A-Za-z0-9]{10})(?=\/|$)/;
const MAX_PAGE = 100_000;

/**
 * Reads a request target such as `/co.uk/dp/B000000000?language=en_GB`. Never throws: whatever makes no sense is
 * `unknown_marketplace` (the first path segment) or `other` (the rest).
 */
export function readRoute(target: string, cookie: string | undefined): Route {
  const url = parse(target);
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(url?.pathname ?? '') ?? [];
  if (url === null || !isDomain(first)) return { kind: 'unknown_marketplace' };
  const params = url.searchParams;
  const prefix = /^\/-\/([a-z]{2})(?=\/|$)/i.exec(rest)?.[1] ?? null;
  const language = pageLanguage(first, { query: params.get('language'), prefix, cookie });
  const place: Place = { domain: first, language, path: rest + url.search, params };

  const path = prefix === null ? rest : rest.slice(prefix.length + 3);
  const asin = PRODUCT_PATH.exec(path)?.[1];
  if (asin !== undefined) return { ...place, kind: 'product', asin: asin.toUpperCase() };
  const query = params.get('k') ?? params.get('field-keywords');
  if (/^\/s\/?$/.test(path) && query !== null)
    return {
      ...place,
      kind: 'search',
      query: query.trim(),
      page: pageNumber(params.get('page')),
      sort: params.get('s'),
    };
  return { ...place, kind: /^\/?$/.test(path) ? 'home' : 'other' };
}

/** The target may be in absolute form (a plain-http request through a proxy); only its path matters. */
function parse(target: string): URL | null {
  const absolute = /^https?:\/\//i.test(target) ? target : `http://origin.invalid/${target.replace(/^\/+/, '')}`;
  return URL.canParse(absolute) ? new URL(absolute) : null;
}

function pageNumber(text: string | null): number {
  const page = Number(text ?? '1');
  return Number.isInteger(page) && page >= 1 ? Math.min(page, MAX_PAGE) : 1;
}
