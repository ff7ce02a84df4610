/**
 * What bringing a page of 1.5 MB costs, in CPU time of this process, all its threads and the kernel's work for it
 * included: our transports, with the body left as it came and decoded as a reader thread does it, beside `fetch()` and bare
 * node:http, in one run against a server in another process. Checks that all bring the same bytes. Read the ratios.
 */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { decodeBody } from '../packages/egress/src/decode.ts';
import { createImpitTransport, createUndiciTransport, type Transport } from '../packages/egress/src/index.ts';
import type { Served } from './egress/server.ts';
import { quantile } from './load/client.ts';

const PAGES = Number(process.env['PAGES'] ?? 40);
const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const MAX_BYTES = 2e7;

interface Brought {
  readonly body: Uint8Array;
  /** Null: decoded already. */
  readonly encoding: string | null;
}
interface Way {
  readonly name: string;
  readonly bring: (url: string) => Promise<Brought>;
  /** Whether the page is decoded here, in one shot, as a reader thread does it. */
  readonly decodes: boolean;
}

const headers = { 'user-agent': 'bench', 'accept-encoding': 'gzip, br' };
const session = { cookieHeader: () => null, keepCookies: () => {} };

const through =
  (transport: Transport) =>
  async (url: string): Promise<Brought> => {
    const { signal } = new AbortController();
    const result = await transport.fetch({ url, headers, signal, timeoutMs: 9000, maxBytes: MAX_BYTES, session });
    if (!result.ok) throw new Error(`${result.failure.verdict}: ${result.failure.reason}`);
    return { body: result.fetched.body, encoding: result.fetched.contentEncoding };
  };

const agent = new Agent({ keepAlive: true });
const bare = (url: string): Promise<Brought> =>
  new Promise((resolve, reject) => {
    httpRequest(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ body: Buffer.concat(chunks), encoding: response.headers['content-encoding'] ?? null }),
      );
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });

const builtIn = async (url: string): Promise<Brought> => {
  const response = await fetch(url, { headers });
  return { body: new Uint8Array(await response.arrayBuffer()), encoding: null };
};

function decoded({ body, encoding }: Brought): Uint8Array {
  const result = decodeBody(body, encoding, MAX_BYTES);
  if (!result.ok) throw new Error(`the page did not decode: ${result.verdict}`);
  return result.body;
}

/** CPU ms a page. */
async function cost({ bring, decodes }: Way, url: string): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < PAGES; i++) {
    const brought = await bring(url);
    if (decodes) decoded(brought);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / PAGES;
}

const child = fork(join(import.meta.dirname, 'egress/server.ts'));
const [served] = (await once(child, 'message')) as [Served];
const undici = createUndiciTransport();
const impit = await createImpitTransport().catch((error: unknown) => {
  console.log(`SKIPPED: impit could not be loaded (${error instanceof Error ? error.message : String(error)})`);
  return null;
});
const FETCH: Way = { name: 'fetch()', bring: builtIn, decodes: false };
const OURS: Way = { name: 'ours with undici, decoded', bring: through(undici), decodes: true };
const ways: readonly Way[] = [
  { name: 'ours with undici, left as it came', bring: through(undici), decodes: false },
  OURS,
  ...(impit === null ? [] : [{ name: 'ours with impit (decodes itself)', bring: through(impit), decodes: false }]),
  FETCH,
  { name: 'node:http, left as it came', bring: bare, decodes: false },
  { name: 'node:http, decoded', bring: bare, decodes: true },
];

const median = (values: readonly number[]): number => quantile(values, 0.5);

console.log(`a page of ${(served.bytes / 1e6).toFixed(2)} MB, median of ${ROUNDS} rounds of ${PAGES} pages, in turns`);
for (const [encoding, bytes] of Object.entries(served.encoded)) {
  const url = `http://127.0.0.1:${served.port}/${encoding}`;
  const digests = new Set<string>();
  for (const { bring } of ways) {
    // Also what warms it up.
    for (let i = 0; i < 10; i++) {
      const body = decoded(await bring(url));
      digests.add(`${body.byteLength} ${createHash('sha256').update(body).digest('hex')}`);
    }
  }
  const costs = new Map<Way, number[]>(ways.map((way) => [way, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [way, figures] of costs) figures.push(await cost(way, url));
  }
  const ofFetch = median(costs.get(FETCH) ?? []);
  const isSame = digests.size === 1 && [...digests][0]?.startsWith(`${served.bytes} `);
  console.log(
    `\n${encoding}, ${(bytes / 1000).toFixed(0)} KB: ${isSame ? 'all bring the same bytes' : 'BYTES DIFFER'}`,
  );
  console.log(`${'CPU'.padStart(10)}${'of fetch()'.padStart(13)}`);
  for (const [way, figures] of costs) {
    const figure = median(figures);
    console.log(
      `${`${figure.toFixed(2)}ms`.padStart(10)}${`${(figure / ofFetch).toFixed(2)}x`.padStart(13)}  ${way.name}`,
    );
  }
  const ratio = median(costs.get(OURS) ?? []) / ofFetch;
  console.log(`goal, ours with undici and decoded at most 0.50x: ${ratio <= 0.5 ? 'met' : 'MISSED'}`);
  if (!isSame) process.exitCode = 1;
}
agent.destroy();
await Promise.all([undici.close(), impit?.close()]);
child.disconnect();
