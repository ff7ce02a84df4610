/**
 * An origin that costs next to nothing while it is measured with: every page is made, given the ASINs that will be asked
 * for and compressed before the first request, and answered after a fixed delay, from a process of its own.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { DOMAINS, marketplace, type Domain } from '../../packages/contract/src/index.ts';
import { describeProduct, renderProduct } from '../../packages/origin/src/index.ts';

/** A page as it is saved, or a synthetic one when there is no file. */
export interface PageOf {
  readonly domain: Domain;
  readonly asin: string;
  readonly file: string | null;
}

/** What this process is told, as JSON in its first argument. */
export interface OriginPlan {
  readonly delayMs: number;
  readonly pages: readonly PageOf[];
  /** How many different products there are to ask for; the pages take turns. */
  readonly products: number;
}

/** What it answers when it is ready. */
export interface OriginReady {
  readonly port: number;
  /** Paths of the products, `/com/dp/B0...`. */
  readonly paths: readonly string[];
  /** Mean size of a page, in bytes, and as it is sent. */
  readonly bytes: number;
  readonly sent: number;
}

/** Synthetic pages, one of each marketplace. */
export const syntheticPages = (): PageOf[] =>
  DOMAINS.map((domain, i) => ({ domain, asin: `B0SYNTH${String(i).padStart(3, '0')}`, file: null }));

/** Another ASIN of the same length, so that requests at the same time are for different products. */
const nameOf = (n: number): string => `B0L${String(n).padStart(7, '0')}`;

const source = ({ domain, asin, file }: PageOf): string =>
  file === null
    ? Buffer.from(renderProduct(describeProduct(domain, marketplace(domain).languages[0], asin))).toString('latin1')
    : readFileSync(file, 'latin1');

function serve({ delayMs, pages, products }: OriginPlan): void {
  const sources = pages.map(source);
  const answers = new Map<string, Buffer>();
  let bytes = 0;
  let sent = 0;
  for (let n = 0; n < products; n++) {
    const page = pages[n % pages.length];
    const text = sources[n % pages.length];
    if (page === undefined || text === undefined) throw new Error('an origin without pages');
    const body = gzipSync(Buffer.from(text.replaceAll(page.asin, nameOf(n)), 'latin1'));
    answers.set(`/${page.domain}/dp/${nameOf(n)}`, body);
    bytes += text.length;
    sent += body.length;
  }
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const body = answers.get(request.url?.split('?')[0] ?? '');
    const answer = (): void => {
      if (body === undefined) response.writeHead(404).end();
      else
        response
          .writeHead(200, {
            'content-type': 'text/html;charset=UTF-8',
            'content-encoding': 'gzip',
            'content-length': body.length,
          })
          .end(body);
    };
    if (delayMs === 0) answer();
    else setTimeout(answer, delayMs);
  });
  server.listen(0, '127.0.0.1', 4096, () => {
    const { port } = server.address() as AddressInfo;
    const ready: OriginReady = {
      port,
      paths: [...answers.keys()],
      bytes: Math.round(bytes / products),
      sent: Math.round(sent / products),
    };
    process.send?.(ready);
  });
  process.once('disconnect', () => process.exit());
}

if (process.argv[2] !== undefined) serve(JSON.parse(process.argv[2]) as OriginPlan);
