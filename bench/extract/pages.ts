import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDomain, marketplace, type Target } from '@asa/contract';
import type { PageInput } from '../../packages/extract/src/read.ts';

export const CORPUS = join(import.meta.dirname, '../../../shared/corpus');
export const hasCorpus = (): boolean => existsSync(CORPUS);

interface Row {
  readonly file: string;
  readonly kind: string;
  readonly marketplace: string;
  readonly asin?: string;
  readonly query?: string;
}

function inputOf(row: Row): PageInput | null {
  if (!isDomain(row.marketplace)) return null;
  const base = {
    domain: row.marketplace,
    language: marketplace(row.marketplace).languages[0],
    country: null,
    url: `https://www.amazon.${row.marketplace}/dp/${row.asin ?? ''}`,
  };
  const target: Target =
    row.kind === 'product'
      ? { ...base, kind: 'product', asin: row.asin ?? '' }
      : { ...base, kind: 'search', query: row.query ?? '', page: 1 };
  const body = readFileSync(join(CORPUS, row.file));
  return { body, contentType: 'text/html;charset=UTF-8', status: 200, headers: {}, url: base.url, target };
}

/** The corpus pages of one kind, as a worker gets them: bytes. */
export function inputsOf(kind: 'product' | 'search'): PageInput[] {
  return readFileSync(join(CORPUS, 'index.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
    .filter((row) => row.kind === kind)
    .map(inputOf)
    .filter((input) => input !== null);
}
