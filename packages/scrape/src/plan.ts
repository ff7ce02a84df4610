import {
  marketplace,
  SORTS,
  type Domain,
  type Language,
  type ProductParams,
  type ProductTarget,
  type SearchParams,
  type SearchTarget,
} from '@asa/contract';

/**
 * The `plan` stage: parameters and marketplace row -> the page to fetch. Pure.
 * `template` is the origin with `{domain}` in it, for example `https://www.amazon.{domain}`.
 */
export function planProduct(params: ProductParams, template: string): ProductTarget {
  const url = pageUrl(template, params.domain, `/dp/${params.asin}`);
  // th and psc keep the chosen variation selected instead of showing its family's default.
  url.searchParams.set('th', '1');
  url.searchParams.set('psc', '1');
  askLanguage(url, params.domain, params.language);
  return {
    kind: 'product',
    asin: params.asin,
    domain: params.domain,
    language: params.language,
    country: params.country,
    url: url.href,
  };
}

/** The target of one result page of a search; `page` counts from 1. */
export function planSearch(params: SearchParams, page: number, template: string): SearchTarget {
  const url = pageUrl(template, params.domain, '/s');
  url.searchParams.set('k', params.query);
  if (page > 1) url.searchParams.set('page', String(page));
  const sort = SORTS[params.sort_by];
  if (sort !== null) url.searchParams.set('s', sort);
  askLanguage(url, params.domain, params.language);
  return {
    kind: 'search',
    query: params.query,
    page,
    domain: params.domain,
    language: params.language,
    country: params.country,
    url: url.href,
  };
}

function pageUrl(template: string, domain: Domain, path: string): URL {
  return new URL(template.replaceAll('{domain}', domain).replace(/\/+$/, '') + path);
}

/** A page in the marketplace's first language is what it serves unasked; any other is asked for as its own pages do. */
function askLanguage(url: URL, domain: Domain, language: Language): void {
  if (language !== marketplace(domain).languages[0]) url.searchParams.set('language', language);
}
