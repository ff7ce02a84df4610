import { marketplace, type Domain, type ProductTarget, type SearchTarget, type Target } from '@asa/contract';
import { readPage, type Reading } from '../src/index.ts';
import { TARGET } from './page-tools.ts';

export const PRODUCT: ProductTarget = TARGET;
export const SEARCH: SearchTarget = {
  kind: 'search',
  domain: 'com',
  language: 'en_US',
  country: null,
  url: 'https://www.amazon.com/s?k=kettle',
  query: 'kettle',
  page: 1,
};
export const TARGETS: readonly Target[] = [PRODUCT, SEARCH];

/** The same target at another marketplace, in its own language. */
export const targetAt = (target: Target, domain: Domain): Target => ({
  ...target,
  domain,
  language: marketplace(domain).languages[0],
  url: target.url.replace('amazon.com', `amazon.${domain}`),
});

export interface Circumstances {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string | null;
}

/** Reads a page as the answer to a target. */
export const readAs = (
  page: string | Uint8Array,
  target: Target,
  { status = 200, headers = {}, contentType = 'text/html' }: Circumstances = {},
): Reading =>
  readPage({
    body: typeof page === 'string' ? Buffer.from(page, 'utf8') : page,
    contentType,
    status,
    headers,
    url: target.url,
    target,
  });

export const verdictOf = (page: string | Uint8Array, target: Target, circumstances?: Circumstances): string =>
  readAs(page, target, circumstances).verdict;

/** Random numbers of a fixed series, from 0 up to 1. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
