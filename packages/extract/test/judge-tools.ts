import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PageVerdict, ProductTarget, SearchTarget, Target } from '@asa/contract';
import { readPage, type Reading } from '../src/index.ts';
import { judge } from '../src/judge/index.ts';
import { createPage } from '../src/page/index.ts';

export const PRODUCT: ProductTarget = {
  kind: 'product',
  domain: 'com',
  language: 'en_US',
  country: null,
  url: 'https://www.amazon.com/dp/B000TEST01',
  asin: 'B000TEST01',
};
export const SEARCH: SearchTarget = {
  kind: 'search',
  domain: 'com',
  language: 'en_US',
  country: null,
  url: 'https://www.amazon.com/s?k=lamp',
  query: 'lamp',
  page: 1,
};

export const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../fixtures', `${name}.html`), 'utf8');

export interface Given {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string | null;
  readonly target?: Target;
  readonly url?: string;
}

const inputOf = (body: string | Uint8Array, given: Given) => {
  const target = given.target ?? PRODUCT;
  return {
    body: typeof body === 'string' ? Buffer.from(body) : body,
    contentType: given.contentType === undefined ? 'text/html;charset=UTF-8' : given.contentType,
    status: given.status ?? 200,
    headers: given.headers ?? {},
    url: given.url ?? target.url,
    target,
  };
};

export function verdictOf(body: string | Uint8Array, given: Given = {}): PageVerdict {
  const input = inputOf(body, given);
  return judge(createPage(input), input).verdict;
}

export const reading = (body: string | Uint8Array, given: Given = {}, judged?: () => void): Reading =>
  readPage(inputOf(body, given), judged);

/** The product page of the fixtures with these texts. */
export const productPage = ({ title = 'A lamp of the tests', bullet = 'Bright', review = 'Good' } = {}): string =>
  fixture('judge/product')
    .replaceAll('{{title}}', title)
    .replaceAll('{{bullet}}', bullet)
    .replaceAll('{{review}}', review);
