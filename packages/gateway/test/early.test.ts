import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../src/app.ts';
import { startServer, type TestServer } from './harness.ts';

/** What is refused before the framework has seen it must look as if it had. */
let server: TestServer;
/** The same services behind the framework alone: what is injected does not pass the server's own door. */
let behind: FastifyInstance;
before(async () => {
  server = await startServer({ ASA_TRUST_PROXY: 'true' });
  behind = buildApp(server.running.services, { trustProxy: true });
});
after(async () => {
  await behind.close();
  await server.close();
});

const PRODUCT = '/api/v1/amazon/product';
const unknownKey = (i = 0): string => `asa_live_${String(i).padStart(32, 'x')}`;
const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

/** Times and ids differ; of all else nothing. */
const plain = (text: string): string => text.replaceAll(/req_[0-9a-f]{12}/g, 'req');
const SAME = /^(?!date$|connection$|keep-alive$|x-request-id$)/;

test('refused at the door or behind it: the same status, headers and body', async () => {
  const slow = await server.workspace({ plan: 'free', limits: { rps: 1, burst_rps: 1, concurrency: 1 } });
  while ((await server.get('/api/v1/account', slow.key)).status !== 429);
  const kinds: readonly [number, string, Record<string, string>][] = [
    [401, PRODUCT, {}],
    [401, PRODUCT, { authorization: 'Basic abc' }],
    [401, PRODUCT, { ...bearer(unknownKey()), 'x-api-key': unknownKey(1) }],
    [401, PRODUCT, bearer('asa_live_short')],
    [401, PRODUCT, bearer(unknownKey())],
    [429, '/api/v1/requests?limit=1', bearer(slow.key)],
    [400, `${PRODUCT}?query=nothing&domain=nowhere`, bearer(server.testKey)],
    [400, '/api/v1/amazon/search', bearer(server.testKey)],
    [501, `${PRODUCT}?query=B000000001&render_js=1`, bearer(server.testKey)],
  ];
  for (const [status, url, headers] of kinds) {
    // Its rate is in the headers: a clock that goes on between the two may change it.
    const alike = async (): Promise<boolean> => {
      const framework = await behind.inject({ url, headers });
      const door = await fetch(`${server.url}${url}`, { headers });
      const body = await door.text();
      assert.equal(door.status, status, body);
      assert.equal(framework.statusCode, status);
      assert.equal(plain(body), plain(framework.body).replaceAll('http://localhost:8080', server.url));
      assert.equal(JSON.parse(body).request_id, door.headers.get('x-request-id'));
      const mine = [...door.headers].filter(([name]) => SAME.test(name) && name !== 'asa-rps');
      const theirs = Object.entries(framework.headers).filter(([name]) => SAME.test(name) && name !== 'asa-rps');
      assert.deepEqual(mine.map(([name]) => name).toSorted(), theirs.map(([name]) => name).toSorted());
      return mine.every(([name, value]) => /^ratelimit$|^retry-after$/.test(name) || framework.headers[name] === value);
    };
    assert.ok(await alike(), `${status} ${url}`);
  }
});

test('a refused request gives its place back and leaves a trace under the id of its answer', async () => {
  const { key } = await server.workspace({ plan: 'free', limits: { rps: 100, burst_rps: 1000, concurrency: 1 } });
  for (let i = 0; i < 5; i += 1) {
    const refused = await server.get(`${PRODUCT}?query=nothing`, key);
    assert.equal(refused.status, 400);
    const trace = await server.get(`/api/v1/requests/${refused.headers.get('x-request-id')}`, key);
    const { params, error } = (await trace.json()) as { params: unknown; error: unknown };
    assert.deepEqual({ params, error }, { params: { query: 'nothing' }, error: 'invalid_params' });
  }
});

test('guessing counts by the address that the first proxy saw', async () => {
  const guess = async (i: number, from: string): Promise<number> => {
    const headers = {
      ...bearer(`asa_live_${String(i).padStart(12, 'g')}${'y'.repeat(20)}`),
      'x-forwarded-for': `${from}, 10.0.0.1`,
    };
    const response = await fetch(`${server.url}${PRODUCT}`, { headers });
    await response.text();
    return response.status;
  };
  let last = 401;
  for (let i = 0; i < 500 && last === 401; i += 1) last = await guess(i, '9.9.9.1');
  assert.equal(last, 429);
  assert.equal(await guess(1000, '9.9.9.2'), 401);
});
