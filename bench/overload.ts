/**
 * Five times the load that the server can carry: what is accepted must not take longer than twice its usual time, and the rest must be told
 * `capacity` at once. Requests come evenly, whether earlier ones are answered or not; the server is the program as `npm start` runs it, origin and
 * client are other processes on the same machine.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { against, createClient, crowd, quantile } from './load/client.ts';
import { corpusPages } from './load/corpus.ts';
import { syntheticPages } from './load/origin.ts';
import { startOriginProcess, startServerProcess } from './load/processes.ts';

const SECONDS = Number(process.env['SECONDS'] ?? 10);
/** What a marketplace takes. */
const ORIGIN_MS = Number(process.env['ORIGIN_MS'] ?? 2600);
const CALLERS = 300;
const PRODUCTS = 2000;
const GOAL = { times: 2, load: 5 } as const;
/** More than this are not sent: the client would measure itself. */
const MOST_OUT = 3000;

interface Seen {
  readonly accepted: number[];
  readonly refused: number[];
  readonly others: Map<string, number>;
  readonly perSecond: number;
  /** When `/readyz` was first not ready and when the first request was refused, in ms from the start; null: never. */
  unreadyAt: number | null;
  refusedAt: number | null;
}

/** `PAGES=synthetic` where judging the corpus first takes too long. */
const pages = process.env['PAGES'] === 'synthetic' ? [] : corpusPages();
const origin = await startOriginProcess({
  delayMs: ORIGIN_MS,
  pages: pages.length > 0 ? pages : syntheticPages(),
  products: PRODUCTS,
});
const server = await startServerProcess({
  ASA_ORIGIN_URL: `http://127.0.0.1:${origin.ready.port}/{domain}`,
  ASA_LOG_LEVEL: 'warn',
});
const client = createClient();
const keys = await server.keys(8, { limits: { rps: 100_000, burst_rps: 200_000, concurrency: 10_000 } });
let turn = 0;

async function ask(): Promise<{ status: number; ms: number; error: string }> {
  const n = turn++;
  const [, domain = '', , asin = ''] = (origin.ready.paths[n % PRODUCTS] ?? '').split('/');
  const url = `${server.url}/api/v1/amazon/product?query=${asin}&domain=${domain}`;
  const got = await client.get(url, { authorization: `Bearer ${keys[n % keys.length] ?? ''}` });
  const error = got.status === 200 ? '' : String((JSON.parse(got.body.toString()) as { error?: string }).error);
  return { status: got.status, ms: got.ms, error };
}

/** So many a second for so long. */
async function openLoad(perSecond: number, seconds: number): Promise<Seen> {
  const seen: Seen = { accepted: [], refused: [], others: new Map(), perSecond, unreadyAt: null, refusedAt: null };
  const started = performance.now();
  const since = (): number => performance.now() - started;
  const out = new Set<Promise<void>>();
  const one = async (): Promise<void> => {
    const { status, ms, error } = await ask().catch((cause: unknown) => ({ status: 0, ms: 0, error: String(cause) }));
    if (status === 200) seen.accepted.push(ms);
    else if (error === 'capacity') {
      seen.refused.push(ms);
      seen.refusedAt ??= since();
    } else seen.others.set(error, (seen.others.get(error) ?? 0) + 1);
  };
  let sent = 0;
  let asking: Promise<void> | null = null;
  const askReady = async (): Promise<void> => {
    const { status } = await client.get(`${server.url}/readyz`);
    if (status !== 200) seen.unreadyAt ??= since();
    asking = null;
  };
  while (since() < seconds * 1000) {
    for (; sent < (since() / 1000) * perSecond && out.size < MOST_OUT; sent += 1) {
      const request = one();
      out.add(request);
      void request.finally(() => out.delete(request));
    }
    if (seen.unreadyAt === null) asking ??= askReady();
    await sleep(5);
  }
  await Promise.all(out);
  await asking;
  return seen;
}

try {
  const closed = { size: CALLERS, rampMs: ORIGIN_MS, ask: async () => (await ask()).status === 200 };
  await crowd({ ...closed, size: 30, lastMs: 5000 });
  const started = performance.now();
  const { answered } = await crowd({ ...closed, lastMs: SECONDS * 1000 });
  const capacity = answered / ((performance.now() - started) / 1000);
  const normal = await openLoad(capacity * 0.6, SECONDS);
  await sleep(1000);
  const over = await openLoad(capacity * GOAL.load, SECONDS);
  const told = ({ accepted, refused, others, perSecond }: Seen): string =>
    `${perSecond.toFixed(0)} a second sent, ${(accepted.length / SECONDS).toFixed(0)} answered, ${(refused.length / SECONDS).toFixed(0)} refused; ` +
    `answered in p50 ${quantile(accepted, 0.5).toFixed(0)} ms, p95 ${quantile(accepted, 0.95).toFixed(0)} ms; ` +
    `refused in p50 ${refused.length === 0 ? '-' : quantile(refused, 0.5).toFixed(0)} ms${others.size === 0 ? '' : `; ${JSON.stringify([...others])}`}`;
  console.log(
    `capacity: ${capacity.toFixed(0)} a second, ${CALLERS} callers, pages of ${(origin.ready.bytes / 1000).toFixed(0)} KB`,
  );
  console.log(`normal:   ${told(normal)}`);
  console.log(`overload: ${told(over)}`);
  for (const share of [0.5, 0.95]) {
    const times = quantile(over.accepted, share) / quantile(normal.accepted, share);
    console.log(
      `p${share * 100} of what is accepted: ${times.toFixed(2)}x the normal  ${against(times <= GOAL.times, `<= ${GOAL.times}x`)}`,
    );
  }
  console.log(
    `/readyz turned after ${over.unreadyAt?.toFixed(0) ?? '-'} ms, the first request was refused after ${over.refusedAt?.toFixed(0) ?? '-'} ms`,
  );
} finally {
  client.close();
  await server.stop();
  await origin.stop();
}
