import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { redisProgram, startRedis, type TestRedis } from '@asa/accounts/testing';
import { openStore, type Store } from '@asa/store';
import { temporaryDataFolder } from '@asa/store/testing';
import { startPages } from './harness.ts';
import { startPostgres, type OutsidePostgres } from './outside-postgres.ts';
import { playMarketplace } from './pages.ts';
import { startProgram, type Program } from './process.ts';

/** Two server processes on one PostgreSQL and one Redis: one service. */

const program = redisProgram(process.env['PATH'] ?? '');
const skip = program === null ? 'no Redis on this machine' : false;
const ADMIN = 'two-nodes-admin-token';

let redis: TestRedis;
let postgres: OutsidePostgres;
let pages: Awaited<ReturnType<typeof startPages>>;
let view: Store;
let a: Program;
let b: Program;
const removes: (() => Promise<void>)[] = [];

async function startNode(): Promise<Program> {
  const { dataDir, remove } = temporaryDataFolder({ name: 'node' });
  removes.push(remove);
  return startProgram(dataDir, {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    ASA_ADMIN_TOKEN: ADMIN,
    ASA_ORIGIN_URL: pages.template,
    ASA_UPSTREAM_TIMEOUT_MS: '60000',
    ASA_ATTEMPT_TIMEOUT_MS: '60000',
  });
}

before(async () => {
  if (program === null) return;
  [redis, postgres, pages] = await Promise.all([startRedis(program), startPostgres(), startPages(playMarketplace)]);
  [a, b] = await Promise.all([startNode(), startNode()]);
  view = await openStore({ databaseUrl: postgres.url, dataDir: '.' });
});
after(async () => {
  if (program === null) return;
  await Promise.all([a, b].map((node) => node?.stop('SIGKILL')));
  await view?.close();
  await Promise.all([pages, redis, postgres].map((part) => part?.close()));
  await Promise.all(removes.map((remove) => remove()));
});

type Json = Record<string, unknown>;

async function admin(node: Program, method: string, path: string, body?: object): Promise<Json> {
  const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(`${node.url}/admin/v1${path}`, init);
  const answer = (await response.json()) as Json;
  assert.ok(response.ok, JSON.stringify(answer));
  return answer;
}

async function customer(limits: object): Promise<{ id: string; key: string; keyId: string }> {
  const workspace = await admin(a, 'POST', '/workspaces', { name: 'x', plan: 'custom', credits: 100_000, limits });
  const key = await admin(b, 'POST', `/workspaces/${String(workspace['id'])}/keys`, { name: 'k', mode: 'live' });
  return { id: String(workspace['id']), key: String(key['key']), keyId: String(key['id']) };
}

const ask = (node: Program, path: string, key: string, signal?: AbortSignal): Promise<Response> =>
  fetch(`${node.url}/api/v1/${path}`, {
    headers: { authorization: `Bearer ${key}` },
    ...(signal === undefined ? {} : { signal }),
  });
const status = async (response: Promise<Response>): Promise<number> => {
  const got = await response;
  await got.arrayBuffer();
  return got.status;
};
const ready = async (node: Program): Promise<unknown> =>
  ((await (await fetch(`${node.url}/readyz`)).json()) as Json)['limits'];

async function inFlightAt(node: Program): Promise<number> {
  const metrics = await (await fetch(`${node.url}/metrics`)).text();
  return Number(/^asa_requests_in_flight (\d+)$/m.exec(metrics)?.[1]);
}

/** Asks again until it holds; fails after so many seconds. Answers how many it took. */
async function within(seconds: number, what: string, condition: () => Promise<boolean>): Promise<number> {
  const started = performance.now();
  while (performance.now() - started < seconds * 1000) {
    if (await condition()) return (performance.now() - started) / 1000;
    await new Promise((done) => setTimeout(done, 25));
  }
  return assert.fail(`not within ${seconds} s: ${what}`);
}

test('the rate of a key is one over both nodes', { skip }, async () => {
  assert.deepEqual(await Promise.all([ready(a), ready(b)]), ['shared', 'shared']);
  const { key } = await customer({ rps: 2, burst_rps: 10, concurrency: 50 });
  const started = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 80 }, (_, i) => status(ask(i % 2 === 0 ? a : b, 'requests', key))),
  );
  const seconds = (performance.now() - started) / 1000;
  const accepted = answers.filter((one) => one === 200).length;
  assert.ok(accepted >= 25 && accepted <= 25 + 2 * seconds, `${accepted} accepted in ${seconds} s`);
  assert.equal(answers.filter((one) => one === 429).length, 80 - accepted);
});

test(
  'the concurrency of a key is one over both nodes, and a place given back on one is free on the other',
  { skip },
  async () => {
    const { key } = await customer({ rps: 100, burst_rps: 200, concurrency: 3 });
    const hanging = new AbortController();
    const held = [a, b, a].map((node) =>
      ask(node, 'amazon/product?query=HANGSFORVR', key, hanging.signal).catch(() => null),
    );
    await within(10, 'all places are taken', async () => {
      const [onA, onB] = await Promise.all([inFlightAt(a), inFlightAt(b)]);
      return onA === 2 && onB === 1;
    });
    const refused = await ask(a, 'amazon/product?query=B000000001', key);
    assert.deepEqual([refused.status, refused.headers.get('asa-concurrency')], [429, '3/3']);
    hanging.abort();
    await Promise.all(held);
    await within(5, 'the places are free', async () => {
      const response = await ask(b, 'amazon/product?query=B000000001', key);
      return response.status === 200 && response.headers.get('asa-concurrency') === '1/3';
    });
  },
);

test('a key revoked on one node is refused on the other', { skip }, async () => {
  const { key, keyId } = await customer({ rps: 100, burst_rps: 200, concurrency: 3 });
  assert.deepEqual(await Promise.all([a, b].map((node) => status(ask(node, 'requests', key)))), [200, 200]);
  await admin(a, 'DELETE', `/keys/${keyId}`);
  const took = await within(30, 'it is refused', async () => (await status(ask(b, 'requests', key))) === 401);
  assert.ok(took < 5, `the message, not the age of the cache: ${took} s`);
});

test('without Redis both go on, each for itself, and say so; with it they share again', { skip }, async () => {
  const { key, keyId } = await customer({ rps: 1, burst_rps: 2, concurrency: 3 });
  await redis.kill();
  await within(10, 'it is seen', async () => (await ready(a)) === 'per_node' && (await ready(b)) === 'per_node');
  for (const node of [a, b]) {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => status(ask(node, 'amazon/product?query=B000000001', key))),
    );
    const served = answers.filter((one) => one === 200).length;
    assert.ok(served >= 1 && served <= 6, `${served} of 12 on one node`);
    const metrics = await (await fetch(`${node.url}/metrics`)).text();
    assert.match(metrics, /^asa_limits_shared 0$/m);
    assert.match(metrics, /^asa_limits_unshared_total [1-9]/m);
  }
  await admin(a, 'DELETE', `/keys/${keyId}`);
  await within(30, 'a key revoked meanwhile is refused', async () => (await status(ask(b, 'requests', key))) === 401);
  await redis.restart();
  await within(10, 'it is shared', async () => (await ready(a)) === 'shared' && (await ready(b)) === 'shared');
});

test('killing one node loses nothing: what it held is free in time, and the books are right', { skip }, async () => {
  const { id, key } = await customer({ rps: 400, burst_rps: 800, concurrency: 12 });
  const answered = { a: 0, b: 0 };
  const inFlight = { b: 0 };
  const load = { goesOn: true };
  const caller = async (node: Program, name: 'a' | 'b'): Promise<void> => {
    for (let turn = 0; load.goesOn; turn += 1) {
      if (name === 'b') inFlight.b += 1;
      const got = await status(ask(node, `amazon/product?query=B${String(turn).padStart(9, '0')}`, key)).catch(
        () => null,
      );
      if (got === null) return;
      if (name === 'b') inFlight.b -= 1;
      if (got === 200) answered[name] += 1;
    }
  };
  const hanging = [1, 2, 3].map(() => ask(b, 'amazon/product?query=HANGSFORVR', key).catch(() => null));
  const callers = [a, b].flatMap((node) => [1, 2, 3].map(() => caller(node, node === a ? 'a' : 'b')));
  await within(20, 'both answer', async () => answered.a > 30 && answered.b > 30);
  const atKill = answered.a;
  const openAtKill = inFlight.b;
  await b.stop('SIGKILL');
  await within(20, 'the other goes on', async () => answered.a > atKill + 20);
  load.goesOn = false;
  await Promise.all([...callers, ...hanging]);

  await within(30, 'its places are free', async () => {
    const response = await ask(a, 'amazon/product?query=B000000001', key);
    await response.arrayBuffer();
    if (response.status === 200) answered.a += 1;
    return response.headers.get('asa-concurrency') === '1/12';
  });
  await within(30, 'its holds are released', async () => {
    const { credits } = (await admin(a, 'GET', `/workspaces/${id}`)) as { credits: { held: number } };
    return credits.held === 0;
  });
  const { credits } = (await admin(a, 'GET', `/workspaces/${id}`)) as { credits: { total: number } };
  const captured = (100_000 - credits.total) / 5;
  const received = answered.a + answered.b;
  assert.ok(captured >= received, `${captured} captured, ${received} received`);
  assert.ok(captured <= received + openAtKill, `${captured} captured, ${received} received, ${openAtKill} in flight`);
  const wrong = await view.query(
    `SELECT b.workspace_id FROM balances b
       CROSS JOIN LATERAL (SELECT COALESCE(sum(allowance), 0) AS allowance, COALESCE(sum(topup), 0) AS topup
                             FROM ledger_entries WHERE workspace_id = b.workspace_id) e
      WHERE b.allowance_left <> e.allowance OR b.topup_left <> e.topup OR b.held <> 0 OR b.allowance_left < 0 OR b.topup_left < 0`,
  );
  assert.deepEqual(wrong, [], 'every balance is the sum of its entries');
  b = await startNode();
  assert.equal(await status(ask(b, 'amazon/product?query=B000000001', key)), 200);
});
