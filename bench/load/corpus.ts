import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDomain, marketplace, type Domain } from '../../packages/contract/src/index.ts';
import { readPage } from '../../packages/extract/src/read.ts';
import { CORPUS, hasCorpus } from '../extract/pages.ts';
import type { PageOf } from './origin.ts';

interface Row {
  readonly file: string;
  readonly kind: string;
  readonly marketplace: string;
  readonly asin?: string;
}

/** The product pages of the corpus that read as the product they are saved as; none, said loudly, without the corpus. */
export function corpusPages(): PageOf[] {
  if (!hasCorpus()) {
    console.log(`SKIPPED: the corpus is not there (${CORPUS}); nothing was measured with real pages.`);
    return [];
  }
  return readFileSync(join(CORPUS, 'index.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
    .flatMap((row) => {
      const { kind, asin, marketplace: domain } = row;
      if (kind !== 'product' || asin === undefined || !isDomain(domain)) return [];
      const page = { domain, asin, file: join(CORPUS, row.file) };
      return isProduct(page) ? [page] : [];
    });
}

function isProduct({ domain, asin, file }: { domain: Domain; asin: string; file: string }): boolean {
  const url = `https://${marketplace(domain).host}/dp/${asin}`;
  const target = {
    kind: 'product',
    domain,
    language: marketplace(domain).languages[0],
    country: null,
    url,
    asin,
  } as const;
  const input = {
    body: readFileSync(file),
    contentType: 'text/html;charset=UTF-8',
    status: 200,
    headers: {},
    url,
    target,
  };
  return readPage(input).verdict === 'product';
}
