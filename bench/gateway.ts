/**
 * What a rejection costs: requests answered 401, 429 and 400 in a second, beside a bare Fastify route with a constant answer. Each server is a
 * process of its own on one core, the load is another on the other core; the two take turns, and each pair gives one ratio. The CPU time an
 * answer is given too, which other work on the machine disturbs less.
 */
import { join } from 'node:path';
import type { BareReady } from './gateway/bare-fastify.ts';
import { flood } from './gateway/flood.ts';
import { against, quantile } from './load/client.ts';
import { cpuSeconds, hasTaskset, pin, startScript, startServerProcess } from './load/processes.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const MS = Number(process.env['MS'] ?? 1500);
const SOCKETS = 64;
const GOAL = 0.6;

interface Way {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
}

async function measure(way: Way): Promise<{ perSecond: number; cpuMs: number | null }> {
  const before = cpuSeconds(way.pid);
  const { answers, perSecond } = await flood({
    ...way,
    sockets: SOCKETS,
    ms: MS,
    check(status, text) {
      if (status !== way.status) throw new Error(`${way.name} was answered ${text}`);
    },
  });
  const after = cpuSeconds(way.pid);
  return {
    perSecond,
    cpuMs: before === null || after === null ? null : ((after.all - before.all) / answers) * 1000,
  };
}

const median = (values: readonly number[]): number => quantile(values, 0.5);
const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

const [core, other] = hasTaskset() ? [0, 1] : [null, null];
if (other !== null) pin(process.pid, other);
const bare = await startScript(join(import.meta.dirname, 'gateway/bare-fastify.ts'), {}, core);
const server = await startServerProcess({}, core);
try {
  const [free = ''] = await server.keys(1, { rps: 900_000, burst_rps: 1_000_000, concurrency: 1000 });
  const [tight = ''] = await server.keys(1, { rps: 1, burst_rps: 1, concurrency: 1 });
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
    { ...at, name: '429', path: product, headers: bearer(tight), status: 429 },
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
  for (const way of [hello, ...ways]) await measure(way).catch(() => null);
  for (const way of ways) {
    const rates: number[] = [];
    const costs: number[] = [];
    const seen: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const base = await measure(hello);
      const ours = await measure(way);
      rates.push(ours.perSecond / base.perSecond);
      seen.push(ours.perSecond);
      if (base.cpuMs !== null && ours.cpuMs !== null) costs.push(base.cpuMs / ours.cpuMs);
    }
    const ratio = median(rates);
    const range = `${quantile(rates, 0).toFixed(2)}-${quantile(rates, 1).toFixed(2)}`;
    const cpu = costs.length === 0 ? '' : `, by CPU time ${median(costs).toFixed(2)}`;
    console.log(
      `${way.name}: ${median(seen).toFixed(0)} a second, ${ratio.toFixed(2)} of a bare route (${range})${cpu}  ${against(ratio >= GOAL, `>= ${GOAL}`)}`,
    );
  }
} finally {
  await server.stop();
  await bare.stop();
}
