import { isDeepStrictEqual } from 'node:util';
import { MARKETPLACES } from '@asa/contract';
import { readPage } from '@asa/extract';
import { describeProduct, describeSearch, renderProduct, renderSearch } from '@asa/origin';
const N = Number(process.argv[2] ?? 5);
const bytes = (html: string): Uint8Array => new TextEncoder().encode(html);
const input = { contentType: 'text/html;charset=UTF-8', status: 200, headers: {} };
const seen = new Map<string, number>();
const ALPH = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
let s = 7;
const rnd = () => (s = (s * 1103515245 + 12345) % 2147483648) / 2147483648;
const report = (k: string, v: string) => {
  const n = (seen.get(k) ?? 0) + 1;
  seen.set(k, n);
  if (n <= Number(process.argv[3] ?? 2)) console.log(k, v);
};
function diff(p: string, a: any, b: any, w: string): void {
  if (isDeepStrictEqual(a, b)) return;
  if (a && b && typeof a === 'object' && typeof b === 'object' && Array.isArray(a) === Array.isArray(b)) {
    for (const k of new Set([...Object.keys(a), ...Object.keys(b)]))
      diff(`${p}.${/^\d+$/.test(k) ? '#' : k}`, a[k], b[k], w);
    if (Object.keys(a).join() === Object.keys(b).join()) return;
    if (Array.isArray(a) && a.length === b.length) return;
    report(p + ' (keys)', w + ' got ' + Object.keys(a) + ' want ' + Object.keys(b));
    return;
  }
  report(p, `${w}: got ${JSON.stringify(a)} want ${JSON.stringify(b)}`);
}
const t0 = performance.now();
let pages = 0;
for (const { domain, languages } of MARKETPLACES)
  for (const language of languages) {
    for (let i = 0; i < N; i++) {
      const asin = 'B0' + Array.from({ length: 8 }, () => ALPH[Math.floor(rnd() * 36)]).join('');
      const product = describeProduct(domain, language, asin);
      const url = `https://www.amazon.${domain}/dp/${asin}`;
      const r = readPage({
        ...input,
        body: bytes(renderProduct(product)),
        url,
        target: { kind: 'product', asin, domain, language, country: null, url },
      });
      pages++;
      const w = `[${domain} ${language} ${asin}]`;
      if (r.verdict !== 'product') {
        report('verdict', w + r.verdict);
        continue;
      }
      if (r.fields.failed.length) report('failed', w + r.fields.failed);
      diff('', r.product, product.item, w);
    }
    for (const [page, sort, q] of [
      [1, null, 'mugs'],
      [2, 'price_asc', 'chairs'],
      [3, null, 'zzz no'],
    ] as any) {
      const search = describeSearch({ domain, language, query: q, page, sort });
      const url = `https://www.amazon.${domain}/s?k=${q}&page=${page}`;
      const r = readPage({
        ...input,
        body: bytes(renderSearch(search)),
        url,
        target: { kind: 'search', query: q, page, domain, language, country: null, url },
      });
      pages++;
      const w = `[${domain} ${language} ${q} ${page}]`;
      if (r.verdict !== 'list') {
        report('verdict', w + r.verdict);
        continue;
      }
      diff('S', r.list, search.read, w);
    }
  }
console.log([...seen], pages, performance.now() - t0);
