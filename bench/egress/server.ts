import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { describeProduct, renderProduct } from '../../packages/origin/src/index.ts';

/** Serves one page of 1.5 MB at `/gzip` and `/br`, from a process of its own, so that its CPU is not counted. */
const BYTES = 1.5e6;

/** What this process tells its parent. */
export interface Served {
  readonly port: number;
  readonly bytes: number;
  readonly encoded: Readonly<Record<string, number>>;
}

let state = 1;
const chance = (): number => (state = (state * 16_807) % 2_147_483_647);

/** A synthetic product with markup after it that shrinks about as that of the marketplace does: to a fifth or sixth. */
function page(): Buffer {
  const parts = [renderProduct(describeProduct('com', 'en_US', 'B0BENCH001'))];
  let length = parts[0]?.length ?? 0;
  while (length < BYTES) {
    const id = chance().toString(36);
    const part = `<div id="box_${id}" class="a-section a-spacing-${chance() % 9}"><span class="a-size-base">${chance() % 999} ${id.slice(0, 3)}</span></div>\n`;
    parts.push(part);
    length += part.length;
  }
  return Buffer.from(parts.join(''));
}

const body = page();
const bodies = new Map([
  ['gzip', gzipSync(body)],
  ['br', brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
]);
const server = createServer((request, response) => {
  const encoding = request.url?.slice(1) ?? '';
  const encoded = bodies.get(encoding);
  if (encoded === undefined) response.writeHead(404).end();
  else
    response
      .writeHead(200, {
        'content-type': 'text/html;charset=UTF-8',
        'content-encoding': encoding,
        'content-length': encoded.length,
      })
      .end(encoded);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const encoded = Object.fromEntries([...bodies].map(([name, { length }]) => [name, length]));
  process.send?.({ port, bytes: body.length, encoded } satisfies Served);
});
process.once('disconnect', () => process.exit());
