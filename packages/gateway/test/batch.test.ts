import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { batchCalls, type BatchCalls } from './batches.ts';
import { assertError, startServer, type TestServer } from './harness.ts';

/** Batches over HTTP, on the sandbox. */

let server: TestServer;
let batches: BatchCalls;
before(async () => {
  server = await startServer();
  batches = batchCalls(server);
});
after(() => server.close());

test('a batch of products comes to an end, with a result and a trace for each item', async () => {
  const key = server.testKey;
  const made = await batches.make(['B000000001', 'B000000002', 'SANDBOX404', 'SANDBOXMIS'], { key });
  assert.match(made.id, /^[0-9a-f-]{36}$/);
  assert.equal(made.poll_url, `${server.running.url}/api/v1/amazon/batch/${made.id}`);
  assert.deepEqual(Object.keys(made).toSorted(), [
    'created_at',
    'endpoint',
    'id',
    'poll_url',
    'request_id',
    'status',
    'total_count',
  ]);
  const done = await batches.ended(made.id, { key });
  assert.equal(done.status, 'complete');
  assert.deepEqual(
    [done.total_count, done.processed_count, done.success_count, done.failure_count, done.credits_charged],
    [4, 4, 2, 2, 0],
  );
  assert.deepEqual(
    done.results?.map(({ index, status, http_status, error }) => [index, status, http_status, error]),
    [
      [0, 'ok', 200, null],
      [1, 'ok', 200, null],
      [2, 'error', 404, 'product_not_found'],
      [3, 'error', 502, 'asin_mismatch'],
    ],
  );
  for (const result of done.results ?? []) {
    assert.deepEqual(result.input, { query: ['B000000001', 'B000000002', 'SANDBOX404', 'SANDBOXMIS'][result.index] });
    const trace = (await (await server.get(`/api/v1/requests/${result.request_id}`, key)).json()) as {
      status: number;
      attempts: unknown[];
      stages: { name: string }[];
    };
    assert.equal(trace.status, result.http_status);
    assert.ok(trace.attempts.length > 0);
    assert.deepEqual(result.data?.['request_id'] ?? result.request_id, result.request_id);
  }
  // The same answer as a request of its own, ids and times apart.
  const alone = (await (await server.get('/api/v1/amazon/product?query=B000000001', key)).json()) as Record<
    string,
    unknown
  >;
  const { request_id: _a, fetched_at: _b, ...expected } = alone;
  const { request_id: _c, fetched_at: _d, ...got } = done.results?.[0]?.data ?? {};
  assert.deepEqual(got, expected);
});

test('a batch that is unknown, or of another workspace, is not found', async () => {
  const { id } = await batches.make(['B000000001'], { key: server.testKey });
  const other = await server.workspace({ plan: 'pro' });
  for (const path of [id, `${id}/results`, `${id}/events`, 'x', '00000000-0000-4000-8000-000000000000'])
    await assertError(await server.get(`/api/v1/amazon/batch/${path}`, other.key), 'not_found', server.running.url);
});
