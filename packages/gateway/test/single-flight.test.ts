import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { assertError, eventually, startPages, startServer, type TestServer } from './harness.ts';
import { playMarketplace } from './pages.ts';

/** What callers see of requests that share a fetch, and of exits that the marketplace asked to leave alone. */

interface Trace {
  readonly request_id: string;
  readonly status: number;
  readonly credits: number;
  readonly attempts: { n: number; verdict: string; shared: boolean; hedge: boolean; wait_ms: number }[];
}

let server: TestServer;
let pages: Awaited<ReturnType<typeof startPages>>;
const held: (() => void)[] = [];
let hits = 0;
before(async () => {
  pages = await startPages((request, response: ServerResponse) => {
    hits += 1;
    if (request.url?.includes('SLOWDOWN00')) {
      response.writeHead(429, { 'retry-after': '30' }).end('too fast');
      return;
    }
    if (request.url?.includes('TOGETHER')) held.push(() => playMarketplace(request, response));
    else playMarketplace(request, response);
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

const traceOf = async (id: string | null, key: string): Promise<Trace> =>
  (await (await server.get(`/api/v1/requests/${id}`, key)).json()) as Trace;

test('requests of several workspaces for one page: one fetch, and each has its charge, its id and its trace', async () => {
  const spaces = await Promise.all([1, 2].map(() => server.workspace({ plan: 'custom', credits: 100 })));
  hits = 0;
  const callers = [...spaces, ...spaces].map(({ key }) => key);
  const asked = callers.map((key) => server.get('/api/v1/amazon/product?query=TOGETHER01', key));
  await eventually('all have arrived', () => server.running.services.shedding.inFlight() === callers.length);
  await eventually('the page is asked for', () => held.length === 1);
  const gone = new AbortController();
  const leaver = server.get('/api/v1/amazon/product?query=TOGETHER01', callers[0] ?? null, { signal: gone.signal });
  await eventually('the one who will leave has come', () => server.running.services.shedding.inFlight() === 5);
  gone.abort();
  await assert.rejects(leaver);
  await eventually('it has left', () => server.running.services.shedding.inFlight() === callers.length);
  for (const go of held.splice(0)) go();
  const answers = await Promise.all(asked);
  const ids = new Set<string | null>();
  const shared: boolean[] = [];
  for (const [i, answer] of answers.entries()) {
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('asa-cost'), '5');
    assert.equal(answer.headers.get('asa-attempts'), '1');
    const id = answer.headers.get('x-request-id');
    ids.add(id);
    const body = (await answer.json()) as { request_id: string; asin: string };
    assert.deepEqual([body.request_id, body.asin], [id, 'TOGETHER01']);
    const trace = await traceOf(id, callers[i] ?? '');
    assert.deepEqual([trace.status, trace.credits, trace.attempts.length], [200, 5, 1]);
    shared.push(trace.attempts[0]?.shared ?? false);
  }
  assert.equal(ids.size, callers.length);
  assert.deepEqual([shared.length, shared.filter(Boolean).length], [4, 3]);
  assert.equal(hits, 1);
  for (const { id } of spaces) {
    const { body } = await server.admin('GET', `/workspaces/${id}`);
    assert.deepEqual(body['credits'], { allowance_left: 0, topup_left: 90, held: 0, total: 90 });
  }
});

test('an exit that the marketplace asked to leave alone is left alone: capacity, free, with the time to come back', async () => {
  const { key } = await server.workspace({ plan: 'custom', credits: 100 });
  await assertError(
    await server.get('/api/v1/amazon/product?query=SLOWDOWN00', key),
    'target_unreachable',
    server.running.url,
  );
  hits = 0;
  const refused = await server.get('/api/v1/amazon/product?query=B000000009', key);
  const seconds = Number(refused.headers.get('retry-after'));
  await assertError(refused, 'capacity', server.running.url);
  assert.ok(seconds > 20 && seconds <= 30, `${seconds}`);
  assert.equal(hits, 0);
  // Another marketplace has not asked for anything.
  const other = await server.get('/api/v1/amazon/product?query=B000000009&domain=de', key);
  assert.equal(other.status, 200, await other.text());
});
