import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OPERATIONS as ALL, type ErrorCode } from '@asa/contract';
import { batchCalls, type BatchCalls } from './batches.ts';
import { assertError, startServer, type TestServer } from './harness.ts';

/** Every status that the operations about batches declare, over HTTP: the exact body, headers, and that it cost nothing. */

let server: TestServer;
let batches: BatchCalls;
let made: string;
before(async () => {
  server = await startServer();
  batches = batchCalls(server);
  ({ id: made } = await batches.make(['B000000001'], { key: server.testKey }));
  await batches.ended(made, { key: server.testKey });
});
after(() => server.close());

type Call = (key: string, change?: { path?: string; body?: unknown; id?: string }) => Promise<Response>;
type Provoke = (call: Call) => Promise<Response>;

const ITEM = { query: 'B000000001' };
const post: Call = (key, { path = '', body = { endpoint: 'amazon.product', items: [ITEM] } } = {}) =>
  server.get(`/api/v1/amazon/batch${path}`, key, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const list: Call = (key, { path = '' } = {}) => server.get(`/api/v1/amazon/batch${path}`, key);
const at =
  (suffix: string, method = 'GET'): Call =>
  (key, { path = '', id = made } = {}) =>
    server.get(`/api/v1/amazon/batch/${id}${suffix}${path}`, key, { method });

/** The service in another state while one call is answered. */
async function during(
  change: Partial<TestServer['running']['services']['jobs']>,
  work: () => Promise<Response>,
): Promise<Response> {
  const { jobs } = server.running.services;
  const usual = { ...jobs };
  Object.assign(jobs, change);
  try {
    return await work();
  } finally {
    Object.assign(jobs, usual);
  }
}
const failing = (error: Error) => {
  const fail = async (): Promise<never> => {
    throw error;
  };
  return { find: fail, make: fail, list: fail, read: fail, cancel: fail };
};

const COMMON: Partial<Record<ErrorCode, Provoke>> = {
  invalid_params: (call) => call(server.liveKey, { path: '?x=%00' }),
  unauthorized: (call) => call(`asa_live_${'x'.repeat(32)}`),
  revoked: async (call) => {
    const { key, keyId } = await server.workspace({ plan: 'pro' });
    assert.equal((await server.admin('DELETE', `/keys/${keyId}`)).status, 200);
    return call(key);
  },
  rate_limited: async (call) => {
    const { key } = await server.workspace({
      plan: 'custom',
      credits: 100,
      limits: { rps: 1, burst_rps: 1, concurrency: 1 },
    });
    await server.get('/api/v1/account', key);
    return call(key);
  },
  internal_error: (call) => during(failing(new Error('secret detail')), () => call(server.liveKey)),
  capacity: (call) =>
    during(failing(Object.assign(new Error('secret detail'), { code: '57P01' })), () => call(server.liveKey)),
};
const OF_ONE: typeof COMMON = {
  ...COMMON,
  not_found: (call) => call(server.liveKey, { id: '00000000-0000-4000-8000-000000000000' }),
};

/** `success: null`: another test has what it needs for one. */
const OPERATIONS: Record<string, { call: Call; success: number | null; provoke: typeof COMMON }> = {
  createBatch: {
    call: post,
    success: 201,
    provoke: {
      ...COMMON,
      invalid_params: (call) => call(server.liveKey, { body: { endpoint: 'amazon.product', items: [{}] } }),
      not_implemented: (call) =>
        call(server.liveKey, { body: { endpoint: 'amazon.product', items: [{ ...ITEM, screenshot: true }] } }),
      forbidden_region: async (call) =>
        call((await server.workspace({ plan: 'free' })).key, {
          body: { endpoint: 'amazon.product', items: [ITEM, { ...ITEM, country: 'US' }] },
        }),
      insufficient_credits: async (call) => call((await server.workspace({ plan: 'custom' })).key),
    },
  },
  listBatches: { call: list, success: 200, provoke: COMMON },
  getBatch: {
    call: at(''),
    success: 200,
    provoke: { ...OF_ONE, invalid_params: (call) => call(server.liveKey, { path: '?results=maybe' }) },
  },
  cancelBatch: { call: at('', 'DELETE'), success: 200, provoke: OF_ONE },
  getBatchResults: { call: at('/results'), success: 200, provoke: OF_ONE },
  getBatchEvents: { call: at('/events'), success: 200, provoke: OF_ONE },
  listDeliveries: { call: at('/deliveries'), success: 200, provoke: OF_ONE },
  redeliver: { call: at('/redeliver', 'POST'), success: null, provoke: OF_ONE },
};

for (const operation of ALL.filter(({ path }) => path.startsWith('/api/v1/amazon/batch'))) {
  const row = OPERATIONS[operation.id];
  test(`${operation.id}: every declared error is driven`, () => {
    assert.deepEqual(Object.keys(row?.provoke ?? {}).toSorted(), operation.errors.toSorted());
  });
  if (row === undefined) continue;
  for (const [code, provoke] of Object.entries(row.provoke) as [ErrorCode, Provoke][]) {
    test(`${operation.id} answers ${code}, whole and free`, async () => {
      const { message } = await assertError(await provoke(row.call), code, server.running.url);
      assert.doesNotMatch(message, /secret detail|127\.0\.0\.1|node_modules|asa_live_\w{20}/);
    });
  }
  if (row.success === null) continue;
  test(`${operation.id} answers ${row.success}`, async () => {
    const response = await row.call(server.testKey);
    assert.equal(response.status, row.success);
    assert.match(response.headers.get('x-request-id') ?? '', /^req_[0-9a-f]{12}$/);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.match(response.headers.get('asa-rps') ?? '', /^\d+\/25$/);
    const type = operation.success.contentType ?? 'application/json';
    assert.ok(response.headers.get('content-type')?.startsWith(type));
    const text = await response.text();
    if (operation.success.schema !== null) operation.success.schema.parse(JSON.parse(text));
  });
}
