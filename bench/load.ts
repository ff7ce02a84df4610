/**
 * Many requests in flight in one server, the program as `npm start` runs it, against an origin in another process that
 * takes 2.6 s for each page: 2,000 with small pages, then 150 with those of the corpus. Prints what failed, what the server
 * adds to the time of the origin, and its memory, beside the goals; and what the same load is like straight at the
 * origin, for client, origin, server and database share this machine. Every caller asks for products of its own: the
 * server carries identical requests at the same time out only once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { against, createClient, crowd, quantile, type Got } from './load/client.ts';
import { corpusPages } from './load/corpus.ts';
import { syntheticPages, type PageOf } from './load/origin.ts';
import { cpuSeconds, peakMemory, startOriginProcess, startServerProcess } from './load/processes.ts';

const SECONDS = Number(process.env['SECONDS'] ?? 15);
const ORIGIN_MS = 2600;
/** A ceiling of one key is 500 requests a second and 1,000 at once. */
const WORKSPACES = 8;
/** Callers in flight while the server warms up. */
const WARM_UP = 150;
/** What `Retry-After` of an overload says. */
const RETRY_AFTER_MS = 1000;
const GOAL = { p99: 150, bytes: 1.2e9 } as const;

interface Load {
  readonly name: string;
  readonly size: number;
  readonly pages: readonly PageOf[];
  /** Of different products for each caller. */
  readonly productsEach: number;
}

const one = (value: number): string => value.toFixed(1);
const times = (added: readonly number[]): string =>
  `added p50 ${one(quantile(added, 0.5))} ms, p99 ${one(quantile(added, 0.99))} ms, most ${one(quantile(added, 1))} ms`;

async function run({ name, size, pages, productsEach }: Load): Promise<void> {
  const origin = await startOriginProcess({ delayMs: ORIGIN_MS, pages, products: size * productsEach });
  const { port, paths, bytes, sent } = origin.ready;
  console.log(`\n${name}: pages of ${one(bytes / 1000)} KB, ${one(sent / 1000)} KB as sent`);
  const pathOf = (caller: number, turn: number): string => paths[caller * productsEach + (turn % productsEach)] ?? '';

  const straight = createClient({ 'accept-encoding': 'gzip' });
  const bare: number[] = [];
  await crowd({
    size,
    rampMs: ORIGIN_MS,
    lastMs: 2 * ORIGIN_MS,
    async ask(caller, turn) {
      const { status, ms } = await straight.get(`http://127.0.0.1:${port}${pathOf(caller, turn)}`);
      bare.push(ms - ORIGIN_MS);
      return status === 200;
    },
  });
  straight.close();
  console.log(`  straight at the origin: ${times(bare)}`);

  const server = await startServerProcess({
    ASA_ORIGIN_URL: `http://127.0.0.1:${port}/{domain}`,
    ASA_MAX_INFLIGHT: '4000',
  });
  const client = createClient();
  try {
    const keys = await server.keys(WORKSPACES);
    const added: number[] = [];
    const failures = new Map<string, number>();
    const ask = async (caller: number, turn: number): Promise<Got> => {
      const [, domain = '', , asin = ''] = pathOf(caller, turn).split('/');
      const authorization = `Bearer ${keys[caller % keys.length] ?? ''}`;
      const url = `${server.url}/api/v1/amazon/product?query=${asin}&domain=${domain}`;
      return client.get(url, { authorization }).catch((error: unknown) => ({
        status: 0,
        body: Buffer.from(JSON.stringify({ error: String(error) })),
        ms: 0,
      }));
    };
    // A server that has just started compiles what it runs: it is not met with everything at once.
    const few = Math.min(size, WARM_UP);
    const isAnswer = ({ status }: Got): boolean => status === 200;
    const warm = async (n: number, turn: number): Promise<boolean> => isAnswer(await ask(n, turn));
    await crowd({ size: few, rampMs: ORIGIN_MS, lastMs: 3 * ORIGIN_MS, ask: warm });
    const before = cpuSeconds(server.pid);
    const started = performance.now();
    const { answered, failed } = await crowd({
      size,
      rampMs: ORIGIN_MS,
      lastMs: SECONDS * 1000,
      async ask(caller, turn) {
        const { status, body, ms } = await ask(caller, turn);
        if (status === 200) {
          added.push(ms - ORIGIN_MS);
          return true;
        }
        const answer = JSON.parse(body.toString()) as { error?: string; message?: string };
        const error = [answer.error, answer.message?.replaceAll(/\d+/g, 'N')].join(': ');
        failures.set(error, (failures.get(error) ?? 0) + 1);
        await sleep(RETRY_AFTER_MS);
        return false;
      },
    });
    const seconds = (performance.now() - started) / 1000;
    const after = cpuSeconds(server.pid);
    const p99 = quantile(added, 0.99);
    const why = [...failures].map(([error, count]) => `${count} ${error}`).join(', ');
    console.log(`  ${answered} answers in ${one(seconds)} s, ${one(answered / seconds)} a second`);
    console.log(`  ${failed} failures${why === '' ? '' : `: ${why}`}  ${against(failed === 0, 'none')}`);
    console.log(`  through the server: ${times(added)}  ${against(p99 < GOAL.p99, `p99 < ${GOAL.p99} ms`)}`);
    const peak = await peakMemory(server.pid);
    const memory = peak === null ? 'not known on this system' : `${(peak / 1e6).toFixed(0)} MB`;
    console.log(`  peak memory of the server: ${memory}  ${against((peak ?? 0) < GOAL.bytes, '< 1.2 GB')}`);
    if (before !== null && after !== null) {
      const cost = (from: number, to: number): string => `${(((to - from) / answered) * 1000).toFixed(2)} ms`;
      console.log(
        `  CPU an answer: server ${cost(before.own, after.own)}, its database ${cost(before.all - before.own, after.all - after.own)}`,
      );
    }
  } finally {
    client.close();
    await server.stop();
    await origin.stop();
  }
}

const small = { name: '2,000 in flight, small pages', size: 2000, pages: syntheticPages(), productsEach: 1 };
const real = { name: '150 in flight, pages of the corpus', size: 150, pages: corpusPages(), productsEach: 1 };
const only = process.env['ONLY'];
if (only !== 'real') await run(small);
if (only !== 'small' && real.pages.length > 0) await run(real);
