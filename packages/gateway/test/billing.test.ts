import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertError, eventually, startPages, startServer, type TestServer } from './harness.ts';
import { playMarketplace, searchPage } from './pages.ts';

/** What is charged, and what is not: the ledger of a workspace after each kind of ending. */

interface Entry {
  readonly kind: string;
  readonly amount: number;
  readonly request_id: string | null;
}
interface Trace {
  readonly request_id: string;
  readonly status: number;
  readonly error: string | null;
  readonly credits: number;
  readonly endpoint: string;
  readonly params: Record<string, unknown>;
  readonly attempts: { n: number; tier: string; status: number | null; verdict: string; url: string }[];
  readonly stages: { name: string; ms: number }[];
  readonly extractor: {
    version: string;
    kind: string;
    fields_found: string[];
    fields_missing: string[];
    fields_failed: string[];
  };
}

let server: TestServer;
let pages: Awaited<ReturnType<typeof startPages>>;
before(async () => {
  pages = await startPages((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const words = url.searchParams.get('k');
    const page = Number(url.searchParams.get('page') ?? 1);
    // A search of three pages; of another one the second page is a challenge.
    if (words === 'three pages' && page > 3) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(searchPage('x', 0));
      return;
    }
    if (words === 'second blocked' && page === 2) request.url = '/com/s?k=CAPTCHA000';
    playMarketplace(request, response);
  });
  server = await startServer({
    ASA_ORIGIN_URL: pages.template,
    ASA_UPSTREAM_TIMEOUT_MS: '20000',
    ASA_MAX_ATTEMPTS: '2',
  });
});
after(async () => {
  await server.close();
  await pages.close();
});

const workspace = () => server.workspace({ plan: 'custom', credits: 100 });
async function ledger(id: string): Promise<{ balance: number; entries: Entry[] }> {
  const { body } = await server.admin('GET', `/workspaces/${id}/ledger?limit=100`);
  return body as unknown as { balance: number; entries: Entry[] };
}
const shape = (entries: readonly Entry[]): string[] =>
  entries.map(({ kind, amount }) => `${kind} ${amount}`).toReversed();
const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;

test('a success is held, then captured once; the sum of the entries is the balance', async () => {
  const { id, key } = await workspace();
  const response = await server.get('/api/v1/amazon/product?query=B000000001', key);
  assert.equal(response.status, 200);
  const requestId = response.headers.get('x-request-id');
  const { balance, entries } = await ledger(id);
  assert.deepEqual(shape(entries), ['topup 100', 'hold -5', 'release 5', 'capture -5']);
  assert.ok(entries.filter((entry) => entry.kind !== 'topup').every((entry) => entry.request_id === requestId));
  assert.equal(
    balance,
    entries.reduce((sum, entry) => sum + entry.amount, 0),
  );
  assert.equal(balance, 95);
});

test('a failure is held and released before its answer', async () => {
  const { id, key } = await workspace();
  await assertError(
    await server.get('/api/v1/amazon/product?query=CAPTCHA000', key),
    'blocked_by_amazon',
    server.running.url,
  );
  assert.deepEqual(shape((await ledger(id)).entries), ['topup 100', 'hold -5', 'release 5']);
});

test('a caller who hangs up is not charged, the attempt is aborted, and the trace says so', async () => {
  const { id, key } = await workspace();
  const hanging = new AbortController();
  const asked = server
    .get('/api/v1/amazon/product?query=HANGSFORVR', key, { signal: hanging.signal })
    .catch(() => null);
  await eventually('a hold', async () => (await ledger(id)).entries.length === 2);
  hanging.abort();
  await asked;
  await eventually('a release', async () => (await ledger(id)).balance === 100);
  assert.deepEqual(shape((await ledger(id)).entries), ['topup 100', 'hold -5', 'release 5']);
  const { requests } = await json<{ requests: Trace[] }>(await server.get('/api/v1/requests', key));
  assert.deepEqual(
    requests.map(({ status, error, credits }) => ({ status, error, credits })),
    [{ status: 499, error: null, credits: 0 }],
  );
});

test('a search reserves every page and is charged for those obtained', async () => {
  const { id, key } = await workspace();
  const response = await server.get('/api/v1/amazon/search?query=three+pages&pages=5', key);
  const body = await json<{ pages_fetched: number; products: { organic_position: number; page: number }[] }>(response);
  assert.equal(body.pages_fetched, 3);
  assert.deepEqual(
    body.products.map((card) => card.organic_position),
    Array.from({ length: 12 }, (_, i) => i + 1),
  );
  assert.deepEqual([...new Set(body.products.map((card) => card.page))], [1, 2, 3]);
  assert.equal(response.headers.get('asa-cost'), '15');
  assert.equal(response.headers.get('asa-attempts'), '4');
  assert.deepEqual(shape((await ledger(id)).entries), ['topup 100', 'hold -25', 'release 25', 'capture -15']);
});

test('a later page that fails ends the search with the pages obtained', async () => {
  const { id, key } = await workspace();
  const response = await server.get('/api/v1/amazon/search?query=second+blocked&pages=3', key);
  assert.equal(response.status, 200);
  assert.equal((await json<{ pages_fetched: number }>(response)).pages_fetched, 1);
  assert.equal((await ledger(id)).balance, 95);
});

test('a search whose pages cost more than there is left is refused whole', async () => {
  const { key } = await server.workspace({ plan: 'custom', credits: 10 });
  const { message } = await assertError(
    await server.get('/api/v1/amazon/search?query=x&pages=3', key),
    'insufficient_credits',
    server.running.url,
  );
  assert.match(message, /15 credits.* 10 /);
  assert.equal((await server.get('/api/v1/amazon/search?query=x&pages=2', key)).status, 200);
});

test('a test key passes every stage and is never billed', async () => {
  const { id } = await workspace();
  const made = await server.admin('POST', `/workspaces/${id}/keys`, { name: 't', mode: 'test' });
  const response = await server.get('/api/v1/amazon/product?query=B0CXYZ1234', String(made.body['key']));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('asa-cost'), '0');
  assert.equal(response.headers.get('asa-credits-remaining'), '100');
  assert.deepEqual(shape((await ledger(id)).entries), ['topup 100']);
});

test('a capture whose outcome is unknown is answered with an error and undone: charged nothing', async () => {
  const { id, key } = await workspace();
  const real = server.running.services.accounts.ledger;
  const { capture } = real;
  // The database commits, and the connection breaks before it can say so.
  real.capture = async (hold, credits) => {
    await capture(hold, credits);
    throw Object.assign(new Error('Connection terminated unexpectedly'), { code: '08006' });
  };
  try {
    await assertError(await server.get('/api/v1/amazon/product?query=B000000001', key), 'capacity', server.running.url);
  } finally {
    real.capture = capture;
  }
  await server.running.services.doubts.settle();
  assert.equal(server.running.services.doubts.size(), 0);
  assert.equal((await ledger(id)).balance, 100);
});

test('a hold that was lost is no 2xx', async () => {
  const { id, key } = await workspace();
  const real = server.running.services.accounts.ledger;
  const { capture } = real;
  real.capture = async (hold, credits) => {
    await real.release(hold);
    return capture(hold, credits);
  };
  try {
    await assertError(await server.get('/api/v1/amazon/product?query=B000000001', key), 'capacity', server.running.url);
  } finally {
    real.capture = capture;
  }
  assert.equal((await ledger(id)).balance, 100);
});

test('the trace of a request is readable as soon as its answer has arrived, by its own workspace only', async () => {
  const { key } = await workspace();
  const answer = await server.get(`/api/v1/amazon/product?query=B000000001&api_key=${key}`, key);
  const id = answer.headers.get('x-request-id');
  const trace = await json<Trace>(await server.get(`/api/v1/requests/${id}`, key));
  assert.equal(trace.request_id, id);
  assert.equal(trace.status, 200);
  assert.equal(trace.credits, 5);
  assert.equal(trace.endpoint, 'amazon.product');
  assert.equal(trace.params['asin'], 'B000000001');
  assert.deepEqual(
    trace.attempts.map(({ n, tier, status, verdict }) => ({ n, tier, status, verdict })),
    [{ n: 1, tier: 'direct', status: 200, verdict: 'product' }],
  );
  assert.deepEqual(
    trace.stages.map((stage) => stage.name),
    ['identify', 'limit', 'parse', 'reserve', 'plan', 'fetch', 'judge', 'extract', 'settle', 'reply'],
  );
  assert.ok(trace.extractor.fields_found.includes('title') && trace.extractor.fields_failed.length === 0);
  assert.ok(!JSON.stringify(trace).includes(key), 'no key in a trace');

  const other = await workspace();
  await assertError(await server.get(`/api/v1/requests/${id}`, other.key), 'not_found', server.running.url);
  assert.equal((await server.admin('GET', `/requests/${id}`)).body['request_id'], id);
});

test('the trace of an error has its attempts and the code', async () => {
  const { key } = await workspace();
  const error = await assertError(
    await server.get('/api/v1/amazon/product?query=CAPTCHA000', key),
    'blocked_by_amazon',
    server.running.url,
  );
  const trace = await json<Trace>(await server.get(`/api/v1/requests/${error.request_id}`, key));
  assert.equal(trace.error, 'blocked_by_amazon');
  assert.deepEqual(
    trace.attempts.map((attempt) => attempt.verdict),
    ['captcha', 'captcha'],
  );
  const bad = await assertError(
    await server.get('/api/v1/amazon/product?query=x', key),
    'invalid_params',
    server.running.url,
  );
  assert.equal((await json<Trace>(await server.get(`/api/v1/requests/${bad.request_id}`, key))).status, 400);
});

test('an id that was used before is made again', async () => {
  const { key } = await workspace();
  const first = (await server.get('/api/v1/amazon/product?query=B000000001', key)).headers.get('x-request-id') ?? '';
  const { services } = server.running;
  const ids = [first, first];
  const real = services.newRequestId;
  Object.assign(services, { newRequestId: () => ids.shift() ?? real() });
  try {
    const again = await server.get('/api/v1/amazon/product?query=B000000001', key);
    assert.equal(again.status, 200);
    const body = await json<{ request_id: string }>(again);
    assert.notEqual(body.request_id, first);
    assert.equal(again.headers.get('x-request-id'), body.request_id);
    ids.push(first, first);
    const refused = await assertError(
      await server.get('/api/v1/amazon/product?query=x', key),
      'invalid_params',
      server.running.url,
    );
    assert.notEqual(refused.request_id, first);
  } finally {
    Object.assign(services, { newRequestId: real });
  }
});
