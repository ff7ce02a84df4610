/**
 * What a rejection costs: requests answered 401, 429 and 400 in a second, beside a bare Fastify route with a constant answer. Each server is a
 * process of its own on one core, the load is another on the other core; the two take turns, and each pair gives one ratio. The CPU time an
 * answer is given too, which other work on the machine disturbs less; `REALTIME=1` as root lets all that is measured go before it.
 */
import { join } from 'node:path';
import type { BareReady } from './gateway/bare-fastify.ts';
import { flood } from './gateway/flood.ts';
import { against, quantile } from './load/client.ts';
import { cpuSeconds, goFirst, hasTaskset, pin, startScript, startServerProcess } from './load/processes.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const MS = Number(process.env['MS'] ?? 1500);
const SOCKETS = 64;
const WARM_UP = 20_000;
const GOAL = 0.6;
/** Only ways whose name begins so. */
const ONLY = process.env['ONLY'] ?? '';

interface Measured {
  readonly answers: number;
  readonly perSecond: number;
  /** Of the server and the processes that it started. */
  readonly cpuMs: number | null;
}

interface Way {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
}

async function measure(way: Way, ms = MS): Promise<Measured> {
  const before = cpuSeconds(way.pid);
  const { answers, perSecond } = await flood({
    ...way,
    sockets: SOCKETS,
    ms,
    check(status, text) {
      // A key over its rate is let through once a second.
      if (status !== way.status && !(way.status === 429 && status === 200))
        throw new Error(`${way.name} was answered ${text}`);
    },
  });
  const after = cpuSeconds(way.pid);
  return {
    answers,
    perSecond,
    cpuMs: before === null || after === null ? null : ((after.all - before.all) / answers) * 1000,
  };
}

/** So many answers, for what runs often to be compiled. */
async function warmUp(way: Way): Promise<void> {
  for (let answers = 0; answers < WARM_UP;) answers += (await measure(way, 500)).answers;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);
const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

const [core, other] = hasTaskset() ? [0, 1] : [null, null];
if (other !== null) pin(process.pid, other);
const bare = await startScript(join(import.meta.dirname, 'gateway/bare-fastify.ts'), {}, core);
const server = await startServerProcess({}, core);
// On a machine that others use, too.
if (process.env['REALTIME'] === '1') goFirst(process.pid);
try {
  const [free = ''] = await server.keys(1, { limits: { rps: 900_000, burst_rps: 1_000_000, concurrency: 1000 } });
  const [tight = ''] = await server.keys(1, { limits: { rps: 1, burst_rps: 1, concurrency: 1 } });
  const port = Number(new URL(server.url).port);
  const product = '/api/v1/amazon/product?query=B000000001';
  const hello = {
    name: 'bare Fastify',
    pid: bare.pid,
    port: (bare.ready as BareReady).port,
    path: '/hello',
    headers: {},
    status: 200,
  };
  const at = { pid: server.pid, port };
  const ways: readonly Way[] = [
    { ...at, name: '401, no key', path: product, headers: {}, status: 401 },
    { ...at, name: '401, unknown key', path: product, headers: bearer(`asa_live_${'x'.repeat(32)}`), status: 401 },
    { ...at, name: '429', path: '/api/v1/requests?limit=1', headers: bearer(tight), status: 429 },
    {
      ...at,
      name: '400',
      path: '/api/v1/amazon/product?query=nothing&domain=nowhere',
      headers: bearer(free),
      status: 400,
    },
  ];
  // One token is there at the start.
  await fetch(`${server.url}/api/v1/account`, { headers: bearer(tight) });
  for (const way of ways.filter(({ name }) => name.startsWith(ONLY))) {
    await warmUp(hello);
    await warmUp(way);
    const pairs: { readonly base: Measured; readonly ours: Measured }[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      pairs.push({ base: await measure(hello), ours: await measure(way) });
    const rates = pairs.map(({ base, ours }) => ours.perSecond / base.perSecond);
    const ratio = median(rates);
    const range = `${quantile(rates, 0).toFixed(2)}-${quantile(rates, 1).toFixed(2)}`;
    const seen = median(pairs.map(({ ours }) => ours.perSecond)).toFixed(0);
    console.log(
      `${way.name}: ${seen} a second, ${ratio.toFixed(2)} of a bare route (${range})  ${against(ratio >= GOAL, `>= ${GOAL}`)}`,
    );
    if (pairs.some(({ base, ours }) => base.cpuMs === null || ours.cpuMs === null)) continue;
    const cost = (of: 'base' | 'ours'): number => median(pairs.map((pair) => pair[of].cpuMs ?? 0));
    const byCpu = cost('base') / cost('ours');
    console.log(
      `  CPU an answer ${(cost('ours') * 1000).toFixed(0)} us, of the bare route ${(cost('base') * 1000).toFixed(0)} us: ${byCpu.toFixed(2)}  ${against(byCpu >= GOAL, `>= ${GOAL}`)}`,
    );
  }
} finally {
  await server.stop();
  await bare.stop();
}
