import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BATCH_LIMITS, BATCH_SHARES, type BatchResult, type BatchSummary } from '@asa/contract';
import { batchCalls, readEvents, type BatchCalls } from './batches.ts';
import { assertError, eventually, startPages, startServer, type TestServer } from './harness.ts';
import { playMarketplace } from './pages.ts';

/** Batches over HTTP: on the sandbox, and for live keys on a marketplace played by this test. */

let server: TestServer;
let batches: BatchCalls;
let pages: Awaited<ReturnType<typeof startPages>>;
let hits: string[] = [];
/** Pages are held back while this is set. */
let gate: Promise<void> | null = null;

before(async () => {
  pages = await startPages((request, response) => {
    const asin = /\/dp\/(\w{10})/.exec(request.url ?? '')?.[1];
    if (asin !== undefined) hits.push(asin);
    void (gate ?? Promise.resolve()).then(() => playMarketplace(request, response));
  });
  server = await startServer({ ASA_ORIGIN_URL: pages.template, ASA_MAX_ATTEMPTS: '1' });
  batches = batchCalls(server);
});
after(async () => {
  await server.close();
  await pages.close();
});

const workspace = (credits = 1000, plan = 'custom') =>
  server.workspace({ plan, credits, limits: { rps: 500, burst_rps: 1000, concurrency: 50 } });
const holdBack = (): (() => void) => {
  let open = (): void => {};
  gate = new Promise((done) => {
    open = () => {
      gate = null;
      done();
    };
  });
  return open;
};
const product = (i: number): string => `B${String(i).padStart(9, '0')}`;
const shape = (results: readonly BatchResult[] | undefined) =>
  results?.map(({ index, status, http_status, error, credits_charged }) => [
    index,
    status,
    http_status,
    error,
    credits_charged,
  ]);

test('a batch on the sandbox comes to an end, free, with a result and a trace for each item', async () => {
  const key = server.testKey;
  const asins = ['B000000001', 'B000000002', 'SANDBOX404', 'SANDBOXMIS', 'SANDBOX402', 'SANDBOX500'];
  const made = await batches.make(asins, { key });
  assert.match(made.id, /^[0-9a-f-]{36}$/);
  assert.deepEqual([made.status, made.total_count], ['pending', 6]);
  assert.equal(made.poll_url, `${server.running.url}/api/v1/amazon/batch/${made.id}`);
  assert.ok(!('webhook_signature_secret' in made));
  const done = await batches.ended(made.id, { key });
  assert.deepEqual(
    [done.status, done.total_count, done.processed_count, done.success_count, done.failure_count, done.credits_charged],
    ['complete', 6, 6, 2, 4, 0],
  );
  assert.deepEqual([done.webhook_url, done.webhook_delivery_status], [null, 'none']);
  assert.deepEqual(shape(done.results), [
    [0, 'ok', 200, null, 0],
    [1, 'ok', 200, null, 0],
    [2, 'error', 404, 'product_not_found', 0],
    [3, 'error', 502, 'asin_mismatch', 0],
    [4, 'error', 402, 'insufficient_credits', 0],
    [5, 'error', 500, 'internal_error', 0],
  ]);
  for (const result of done.results ?? []) {
    assert.deepEqual(result.input, { query: asins[result.index] });
    const trace = (await (await server.get(`/api/v1/requests/${result.request_id}`, key)).json()) as { status: number };
    assert.equal(trace.status, result.http_status);
    assert.ok(
      result.data === null ? (result.message ?? '').length > 10 : result.data['request_id'] === result.request_id,
    );
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

test('every item that is wrong is named with its index, and so is all else', async () => {
  const post = async (body: unknown, headers?: Record<string, string>): Promise<string> =>
    (await assertError(await batches.post(body, { headers: headers ?? {} }), 'invalid_params', server.running.url))
      .message;
  const items = [{ query: 'B000000001' }, {}, { query: 'x' }, { query: 'B000000001', domain: 'xx' }, { query: ['a'] }];
  const message = await post({ endpoint: 'amazon.product', items, max_credits: -1 });
  for (const part of [
    /max_credits/,
    /items\[1\]: query is missing/,
    /items\[2\]: query "x"/,
    /items\[3\]: domain "xx"/,
    /items\[4\]: query is a list/,
  ])
    assert.match(message, part);
  assert.doesNotMatch(message, /items\[0\]/);
  assert.match(await post({ endpoint: 'amazon.product', items: [] }), /items.*1/);
  const many = Array.from({ length: BATCH_LIMITS.items + 1 }, (_, i) => ({ query: product(i) }));
  assert.match(await post({ endpoint: 'amazon.product', items: many }), /items.*1000/);
  assert.match(await post({ endpoint: 'amazon.offers', items: [{}] }), /endpoint "amazon.offers"/);
  assert.match(
    await post({
      endpoint: 'amazon.search',
      items: [
        { query: 'a', pages: 11 },
        { query: 'b', page: 2, start_page: 3 },
      ],
    }),
    /items\[0\]: pages.*items\[1\]: start_page/,
  );
  assert.match(await post('{"endpoint": '), /not valid JSON/);
  assert.match(await post('[]'), /the body/);
  assert.match(
    await post({ endpoint: 'amazon.product', items: [{ query: product(1) }] }, { 'content-type': 'text/plain' }),
    /Content-Type is "text\/plain"/,
  );
  assert.match(
    await post({ endpoint: 'amazon.product', items: [{ query: product(1) }] }, { 'idempotency-key': 'x'.repeat(256) }),
    /Idempotency-Key/,
  );
  assert.match(
    await post(`{"pad":"${'x'.repeat(BATCH_LIMITS.bodyBytes)}"}`),
    new RegExp(`at most ${BATCH_LIMITS.bodyBytes} bytes`),
  );
  const wrong = await post({ endpoint: 'amazon.product', items: Array.from({ length: 300 }, () => ({ query: '-' })) });
  assert.match(wrong, /and 280 more items with problems: 20, 21, .*, 299\.$/);
  assert.match(
    await post({ endpoint: 'amazon.product', items: [{ query: product(1) }, { query: product(2) }], max_credits: 9 }),
    /max_credits 9: this costs up to 10/,
  );
});

test('an Idempotency-Key: the first answer again, another body is refused, the keys of live and test are their own', async () => {
  const { key } = await workspace();
  const headers = { 'idempotency-key': 'order 7' };
  const first = await batches.make([product(1)], { key, headers });
  const again = await batches.make([product(1)], { key, headers });
  const { request_id: _a, ...a } = first;
  const { request_id: _b, ...b } = again;
  assert.deepEqual(b, a);
  const same = await batches.post(`{ "endpoint": "amazon.product", "items": [ {"query": "${product(1)}"} ] }`, {
    key,
    headers,
  });
  assert.equal(((await same.json()) as { id: string }).id, first.id, 'white space is no difference');
  const other = await batches.post({ endpoint: 'amazon.product', items: [{ query: product(2) }] }, { key, headers });
  assert.match(
    (await assertError(other, 'invalid_params', server.running.url)).message,
    /"order 7" was used for another body/,
  );
  const both = await Promise.all(
    [1, 2, 3, 4].map(() => batches.make([product(3)], { key, headers: { 'idempotency-key': 'at once' } })),
  );
  assert.equal(new Set(both.map(({ id }) => id)).size, 1, 'at the same moment, too');
  const { batches: list } = await listed(key);
  assert.equal(list.length, 2);
  assert.notEqual((await batches.make([product(1)], { key: server.testKey, headers })).id, first.id);
  // After a day the key is free again.
  const { now } = server.running.services;
  await server.running.services.store.query(`UPDATE batches SET created_at = $1 WHERE id = $2`, [
    new Date(now() - BATCH_LIMITS.idempotencyMs - 1000),
    first.id,
  ]);
  assert.notEqual((await batches.make([product(2)], { key, headers })).id, first.id);
});

async function listed(key: string, query = ''): Promise<{ batches: BatchSummary[]; next_cursor: string | null }> {
  return (await (await server.get(`/api/v1/amazon/batch${query}`, key)).json()) as {
    batches: BatchSummary[];
    next_cursor: string | null;
  };
}

test('the list: newest first, page by page, without results', async () => {
  const { key } = await workspace();
  const ids: string[] = [];
  for (let i = 0; i < 5; i += 1) ids.unshift((await batches.make([product(i)], { key })).id);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listed(key, `?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
    assert.ok(page.batches.length <= 2 && !('results' in (page.batches[0] ?? {})));
    seen.push(...page.batches.map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor !== null);
  assert.deepEqual(seen, ids);
});

test('results come as they are there: none, some, as lines in item order; results=false leaves them out', async () => {
  const { key } = await workspace();
  const open = holdBack();
  const { id } = await batches.make(['GONE000404', product(1), product(2)], { key });
  try {
    const early = await batches.get(id, { key });
    assert.deepEqual([early.processed_count, early.results], [0, []]);
  } finally {
    open();
  }
  await batches.ended(id, { key });
  assert.ok(!('results' in (await batches.get(id, { key, results: false }))));
  const answer = await server.get(`/api/v1/amazon/batch/${id}/results`, key);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/x-ndjson/);
  assert.match(answer.headers.get('x-request-id') ?? '', /^req_/);
  const lines = (await answer.text()).split('\n');
  assert.equal(lines.pop(), '', 'the last line ends, too');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as BatchResult),
    (await batches.get(id, { key })).results,
  );
});

test('what is the same is fetched once, answered each, and billed each', async () => {
  const { id: workspaceId, key } = await workspace();
  hits = [];
  const { id } = await batches.make(
    [product(71), product(72), product(71).toLowerCase(), product(71), 'GONE000404', 'GONE000404'],
    { key },
  );
  const done = await batches.ended(id, { key });
  assert.deepEqual(hits.toSorted(), [product(71), product(72), 'GONE000404']);
  assert.deepEqual([done.success_count, done.failure_count, done.credits_charged], [4, 2, 20]);
  assert.equal(new Set(done.results?.map((result) => result.request_id)).size, 6);
  const copy = done.results?.[2];
  const trace = (await (await server.get(`/api/v1/requests/${copy?.request_id}`, key)).json()) as {
    credits: number;
    attempts: { shared: boolean }[];
  };
  assert.deepEqual([trace.credits, trace.attempts.map((attempt) => attempt.shared)], [5, [true]]);
  const { body } = await server.admin('GET', `/workspaces/${workspaceId}`);
  assert.equal((body['credits'] as { total: number; held: number }).total, 980);
});

test('credits run out midway: the rest fail with insufficient_credits, and the batch is complete', async () => {
  const { key } = await workspace(12);
  const { id } = await batches.make([1, 2, 3, 4].map(product), { key });
  const done = await batches.ended(id, { key });
  assert.deepEqual([done.status, done.success_count, done.failure_count, done.credits_charged], ['complete', 2, 2, 10]);
  const failed = done.results?.filter((result) => result.status === 'error') ?? [];
  assert.deepEqual(
    failed.map((result) => [result.error, result.http_status]),
    [
      ['insufficient_credits', 402],
      ['insufficient_credits', 402],
    ],
  );
});

test('searches are billed by the page', async () => {
  const { key } = await workspace();
  const made = await batches.post(
    { endpoint: 'amazon.search', items: [{ query: 'chairs', pages: 2 }, { query: 'tables' }] },
    { key },
  );
  const { id } = (await made.json()) as { id: string };
  const done = await batches.ended(id, { key });
  assert.deepEqual(shape(done.results), [
    [0, 'ok', 200, null, 10],
    [1, 'ok', 200, null, 5],
  ]);
  assert.equal(done.results?.[0]?.data?.['pages_fetched'], 2);
});

test('items are at work beside the concurrency of the key, and stop when it is revoked', async () => {
  const { key, keyId } = await server.workspace({
    plan: 'custom',
    credits: 1000,
    limits: { rps: 500, burst_rps: 1000, concurrency: 1 },
  });
  const open = holdBack();
  const { id } = await batches.make(
    Array.from({ length: BATCH_SHARES.custom.concurrency + 20 }, (_, i) => product(i)),
    { key },
  );
  try {
    await eventually('items at work', () => server.running.services.jobs.atWork() === BATCH_SHARES.custom.concurrency, {
      tries: 1500,
    });
    await assertError(await server.get('/api/v1/amazon/product?query=x', key), 'invalid_params', server.running.url);
    assert.equal((await server.admin('DELETE', `/keys/${keyId}`)).status, 200);
  } finally {
    open();
  }
  await eventually(
    'the end',
    async () => {
      const [row] = await server.running.services.store.query<{ status: string }>(
        'SELECT status FROM batches WHERE id = $1',
        [id],
      );
      return row?.status === 'complete';
    },
    { tries: 3000 },
  );
  const rows = await server.running.services.store.query<{ error: string | null; n: number }>(
    'SELECT error, count(*) AS n FROM batch_items WHERE batch_id = $1 GROUP BY error ORDER BY error NULLS FIRST',
    [id],
  );
  assert.deepEqual(rows, [
    { error: null, n: BATCH_SHARES.custom.concurrency },
    { error: 'revoked', n: 20 },
  ]);
});

test('a workspace may have so many batches open, and is told so', async () => {
  const { key } = await workspace(1000, 'free');
  const open = holdBack();
  try {
    const ids: string[] = [];
    for (let i = 0; i < BATCH_SHARES.free.open; i += 1) ids.push((await batches.make([product(i)], { key })).id);
    const refused = await batches.post({ endpoint: 'amazon.product', items: [{ query: product(99) }] }, { key });
    assert.match(
      (await assertError(refused, 'rate_limited', server.running.url)).message,
      /20 batches that have not ended.*plan free/,
    );
    // One that waits can be cancelled; then there is room again.
    const cancelled = await server.get(`/api/v1/amazon/batch/${ids.at(-1)}`, key, { method: 'DELETE' });
    assert.equal(((await cancelled.json()) as BatchSummary).status, 'cancelled');
    await batches.make([product(99)], { key });
  } finally {
    open();
  }
});

test('events: each result once, resumable, then the end; who has had it all is told not to come again', async () => {
  const { key } = await workspace();
  const open = holdBack();
  const { id } = await batches.make([1, 2, 3, 4, 5].map(product), { key });
  const path = `/api/v1/amazon/batch/${id}/events`;
  const answer = await server.get(path, key);
  assert.match(answer.headers.get('content-type') ?? '', /^text\/event-stream/);
  const following = readEvents(answer);
  open();
  const events = await following;
  assert.deepEqual(
    events.map(({ event, id: at }) => [event, at]),
    [...[1, 2, 3, 4, 5].map((n) => ['item', n]), ['end', 6]],
  );
  assert.deepEqual(
    events
      .slice(0, 5)
      .map(({ data }) => Number(data['index']))
      .toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4],
  );
  assert.deepEqual(
    events.slice(0, 5).map(({ data }) => data['processed_count']),
    [1, 2, 3, 4, 5],
  );
  assert.deepEqual([events[5]?.data['status'], events[5]?.data['processed_count']], ['complete', 5]);
  const resumed = await readEvents(await server.get(path, key, { headers: { 'last-event-id': '3' } }));
  assert.deepEqual(resumed, events.slice(3));
  const over = await server.get(path, key, { headers: { 'last-event-id': '6' } });
  assert.deepEqual([over.status, await over.text()], [204, '']);
  await assertError(
    await server.get(path, key, { headers: { 'last-event-id': 'x' } }),
    'invalid_params',
    server.running.url,
  );
});

test('streams of events are bounded, and a place is free again when a reader hangs up', async () => {
  const { key } = await workspace();
  const open = holdBack();
  const { id } = await batches.make([product(1)], { key });
  const path = `/api/v1/amazon/batch/${id}/events`;
  const hangUp = new AbortController();
  try {
    await Promise.all(Array.from({ length: 20 }, () => server.get(path, key, { signal: hangUp.signal })));
    assert.match(
      (await assertError(await server.get(path, key), 'rate_limited', server.running.url)).message,
      /20 streams of events/,
    );
    hangUp.abort();
    await eventually('a free place', async () => {
      const one = new AbortController();
      const { status } = await server.get(path, key, { signal: one.signal });
      one.abort();
      return status === 200;
    });
  } finally {
    open();
  }
});

test('the metrics tell how much there is to do', async () => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  for (const name of [
    'asa_batches_open ',
    'asa_batch_items{state="waiting"} ',
    'asa_batch_items{state="at_work"} ',
    'asa_batch_items_at_work ',
  ])
    assert.ok(text.includes(name), name);
});

test('a purge takes ended batches with their results, and only old ones', async () => {
  const { key } = await workspace();
  const old = await batches.make([product(1)], { key });
  const young = await batches.make([product(2)], { key });
  await batches.ended(old.id, { key });
  await batches.ended(young.id, { key });
  const { store, jobs, now } = server.running.services;
  await store.query('UPDATE batches SET completed_at = $1 WHERE id = $2', [new Date(now() - 31 * 86_400_000), old.id]);
  assert.equal(await jobs.purge(30), 1);
  await assertError(await server.get(`/api/v1/amazon/batch/${old.id}`, key), 'not_found', server.running.url);
  assert.equal((await batches.get(young.id, { key })).results?.length, 1);
});
