import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ErrorCode } from '@asa/contract';
import { assertError, eventually, startPages, startServer, type TestServer } from './harness.ts';
import { playMarketplace } from './pages.ts';

/** The order of checks of contract section 1, pairwise: a request that is wrong in two ways is answered with the earlier one. */

interface Wrong {
  readonly code: ErrorCode;
  readonly path?: string;
  readonly key?: string;
  readonly params?: string;
  readonly asin?: string;
  readonly usedUp?: boolean;
  readonly broke?: boolean;
  readonly crowded?: boolean;
}

const CHECKS: Record<string, Wrong> = {
  path: { code: 'not_found', path: '/api/v1/amazon/produkt' },
  key: { code: 'unauthorized', key: `asa_live_${'0'.repeat(32)}` },
  rate: { code: 'rate_limited', usedUp: true },
  parameters: { code: 'invalid_params', params: 'add_html=perhaps' },
  reserved: { code: 'not_implemented', params: 'render_js=1' },
  region: { code: 'forbidden_region', params: 'country=US' },
  shedding: { code: 'capacity', crowded: true },
  credits: { code: 'insufficient_credits', broke: true },
  fetch: { code: 'blocked_by_amazon', asin: 'CAPTCHA000' },
};

let server: TestServer;
let pages: Awaited<ReturnType<typeof startPages>>;

before(async () => {
  pages = await startPages(playMarketplace);
  server = await startServer({
    ASA_ORIGIN_URL: pages.template,
    ASA_UPSTREAM_TIMEOUT_MS: '20000',
    ASA_ATTEMPT_TIMEOUT_MS: '20000',
    ASA_MAX_ATTEMPTS: '1',
    ASA_MAX_INFLIGHT: '1',
  });
});
after(async () => {
  await server.close();
  await pages.close();
});

/** Takes the one place there is while the work runs. */
async function whileCrowded<T>(work: () => Promise<T>): Promise<T> {
  const { shedding } = server.running.services;
  const hanging = new AbortController();
  const held = server
    .get('/api/v1/amazon/product?query=HANGSFORVR', server.liveKey, { signal: hanging.signal })
    .catch(() => null);
  await eventually('the place is taken', () => shedding.inFlight() === 1);
  try {
    return await work();
  } finally {
    hanging.abort();
    await held;
    await eventually('the place is free', () => shedding.inFlight() === 0);
  }
}

async function answerTo(wrongs: readonly Wrong[]): Promise<Response> {
  const all = Object.assign({}, ...wrongs) as Wrong;
  const { key } = await server.workspace({
    plan: 'custom',
    credits: all.broke === true ? 0 : 100,
    ...(all.usedUp === true ? { limits: { rps: 1, burst_rps: 1, concurrency: 1 } } : {}),
  });
  if (all.usedUp === true) await server.get('/api/v1/account', key);
  const params = wrongs.map((wrong) => wrong.params ?? '').join('&');
  const ask = () =>
    server.get(`${all.path ?? '/api/v1/amazon/product'}?query=${all.asin ?? 'B000000001'}&${params}`, all.key ?? key);
  return all.crowded === true ? whileCrowded(ask) : ask();
}

const names = Object.keys(CHECKS);
for (const [index, earlier] of names.entries()) {
  const first = CHECKS[earlier] as Wrong;
  test(`${earlier} alone is ${first.code}`, async () => {
    await assertError(await answerTo([first]), first.code, server.running.url);
  });
  for (const later of names.slice(index + 1)) {
    test(`${earlier} comes before ${later}`, async () => {
      await assertError(await answerTo([first, CHECKS[later] as Wrong]), first.code, server.running.url);
    });
  }
}

test('a request that is right in every way is answered', async () => {
  assert.equal((await answerTo([])).status, 200);
});
