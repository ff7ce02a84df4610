import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ERROR_CODES, type ErrorCode } from '@asa/contract';
import { assertError, startPages, startServer, type TestServer } from './harness.ts';
import { playMarketplace } from './pages.ts';

/**
 * Every row of the error table over HTTP, for every endpoint that can answer it: status, the exact body, headers, and that it cost
 * nothing. The pages come from a marketplace played by this test, for a live key with real holds.
 */

type Provoke = (server: TestServer, path: (params: string) => string) => Promise<Response>;
let server: TestServer;
let pages: Awaited<ReturnType<typeof startPages>>;

before(async () => {
  pages = await startPages(playMarketplace);
  server = await startServer({
    ASA_ORIGIN_URL: pages.template,
    ASA_UPSTREAM_TIMEOUT_MS: '1500',
    ASA_ATTEMPT_TIMEOUT_MS: '700',
    ASA_MAX_ATTEMPTS: '2',
    ASA_MAX_INFLIGHT: '3',
  });
});
after(async () => {
  await server.close();
  await pages.close();
});

const broke: Provoke = async (s, path) => s.get(path(''), (await s.workspace({ plan: 'custom' })).key);
const slow: Provoke = async (s, path) => {
  const { key } = await s.workspace({ plan: 'custom', credits: 100, limits: { rps: 1, burst_rps: 1, concurrency: 1 } });
  await s.get(path('query='), key);
  return s.get(path(''), key);
};
const crowded: Provoke = async (s, path) => {
  const hanging = new AbortController();
  const held = [1, 2, 3].map(() =>
    s.get('/api/v1/amazon/product?query=HANGSFORVR', s.liveKey, { signal: hanging.signal }).catch(() => null),
  );
  try {
    while (s.running.services.shedding.inFlight() < 3) await new Promise((done) => setTimeout(done, 5));
    return await s.get(path(''));
  } finally {
    hanging.abort();
    await Promise.all(held);
    while (s.running.services.shedding.inFlight() > 0) await new Promise((done) => setTimeout(done, 5));
  }
};
const broken: Provoke = async (s, path) => {
  const { pool } = s.running.services.scrape;
  const { read } = pool;
  pool.read = () => Promise.reject(new Error('secret detail'));
  try {
    return await s.get(path(''));
  } finally {
    pool.read = read;
  }
};
const page =
  (name: string): Provoke =>
  (s, path) =>
    s.get(path(`query=${name}`));

const COMMON: Partial<Record<ErrorCode, Provoke>> = {
  invalid_params: (s, path) => s.get(path('query=')),
  unauthorized: (s, path) => s.get(path(''), `asa_live_${'x'.repeat(32)}`),
  revoked: async (s, path) => {
    const { key, keyId } = await s.workspace({ plan: 'pro' });
    assert.equal((await s.admin('DELETE', `/keys/${keyId}`)).status, 200);
    return s.get(path(''), key);
  },
  insufficient_credits: broke,
  forbidden_region: async (s, path) => s.get(path('country=US'), (await s.workspace({ plan: 'free' })).key),
  not_found: (s, path) => s.get(path(''), s.liveKey, { method: 'POST' }),
  rate_limited: slow,
  internal_error: broken,
  not_implemented: (s, path) => s.get(path('screenshot=true')),
  capacity: crowded,
  product_not_found: page('GONE000404'),
  upstream_timeout: page('HANGSFORVR'),
  blocked_by_amazon: page('CAPTCHA000'),
  target_unreachable: page('RESETS0000'),
  extraction_failed: page('UNREADABLE'),
};
const ENDPOINTS: Record<string, { path: (params: string) => string; provoke: Partial<Record<ErrorCode, Provoke>> }> = {
  'amazon.product': {
    path: (params) => `/api/v1/amazon/product?${params.includes('query=') ? params : `query=B000000001&${params}`}`,
    provoke: { ...COMMON, asin_mismatch: page('OTHERASIN1'), generic_gallery_page: page('SHELF00000') },
  },
  'amazon.search': {
    path: (params) => `/api/v1/amazon/search?${params.includes('query=') ? params : `query=chairs&${params}`}`,
    provoke: COMMON,
  },
};

test('every row of the table is provoked by some endpoint', () => {
  const provoked = new Set(Object.values(ENDPOINTS).flatMap((endpoint) => Object.keys(endpoint.provoke)));
  assert.deepEqual([...provoked].toSorted(), ERROR_CODES.toSorted());
});

for (const [name, { path, provoke }] of Object.entries(ENDPOINTS)) {
  for (const [code, run] of Object.entries(provoke) as [ErrorCode, Provoke][]) {
    test(`${name} answers ${code}, whole and free`, async () => {
      const balanceBefore = await credits();
      const response = await run(server, path);
      const body = await assertError(response, code, server.running.url);
      assert.doesNotMatch(body.message, /secret detail|127\.0\.0\.1|node_modules|asa_live_\w{20}/);
      assert.deepEqual(await credits(), balanceBefore);
    });
  }
  test(`${name} answers 200 and costs 5`, async () => {
    const balanceBefore = await credits();
    const response = await server.get(path(''));
    const text = await response.text();
    assert.equal(response.status, 200, text);
    const { headers } = response;
    assert.equal(headers.get('asa-cost'), '5');
    assert.equal(headers.get('asa-attempts'), '1');
    assert.equal(headers.get('asa-source-status'), '200');
    assert.match(headers.get('asa-concurrency') ?? '', /^1\/200$/);
    assert.match(headers.get('asa-rps') ?? '', /^\d+\/25$/);
    assert.match(headers.get('ratelimit-policy') ?? '', /^"key";q=\d+;w=\d+$/);
    assert.match(headers.get('ratelimit') ?? '', /^"key";r=\d+;t=\d+$/);
    assert.equal((JSON.parse(text) as { request_id: string }).request_id, headers.get('x-request-id'));
    assert.equal(headers.get('asa-credits-remaining'), String(balanceBefore.total - 5));
    assert.deepEqual(await credits(), { total: balanceBefore.total - 5, held: 0 });
  });
}

/** What the default workspace can spend and holds. */
async function credits(): Promise<{ total: number; held: number }> {
  const { body } = await server.admin('GET', '/workspaces');
  const found = (body['workspaces'] as { name: string; credits: { total: number; held: number } }[]).find(
    (row) => row.name === 'default',
  );
  assert.ok(found !== undefined);
  return { total: found.credits.total, held: found.credits.held };
}
