import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { OPERATIONS } from '@asa/contract';
import { assertError, startServer, type TestServer } from './harness.ts';

/** The admin API and the operator's view: shapes as declared, keys, credits, tickets, metrics. */

let server: TestServer;
before(async () => {
  server = await startServer();
});
after(() => server.close());

/** The answer has exactly the declared shape. */
function assertShape(operationId: string, body: unknown): void {
  const schema = OPERATIONS.find((operation) => operation.id === operationId)?.success.schema;
  assert.ok(schema instanceof z.ZodObject, operationId);
  const result = schema.strict().safeParse(body);
  assert.ok(result.success, `${operationId}: ${result.error?.message}`);
}

test('a workspace is made, read, listed and changed, always in the declared shape', async () => {
  const made = await server.admin('POST', '/workspaces', {
    name: 'acme',
    plan: 'vibe',
    credits: 70,
    limits: { rps: 3 },
  });
  assert.equal(made.status, 201);
  assertShape('createWorkspace', made.body);
  const id = String(made.body['id']);
  assert.deepEqual(made.body['credits'], { allowance_left: 135_000, topup_left: 70, held: 0, total: 135_070 });
  assert.deepEqual((made.body['limits'] as { rps: number }).rps, 3);

  const read = await server.admin('GET', `/workspaces/${id}`);
  assertShape('getWorkspace', read.body);
  const list = await server.admin('GET', '/workspaces?limit=1');
  assertShape('listWorkspaces', list.body);
  assert.ok(typeof list.body['next_cursor'] === 'string');
  assertShape(
    'listWorkspaces',
    (await server.admin('GET', `/workspaces?limit=1&cursor=${list.body['next_cursor']}`)).body,
  );

  const patched = await server.admin('PATCH', `/workspaces/${id}`, {
    name: 'acme 2',
    plan: 'pro',
    auto_top_up: { enabled: true },
  });
  assert.equal(patched.status, 200);
  assertShape('patchWorkspace', patched.body);
  assert.equal(patched.body['plan'], 'pro');
  assert.equal((patched.body['auto_top_up'] as { enabled: boolean }).enabled, true);
});

test('credits are added and taken, once per idempotency key, never below zero', async () => {
  const { id } = await server.workspace({ plan: 'custom', credits: 100 });
  const add = (amount: number, headers = {}) =>
    server.admin('POST', `/workspaces/${id}/credits`, { amount, reason: 'test' }, headers);
  const first = await add(50, { 'idempotency-key': 'k1' });
  assert.equal(first.status, 201);
  assertShape('addCredits', first.body);
  const again = await add(50, { 'idempotency-key': 'k1' });
  assert.equal(again.body['id'], first.body['id']);
  assert.equal((await add(-20)).status, 201);
  assert.equal((await add(-131)).status, 400);
  assert.equal((await add(0)).status, 400);
  const ledger = await server.admin('GET', `/workspaces/${id}/ledger?limit=2`);
  assertShape('listLedger', ledger.body);
  assert.equal(ledger.body['balance'], 130);
  assert.equal((ledger.body['entries'] as unknown[]).length, 2);
});

test('a key is shown once, listed by its short prefix, and revoked at once', async () => {
  const { id } = await server.workspace({ plan: 'pro' });
  const made = await server.admin('POST', `/workspaces/${id}/keys`, { name: 'one', mode: 'test' });
  assertShape('createKey', made.body);
  const key = String(made.body['key']);
  assert.match(key, /^asa_test_[0-9A-Za-z]{32}$/);
  assert.equal(made.body['short_prefix'], key.slice(0, 'asa_test_'.length + 12));
  const list = await server.admin('GET', `/workspaces/${id}/keys`);
  assertShape('listKeys', list.body);
  assert.ok(!JSON.stringify(list.body).includes(key));
  assert.equal((await server.get('/api/v1/account', key)).status, 200);
  const revoked = await server.admin('DELETE', `/keys/${String(made.body['id'])}`);
  assertShape('revokeKey', revoked.body);
  await assertError(await server.get('/api/v1/account', key), 'revoked', server.running.url);
});

test('a workspace has at most 20 active keys', async () => {
  const { id } = await server.workspace({ plan: 'pro' });
  for (let n = 2; n <= 20; n += 1)
    assert.equal((await server.admin('POST', `/workspaces/${id}/keys`, { name: `k${n}`, mode: 'live' })).status, 201);
  const over = await server.admin('POST', `/workspaces/${id}/keys`, { name: 'k21', mode: 'live' });
  assert.equal(over.status, 400);
  assert.match(String(over.body['message']), /20/);
});

test('unknown ids are 404, an unknown plan is 400', async () => {
  for (const [method, path] of [
    ['GET', '/workspaces/ws_unknown'],
    ['GET', '/workspaces/ws_unknown/ledger'],
    ['GET', '/workspaces/ws_unknown/keys'],
    ['DELETE', '/keys/key_unknown'],
    ['GET', '/requests/req_000000000000'],
    ['GET', '/requests/nonsense'],
    ['GET', '/tickets/unknown'],
    ['GET', '/tickets/unknown/page'],
  ] as const) {
    const { status, body } = await server.admin(method, path);
    assert.equal(status, 404, path);
    assert.equal(body['error'], 'not_found', path);
  }
  const unknown = await server.admin('POST', '/workspaces', { name: 'x', plan: 'gold' });
  assert.equal(unknown.status, 400);
  assert.match(String(unknown.body['message']), /plan "\\"gold\\""|plan/);
});

test('a page that could not be read becomes one ticket with the page, counted up, closed and opened again', async () => {
  const fail = async (): Promise<string> =>
    (
      await assertError(
        await server.get('/api/v1/amazon/product?query=SANDBOXEXT', server.testKey),
        'extraction_failed',
        server.running.url,
      )
    ).request_id;
  const [first, second] = [await fail(), await fail()];
  const list = await server.admin('GET', '/tickets?state=open');
  assertShape('listTickets', list.body);
  const [ticket, ...others] = list.body['tickets'] as {
    id: string;
    count: number;
    request_ids: string[];
    page_kind: string;
    marketplace: string;
  }[];
  assert.equal(others.length, 0);
  assert.ok(ticket !== undefined);
  assert.deepEqual([ticket.count, ticket.page_kind, ticket.marketplace], [2, 'product', 'com']);
  assert.deepEqual(ticket.request_ids.toSorted(), [first, second].toSorted());
  const page = await fetch(`${server.url}/admin/v1/tickets/${ticket.id}/page`, {
    headers: { authorization: `Bearer ${server.running.services.adminToken}` },
  });
  assert.match(page.headers.get('content-type') ?? '', /text\/html/);
  assert.match(await page.text(), /<html/i);
  const closed = await server.admin('PATCH', `/tickets/${ticket.id}`, { state: 'closed', note: 'seen' });
  assertShape('patchTicket', closed.body);
  assert.equal(closed.body['state'], 'closed');
  await fail();
  const reopened = await server.admin('GET', `/tickets/${ticket.id}`);
  assertShape('getTicket', reopened.body);
  assert.deepEqual([reopened.body['state'], reopened.body['count'], reopened.body['note']], ['open', 3, 'seen']);
});

test('account and request lists have the declared shape', async () => {
  const { key } = await server.workspace({ plan: 'custom', credits: 100 });
  for (const asin of ['x', 'y', 'z']) await server.get(`/api/v1/amazon/product?query=${asin}`, key);
  const account = (await (await server.get('/api/v1/account', key)).json()) as {
    usage: { requests: number; succeeded: number }[];
  };
  assertShape('account', account);
  assert.deepEqual([account.usage[0]?.requests, account.usage[0]?.succeeded], [3, 0]);
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = (await (
      await server.get(
        `/api/v1/requests?limit=2&error=invalid_params${cursor === null ? '' : `&cursor=${cursor}`}`,
        key,
      )
    ).json()) as { requests: { request_id: string }[]; next_cursor: string | null };
    assertShape('listRequests', page);
    ids.push(...page.requests.map((row) => row.request_id));
    cursor = page.next_cursor;
  } while (cursor !== null);
  assert.equal(new Set(ids).size, 3);
  assertShape('getRequest', await (await server.get(`/api/v1/requests/${ids[0]}`, key)).json());
  for (const bad of ['limit=0', 'limit=101', 'cursor=%21', 'cursor=abc', 'status=9', 'error=oops', 'key=secret']) {
    await assertError(await server.get(`/api/v1/requests?${bad}`, key), 'invalid_params', server.running.url);
  }
});

test('metrics count requests, stages and attempts; health and readiness answer', async () => {
  assert.equal((await server.get('/api/v1/amazon/product?query=B0CXYZ1234', server.testKey)).status, 200);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  for (const line of [
    /asa_requests_total\{endpoint="amazon\.product",code="ok",marketplace="com",mode="test"\} 1/,
    /asa_attempts_total\{tier="sandbox",verdict="product"\} 1/,
    /asa_stage_duration_seconds_count\{stage="extract"\} [1-9]/,
    /asa_requests_in_flight 0/,
    /asa_credits_captured_total 0/,
  ])
    assert.match(text, line);
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
});

test('a workspace on custom starts with the allowance that was agreed, 0 unless given', async () => {
  const none = await server.admin('POST', '/workspaces', { name: 'c', plan: 'custom' });
  assert.equal((none.body['credits'] as { total: number }).total, 0);
  const agreed = await server.admin('POST', '/workspaces', { name: 'c', plan: 'custom', allowance: 1000 });
  assert.equal((agreed.body['credits'] as { allowance_left: number }).allowance_left, 1000);
});
