import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { testWebhook } from '@asa/accounts';
import { AccountAnswer, CREDITS_PER_UNIT, EstimateAnswer, ReceiptKeysAnswer, verifyReceipt } from '@asa/contract';
import { assertError, eventually, startPages, startServer, type TestServer } from './harness.ts';
import { playMarketplace } from './pages.ts';

/** Budgets, automatic top-ups, estimates, rotation and the brake on guessing, over HTTP. */

const SECRET = 'payments of this test';
const PRODUCT = '/api/v1/amazon/product?query=B000000001';
let server: TestServer;
let pages: Awaited<ReturnType<typeof startPages>>;
before(async () => {
  pages = await startPages(playMarketplace);
  server = await startServer({
    ASA_ORIGIN_URL: pages.template,
    ASA_MAX_ATTEMPTS: '1',
    ASA_PAYMENT_PROVIDER: 'test',
    ASA_PAYMENT_WEBHOOK_SECRET: SECRET,
    ASA_WEBHOOK_ALLOW_PRIVATE: 'true',
    ASA_TRUST_PROXY: 'true',
  });
});
after(async () => {
  await server.close();
  await pages.close();
});

const shop = (credits = 0) => server.workspace({ plan: 'custom', credits });
const patch = async (id: string, body: object): Promise<void> => {
  const { status, body: answer } = await server.admin('PATCH', `/workspaces/${id}`, body);
  assert.equal(status, 200, JSON.stringify(answer));
};
const account = async (key: string) => AccountAnswer.parse(await (await server.get('/api/v1/account', key)).json());
async function ok(path: string, key: string): Promise<Response> {
  const response = await server.get(path, key);
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.equal(response.status, 200, bytes.toString().slice(0, 300));
  return response;
}
const refused = async (path: string, key: string, message: RegExp): Promise<void> => {
  const body = await assertError(await server.get(path, key), 'insufficient_credits', server.running.url);
  assert.match(body.message, message);
};

test('a request over a budget is refused with its name, its end and no charge; a failure gives its part back', async () => {
  const { id, key, keyId } = await shop(1000);
  await patch(id, { budgets: { day: 10 } });
  await assertError(
    await server.get('/api/v1/amazon/product?query=GONE000404', key),
    'product_not_found',
    server.running.url,
  );
  await ok(PRODUCT, key);
  await ok(PRODUCT, key);
  await refused(
    PRODUCT,
    key,
    /budget of the workspace is 10 credits a day: 10 are spent.* The next day begins \d{4}-\d\d-\d\dT00:00:00\.000Z/,
  );
  assert.equal((await server.admin('PATCH', `/keys/${keyId}`, { budgets: { month: 3 } })).status, 200);
  await refused(PRODUCT, key, /budget of the key asa_live_\w{12} is 3 credits a month/);
  const told = await account(key);
  assert.deepEqual(
    told.budgets.map(({ scope, period, credits, spent, reserved }) => [scope, period, credits, spent, reserved]),
    [
      ['workspace', 'day', 10, 10, 0],
      ['key', 'month', 3, 10, 0],
    ],
  );
  assert.deepEqual(told.credits.total, 990);
  await patch(id, { budgets: { day: null } });
  assert.equal((await server.admin('PATCH', `/keys/${keyId}`, { budgets: { month: null } })).status, 200);
  await ok(PRODUCT, key);
});

test('concurrent requests never spend more than the budget', async () => {
  const { id, key } = await shop(1000);
  await patch(id, { budgets: { month: 50 } });
  const answers = await Promise.all(Array.from({ length: 25 }, () => server.get(PRODUCT, key)));
  const statuses = await Promise.all(answers.map(async (answer) => (await answer.arrayBuffer(), answer.status)));
  assert.deepEqual(
    [statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 402).length],
    [10, 15],
  );
  assert.equal((await account(key)).budgets[0]?.spent, 50);
});

test('alerts are sent, signed, and listed', async () => {
  const { id, key } = await shop(1000);
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const listener = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
      response.end();
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  try {
    const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/alerts`;
    const set = await server.admin('POST', `/workspaces/${id}/alert-webhook`, { url });
    assert.equal(set.status, 201, JSON.stringify(set.body));
    const secret = String(set.body['secret']);
    assert.match(secret, /^whsec_/);
    assert.deepEqual((await server.admin('GET', `/workspaces/${id}/alert-webhook`)).body['secret'], null);
    await patch(id, { budgets: { day: 10 } });
    await ok(PRODUCT, key);
    await eventually('the alert arrives', () => got.length === 1);
    const [first] = got;
    assert.equal(first?.headers['x-asa-event'], 'budget.reached');
    assert.equal(
      first.headers['x-asa-signature'],
      `sha256=${createHmac('sha256', secret).update(first.body).digest('hex')}`,
    );
    const { alert } = JSON.parse(first.body) as { alert: { percent: number; spent: number } };
    assert.deepEqual([alert.percent, alert.spent], [50, 5]);
    await ok(PRODUCT, key);
    await eventually('the others arrive', () => got.length === 3);
    const { body } = await server.admin('GET', `/workspaces/${id}/alerts`);
    assert.deepEqual(
      (body['alerts'] as { percent: number; delivered_at: string | null }[]).map(({ percent, delivered_at }) => [
        percent,
        delivered_at !== null,
      ]),
      [
        [100, true],
        [80, true],
        [50, true],
      ],
    );
    assert.equal((await server.admin('DELETE', `/workspaces/${id}/alert-webhook`)).status, 200);
    assert.equal((await server.admin('GET', `/workspaces/${id}/alert-webhook`)).status, 404);
  } finally {
    listener.closeAllConnections();
    listener.close();
  }
});

test('a stampede on an empty workspace buys one pack and is served', async () => {
  const { id, key } = await shop();
  await refused(PRODUCT, key, /^This request costs 5 credits, but the workspace has 0 left\.$/);
  await patch(id, { auto_top_up: { enabled: true, pack: 200, monthly_cap: 200 } });
  const answers = await Promise.all(Array.from({ length: 30 }, () => ok(PRODUCT, key)));
  assert.equal(answers.length, 30);
  const { auto_top_up: state, credits } = await account(key);
  assert.deepEqual([state.bought_this_month, state.last?.state, credits.total], [200, 'paid', 50]);
  const { body } = await server.admin('GET', `/workspaces/${id}/top-ups`);
  assert.equal((body['top_ups'] as object[]).length, 1);
  await ok('/api/v1/amazon/search?query=chairs&pages=4', key);
  await refused(
    '/api/v1/amazon/search?query=chairs&pages=10',
    key,
    /costs 50 credits, .* has 30 left; automatic top-up would buy 200 credits, but is capped at 200 a month, of which 200 are used/,
  );
});

test('below its threshold a workspace buys more while nobody waits', async () => {
  const { id, key } = await shop(100);
  await patch(id, { auto_top_up: { enabled: true, threshold: 96, pack: 500, monthly_cap: 500 } });
  await ok(PRODUCT, key);
  await eventually('a pack is bought', async () => (await account(key)).credits.total === 595);
});

test('webhooks of the payment provider are signed, and change nothing the second time', async () => {
  const { id, key } = await shop();
  await patch(id, { auto_top_up: { enabled: true, pack: 50, monthly_cap: 50 } });
  await ok(PRODUCT, key);
  const topUp = (await account(key)).auto_top_up.last?.id ?? '';
  const send = (body: Buffer, headers: Record<string, string>, provider = 'test') =>
    fetch(`${server.url}/webhooks/payments/${provider}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: new Uint8Array(body),
    });
  const { body, headers } = testWebhook(SECRET, topUp, { status: 'paid', paymentId: 'p' }, Date.now());
  for (let i = 0; i < 2; i += 1) {
    const answer = await send(body, headers);
    assert.equal(answer.status, 200);
    assert.equal(((await answer.json()) as { result: string }).result, 'already');
  }
  assert.equal((await account(key)).credits.total, 45);
  await assertError(
    await send(body, { ...headers, 'webhook-signature': 'v1,AAAA' }),
    'unauthorized',
    server.running.url,
  );
  await assertError(await send(body, headers, 'none'), 'not_found', server.running.url);
  await assertError(await send(Buffer.alloc(70_000), headers), 'invalid_params', server.running.url);
});

test('an estimate tells units, credits, what is there, and whether it suffices; it is free', async () => {
  const { id, key } = await shop(60);
  const estimate = (body: unknown, by = key) =>
    server.get('/api/v1/estimate', by, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const told = async (body: unknown, by = key) => EstimateAnswer.parse(await (await estimate(body, by)).json());
  const product = { endpoint: 'amazon.product', params: { query: 'B000000001' } };
  const search = (count: number) => ({ endpoint: 'amazon.search', params: { query: 'chairs', pages: count } });
  const batch = (count: number) => ({
    endpoint: 'amazon.batch',
    params: {
      endpoint: 'amazon.product',
      items: Array.from({ length: count }, (_, i) => ({ query: `B${String(i).padStart(9, '0')}` })),
    },
  });
  const short = ({ units, credits, charged_at_most: most, credits_left: left, sufficient }: EstimateAnswer) => [
    units,
    credits,
    most,
    left,
    sufficient,
  ];
  assert.deepEqual(short(await told(product)), [1, 5, 5, 60, true]);
  assert.deepEqual(short(await told(search(10))), [10, 50, 50, 60, true]);
  assert.deepEqual(short(await told(batch(13))), [13, 65, 65, 60, false]);
  assert.match((await told(batch(13))).problem ?? '', /costs up to 65 credits, but the workspace has 60 left/);
  await patch(id, { budgets: { day: 40 } });
  const limited = await told(search(10));
  assert.deepEqual([limited.budget_left, limited.sufficient], [40, false]);
  assert.match(limited.problem ?? '', /the budgets leave 40/);
  const sandbox = await told(search(10), server.testKey);
  assert.deepEqual([sandbox.credits, sandbox.charged_at_most, sandbox.sufficient], [50, 0, true]);
  const { entries } = (await server.admin('GET', `/workspaces/${id}/ledger`)).body as { entries: object[] };
  assert.equal(entries.length, 1, 'nothing was held or charged');

  // What the request itself would be refused for.
  const wrong = async (body: unknown, code: 'invalid_params' | 'not_implemented', message: RegExp) =>
    assert.match((await assertError(await estimate(body), code, server.running.url)).message, message);
  await wrong(
    { endpoint: 'amazon.product', params: { query: 'x', domain: 'xx' } },
    'invalid_params',
    /query "x" .*domain "xx"/,
  );
  await wrong(
    { endpoint: 'amazon.search', params: { query: 'x', pages: 3, max_credits: 10 } },
    'invalid_params',
    /max_credits 10: this costs up to 15/,
  );
  await wrong(
    { endpoint: 'amazon.product', params: { query: 'B000000001', screenshot: true } },
    'not_implemented',
    /screenshot/,
  );
  await wrong(
    { endpoint: 'amazon.batch', params: { endpoint: 'amazon.product', items: [{ query: '?' }] } },
    'invalid_params',
    /0/,
  );
  await wrong({ endpoint: 'amazon.nothing', params: {} }, 'invalid_params', /endpoint/);
});

test('max_credits is never exceeded: what could cost more is refused before anything is held', async () => {
  const { id, key } = await shop(100);
  await assertError(
    await server.get('/api/v1/amazon/search?query=chairs&pages=3&max_credits=14', key),
    'invalid_params',
    server.running.url,
  );
  const response = await ok('/api/v1/amazon/search?query=chairs&pages=2&max_credits=10', key);
  assert.ok(Number(response.headers.get('asa-cost')) <= 10);
  const { entries } = (await server.admin('GET', `/workspaces/${id}/ledger`)).body as { entries: { kind: string }[] };
  assert.equal(entries.filter(({ kind }) => kind === 'hold').length, 1);
});

test('a receipt names the place of its capture in the ledger', async () => {
  const { key } = await shop(100);
  const { keys } = ReceiptKeysAnswer.parse(await (await fetch(`${server.url}/.well-known/asa-receipts.json`)).json());
  const seqs: number[] = [];
  for (let i = 0; i < 2; i += 1) {
    const check = await verifyReceipt((await ok(PRODUCT, key)).headers.get('asa-receipt') ?? '', keys);
    assert.ok(check.ok);
    assert.equal(check.claims.credits, CREDITS_PER_UNIT);
    assert.match(check.claims.entry?.hash ?? '', /^[0-9a-f]{64}$/);
    seqs.push(check.claims.entry?.seq ?? 0);
  }
  // The opening top-up, then hold, release and capture each.
  assert.deepEqual(seqs, [4, 7]);
});

test('a key is rotated over the admin API, and both answer for a time', async () => {
  const { key, keyId } = await shop(100);
  const made = await server.admin('POST', `/keys/${keyId}/rotate`, { overlap_seconds: 3600 });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  for (const one of [key, String(made.body['key'])]) await ok(PRODUCT, one);
  const now = await server.admin('POST', `/keys/${String(made.body['id'])}/rotate`, { overlap_seconds: 0 });
  assert.equal(now.status, 201);
  await assertError(await server.get(PRODUCT, String(made.body['key'])), 'revoked', server.running.url);
  await ok(PRODUCT, String(now.body['key']));
  assert.equal((await server.admin('POST', `/keys/${keyId}/rotate`, { overlap_seconds: -1 })).status, 400);
  assert.equal((await server.admin('POST', '/keys/key_0000000000000000/rotate', {})).status, 404);
});

test('whoever guesses keys is made to wait, by address, and a known key of that address is not', async () => {
  const { key } = await shop(100);
  const from = (key_: string, address: string) =>
    server.get('/api/v1/account', key_, { headers: { 'x-forwarded-for': address } });
  await (await from(key, '203.0.113.9')).arrayBuffer();
  const codes = new Map<number, number>();
  for (let i = 0; i < 130; i += 1) {
    const answer = await from(`asa_live_${String(i).padStart(12, '0')}${'x'.repeat(20)}`, '203.0.113.9');
    await answer.arrayBuffer();
    codes.set(answer.status, (codes.get(answer.status) ?? 0) + 1);
  }
  assert.ok((codes.get(401) ?? 0) >= 100 && (codes.get(429) ?? 0) > 0, JSON.stringify([...codes]));
  const slowed = await assertError(
    await from(`asa_live_${'z'.repeat(32)}`, '203.0.113.9'),
    'rate_limited',
    server.running.url,
  );
  assert.match(slowed.message, /tried many API keys that are unknown/);
  assert.equal((await from(key, '203.0.113.9')).status, 200);
  await assertError(await from(`asa_live_${'y'.repeat(32)}`, '203.0.113.10'), 'unauthorized', server.running.url);
});
