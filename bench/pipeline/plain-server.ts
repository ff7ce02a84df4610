/**
 * What most scrapers are: a server that fetches the page with `fetch()`, holds it with cheerio and reads the same fields with
 * the same functions. Nothing is billed, judged twice, retried or traced.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDomain, marketplace, type Target } from '../../packages/contract/src/index.ts';
import { readMade } from '../../packages/extract/src/read.ts';
import { CheerioPage } from '../extract/cheerio-page.ts';

/** What this process tells its parent. */
export interface PlainReady {
  readonly port: number;
}

async function answer(path: string, origin: string): Promise<string> {
  const [, domain = '', , asin = ''] = path.split('/');
  if (!isDomain(domain)) throw new Error(`no marketplace ${domain}`);
  const response = await fetch(`${origin}${path}`);
  const body = new Uint8Array(await response.arrayBuffer());
  const url = `https://${marketplace(domain).host}/dp/${asin}`;
  const [language] = marketplace(domain).languages;
  const target: Target = { kind: 'product', domain, language, country: null, url, asin };
  const contentType = response.headers.get('content-type');
  const input = { body, contentType, status: response.status, headers: {}, url, target };
  const reading = readMade(new CheerioPage(input).parse(input, false), input);
  if (reading.verdict !== 'product') throw new Error(`the page was judged ${reading.verdict}`);
  return JSON.stringify(reading.product);
}

const { origin } = JSON.parse(process.argv[2] ?? '{}') as { origin: string };
const server = createServer((request, response) => {
  answer(request.url ?? '', origin).then(
    (text) => response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(text),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ port } satisfies PlainReady);
});
process.once('disconnect', () => process.exit());
