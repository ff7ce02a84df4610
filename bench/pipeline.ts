/**
 * Whole product requests on one core: the program as `npm start` runs it, with its PostgreSQL (fsync on), live keys and the
 * capture durable before the answer, against an origin that has the pages of the corpus, beside a `fetch()` and cheerio
 * server that reads the same fields. Client and origin run on the other core, in processes of their own.
 *
 * The server carries identical requests at the same time out only once, so every caller asks for products of its own: the pages of the
 * corpus under other ASINs.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { against, createClient, crowd, quantile, type Got } from './load/client.ts';
import { corpusPages } from './load/corpus.ts';
import {
  cpuSeconds,
  hasTaskset,
  pin,
  startOriginProcess,
  startScript,
  startServerProcess,
  type Child,
} from './load/processes.ts';
import type { PlainReady } from './pipeline/plain-server.ts';

const SECONDS = Number(process.env['SECONDS'] ?? 12);
/** Until what reads pages is compiled: some thousand pages. */
const WARM = Number(process.env['WARM'] ?? 20);
const CALLERS = Number(process.env['CALLERS'] ?? 16);
const GOAL = { perSecond: 70, times: 15, overheadMs: 15 } as const;

const one = (value: number): string => value.toFixed(1);

/** A server under test: how a product is asked for, by the path of its page. */
interface Way extends Child {
  readonly get: (path: string, n: number) => Promise<Got>;
}

interface Speed {
  readonly perSecond: number;
  readonly failed: number;
  /** CPU time of an answer, in ms: all processes of the server, and the first alone. */
  readonly cpu: { readonly all: number; readonly own: number } | null;
}

async function saturate(way: Way, paths: readonly string[], callers: number, seconds: number): Promise<Speed> {
  const each = Math.floor(paths.length / callers);
  const before = cpuSeconds(way.pid);
  const started = performance.now();
  const { answered, failed } = await crowd({
    size: callers,
    rampMs: 0,
    lastMs: seconds * 1000,
    async ask(caller, turn) {
      const { status, body } = await way.get(paths[caller + callers * (turn % each)] ?? '', caller);
      if (status !== 200) console.log(`  ${status}: ${body.toString().slice(0, 200)}`);
      return status === 200;
    },
  });
  const took = (performance.now() - started) / 1000;
  const after = cpuSeconds(way.pid);
  const cost = (from: number, to: number): number => ((to - from) / answered) * 1000;
  const cpu =
    before === null || after === null ? null : { all: cost(before.all, after.all), own: cost(before.own, after.own) };
  return { perSecond: answered / took, failed, cpu };
}

/** Fields of which the two servers say different things. */
function differing(ours: Buffer, plain: Buffer): string[] {
  const found = JSON.parse(ours.toString()) as Record<string, unknown>;
  return Object.entries(JSON.parse(plain.toString()) as Record<string, unknown>)
    .filter(([key, value]) => !isDeepStrictEqual(found[key], value))
    .map(([key]) => key);
}

const told = ({ perSecond, failed, cpu }: Speed): string => {
  const cost = cpu === null ? '' : `, CPU an answer ${one(cpu.all)} ms (the server alone ${one(cpu.own)} ms)`;
  return `${one(perSecond)} a second${cost}${failed === 0 ? '' : `, ${failed} FAILED`}`;
};

async function run(): Promise<void> {
  const pages = corpusPages();
  if (pages.length === 0) return;
  const [core, others] = hasTaskset() ? [0, 1] : [null, null];
  if (core === null)
    console.log('taskset is not there: the servers have every core, the figures are not those of one.');
  else pin(process.pid, others);
  const origin = await startOriginProcess({ delayMs: 0, pages, products: CALLERS * 8 }, others);
  const { port, paths, bytes, sent } = origin.ready;
  const originUrl = `http://127.0.0.1:${port}`;
  console.log(
    `${pages.length} pages of the corpus under ${paths.length} ASINs, ${one(bytes / 1e6)} MB, ${one(sent / 1000)} KB as sent`,
  );
  const settings = { ASA_ORIGIN_URL: `${originUrl}/{domain}`, ASA_EXTRACT_THREADS: '1' };
  const server = await startServerProcess(settings, core);
  const script = join(import.meta.dirname, 'pipeline/plain-server.ts');
  const plainServer = await startScript(script, { origin: originUrl }, core);
  const { port: plainPort } = plainServer.ready as PlainReady;
  const keys = await server.keys(2);
  const client = createClient();
  const ours: Way = {
    ...server,
    get(path, n) {
      const [, domain = '', , asin = ''] = path.split('/');
      const authorization = `Bearer ${keys[n % keys.length] ?? ''}`;
      return client.get(`${server.url}/api/v1/amazon/product?query=${asin}&domain=${domain}`, { authorization });
    },
  };
  const plain: Way = {
    ...plainServer,
    get: (path) => client.get(`http://127.0.0.1:${plainPort}${path}`),
  };
  try {
    // Warm both up; a page a time of the others meanwhile, to see that they read the same.
    await saturate(ours, paths, CALLERS, WARM);
    const unlike = new Set<string>();
    for (const path of paths.slice(0, 12)) {
      for (const field of differing((await ours.get(path, 0)).body, (await plain.get(path, 0)).body)) unlike.add(field);
    }
    console.log(unlike.size === 0 ? 'both read the same values' : `DIFFERENT VALUES: ${[...unlike].join(', ')}`);

    const fast = await saturate(ours, paths, CALLERS, SECONDS);
    const slow = await saturate(plain, paths, CALLERS, SECONDS);
    const times = fast.perSecond / slow.perSecond;
    console.log(`ours: ${told(fast)}  ${against(fast.perSecond >= GOAL.perSecond, `>= ${GOAL.perSecond} a second`)}`);
    console.log(`fetch() and cheerio: ${told(slow)}`);
    console.log(`ratio: ${one(times)}x  ${against(times >= GOAL.times, `>= ${GOAL.times}x`)}`);

    const direct = createClient({ 'accept-encoding': 'gzip' });
    const overheads: number[] = [];
    const wholes: number[] = [];
    for (let i = 0; i < 150; i++) {
      const path = paths[i % paths.length] ?? '';
      const { ms: alone } = await direct.get(`${originUrl}${path}`);
      const { ms: whole } = await ours.get(path, i);
      overheads.push(whole - alone);
      wholes.push(whole);
    }
    direct.close();
    const overhead = quantile(overheads, 0.5);
    console.log(
      `one at a time: ${one(quantile(wholes, 0.5))} ms, own overhead p50 ${one(overhead)} ms, p95 ${one(quantile(overheads, 0.95))} ms  ${against(overhead <= GOAL.overheadMs, `<= ${GOAL.overheadMs} ms`)}`,
    );
  } finally {
    client.close();
    await plainServer.stop();
    await server.stop();
    await origin.stop();
  }
}

await run();
