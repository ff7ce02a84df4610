import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { Agent } from 'undici';
import { Agents } from '../src/undici/agents.ts';
import { createConnector } from '../src/undici/connect.ts';
import { createDnsCache } from '../src/undici/dns-cache.ts';
import { failureOf, openTransport, pageOf } from './helpers/client.ts';
import { startHttpProxy, startSocksProxy } from './helpers/proxies.ts';
import { startHttp, until } from './helpers/servers.ts';

const PAUSE_MS = 2;
const WAYS = [
  ['directly', null, 1000],
  ['through an HTTP proxy', startHttpProxy, 300],
  ['through a SOCKS5 proxy', startSocksProxy, 300],
] as const;

for (const [way, startProxy, count] of WAYS) {
  test(`${count} upstreams aborted at every stage, ${way}, end with no open socket`, async (t) => {
    const aborts = new Map<string, () => void>();
    const server = await startHttp(t, (request, response) => {
      const [, stage = '', id = ''] = (request.url ?? '').split('/');
      if (stage === 'body') response.writeHead(200).write(Buffer.alloc(100_000), () => aborts.get(id)?.());
      if (stage === 'headers') aborts.get(id)?.();
    });
    const proxy = startProxy === null ? null : await startProxy(t);
    const transport = openTransport(t, { keepAliveMs: 50 });
    const stages = ['connect', 'headers', 'body', 'time'];
    const one = async (i: number): Promise<string> => {
      const stage = stages[i % stages.length] ?? '';
      const caller = new AbortController();
      aborts.set(String(i), () => caller.abort());
      const pending = transport.get(`${server.url}/${stage}/${i}`, {
        signal: caller.signal,
        timeoutMs: stage === 'time' ? PAUSE_MS : 20_000,
        proxy: proxy?.as(`u${i % 10}`) ?? null,
      });
      if (stage === 'connect') caller.abort();
      return failureOf(await pending).verdict;
    };
    const verdicts: string[] = [];
    // As many at once as a busy server has, not as many as the system has ports.
    for (let i = 0; i < count; i += 100) {
      verdicts.push(...(await Promise.all(Array.from({ length: 100 }, (_, j) => one(i + j)))));
    }
    assert.deepEqual([verdicts.length, new Set(verdicts)], [count, new Set(['timeout'])]);
    await until(() => transport.openSockets?.() === 0, 'the transport to have none open');
    await until(() => server.open() === 0, 'the server to have none open');
    if (proxy !== null) await until(() => proxy.open() === 0, 'the proxy to have none open');
    assert.ok(server.accepted() >= count / 2);
  });
}

test('connections are used again', async (t) => {
  const server = await startHttp(t, (_request, response) => response.end('page'));
  const transport = openTransport(t);
  for (let i = 0; i < 20; i += 1) pageOf(await transport.get(server.url));
  // A connection is free one turn after its page, so that a second one may be opened on the way.
  assert.ok(server.accepted() <= 2, `${server.accepted()} connections for 20 pages`);
});

const ask = (lookup: ReturnType<typeof createDnsCache>, name: string, options: object): Promise<unknown> =>
  new Promise((resolve) => {
    lookup(name, options, (error, address) => resolve(error?.code ?? address));
  });
const BOTH: readonly LookupAddress[] = [
  { address: '2001:db8::1', family: 6 },
  { address: '192.0.2.1', family: 4 },
];

test('names are resolved once in their time, for all who ask at once, in every form', async () => {
  const clock = { now: 0 };
  const asked: string[] = [];
  const lookup = createDnsCache({
    now: () => clock.now,
    resolve: async (name) => {
      asked.push(name);
      return BOTH;
    },
  });
  const answers = await Promise.all([
    ask(lookup, 'a.example', { all: true }),
    ask(lookup, 'a.example', { family: 4 }),
    ask(lookup, 'a.example', {}),
    ask(lookup, 'a.example', { all: true, family: 6 }),
  ]);
  assert.deepEqual(answers, [BOTH, '192.0.2.1', '2001:db8::1', [BOTH[0]]]);
  assert.equal(asked.length, 1);
  clock.now = 29_999;
  await ask(lookup, 'a.example', {});
  assert.equal(asked.length, 1);
  clock.now = 30_000;
  await ask(lookup, 'a.example', {});
  assert.equal(asked.length, 2);
});

test('failures are not remembered, and names are bounded', async () => {
  let n = 0;
  const lookup = createDnsCache({
    now: () => 0,
    resolve: async (name) => {
      n += 1;
      if (name === 'bad.example') throw Object.assign(new Error('x'), { code: 'EAI_AGAIN' });
      return [{ address: '192.0.2.1', family: 4 }];
    },
  });
  assert.equal(await ask(lookup, 'bad.example', { all: true }), 'EAI_AGAIN');
  assert.equal(await ask(lookup, 'bad.example', { all: true }), 'EAI_AGAIN');
  assert.equal(n, 2);
  assert.equal(await ask(lookup, 'four.example', { family: 6 }), 'ENOTFOUND');
  for (let i = 0; i < 1000; i += 1) await ask(lookup, `n${i}.example`, {});
  n = 0;
  await ask(lookup, 'n999.example', {});
  assert.equal(n, 0);
  await ask(lookup, 'four.example', {});
  assert.equal(n, 1, 'the oldest name was not forgotten');
});

test('agents that nobody uses are let go: after their time, and when there are too many', async () => {
  const clock = { now: 0 };
  const made: Agent[] = [];
  const make = (): Agent => {
    const agent = new Agent();
    made.push(agent);
    return agent;
  };
  const agents = new Agents({ make, now: () => clock.now, limits: { idleMs: 1000, most: 3 } });
  const busy = agents.enter('busy');
  agents.enter('idle').leave();
  assert.equal(agents.enter('busy').agent, busy.agent);
  clock.now = 1000;
  agents.enter('other').leave();
  assert.deepEqual(
    made.map(({ destroyed }) => destroyed),
    [false, true, false],
  );
  for (const key of ['a', 'b', 'c']) agents.enter(key).leave();
  assert.equal(agents.size, 3);
  assert.equal(busy.agent.destroyed, false);
  await agents.destroy();
  assert.equal(busy.agent.destroyed, true);
});

test('happy eyeballs: an address that does not answer holds nobody up', async (t) => {
  const server = await startHttp(t, (_request, response) => response.end('page'));
  // The first is reserved for documents: there is no way to it, or nobody answers.
  const addresses: LookupAddress[] = [
    { address: '2001:db8::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ];
  const lookup = createDnsCache({ resolve: async () => addresses });
  const sockets = new Set<Socket>();
  const agent = new Agent({ connect: createConnector(null, { timeoutMs: 5000, lookup }, sockets) });
  t.after(() => agent.destroy());
  const { body } = await agent.request({ origin: `http://shop.example:${server.port}`, path: '/', method: 'GET' });
  assert.equal(await body.text(), 'page');
  await agent.destroy();
  await until(() => sockets.size === 0, 'its sockets to be freed');
});
