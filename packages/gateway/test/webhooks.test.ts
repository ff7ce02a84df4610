import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test, type TestContext } from 'node:test';
import { BatchSummary, type BatchAnswer, type NewBatchAnswer, type WebhookDelivery } from '@asa/contract';
import { batchCalls, type BatchCalls } from './batches.ts';
import { assertError, eventually, startServer, type TestServer } from './harness.ts';

/** Webhooks over HTTP, on the sandbox. */

let server: TestServer;
let batches: BatchCalls;
before(async () => {
  server = await startServer({ ASA_WEBHOOK_ALLOW_PRIVATE: 'true' });
  batches = batchCalls(server);
});
after(() => server.close());

interface Got {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function startReceiver(t: TestContext, statusOf: (got: Got) => number = () => 204) {
  const got: Got[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      const one = { headers: request.headers, body };
      got.push(one);
      response.writeHead(statusOf(one)).end('seen');
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  t.after(() => {
    receiver.closeAllConnections();
    receiver.close();
  });
  return { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`, got };
}

async function makeBatch(queries: readonly string[], more: object): Promise<NewBatchAnswer> {
  const items = queries.map((query) => ({ query }));
  const response = await batches.post({ endpoint: 'amazon.product', items, ...more }, { key: server.testKey });
  assert.equal(response.status, 201, await response.clone().text());
  return (await response.json()) as NewBatchAnswer;
}

const call = (path: string, method = 'GET', key = server.testKey): Promise<Response> =>
  fetch(`${server.url}/api/v1/amazon/batch/${path}`, { method, headers: { authorization: `Bearer ${key}` } });

const read = async <T>(path: string, method = 'GET'): Promise<T> => {
  const response = await call(path, method);
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()) as T;
};

test('the end of a batch is told to its webhook, signed in both ways, and can be told again', async (t) => {
  const { url, got } = await startReceiver(t);
  const made = await makeBatch(['B000000001', 'SANDBOX404'], { webhook_url: url });
  const secret = made.webhook_signature_secret ?? '';
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  await eventually('the event arrives', async () => got.length > 0);
  const [{ headers, body }] = got as [Got];
  assert.equal(headers['x-asa-event'], 'batch.completed');
  assert.equal(headers['x-asa-batch-id'], made.id);
  assert.equal(headers['x-asa-signature'], `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const message = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64');
  assert.equal(headers['webhook-signature'], `v1,${createHmac('sha256', bytes).update(message).digest('base64')}`);

  // The body is the status body, its three fields about the webhook as they were before.
  let status = await read<BatchAnswer>(made.id);
  await eventually('the batch knows', async () => {
    status = await read<BatchAnswer>(made.id);
    return status.webhook_delivery_status === 'delivered';
  });
  assert.ok(Math.abs(Date.parse(status.webhook_delivered_at ?? '') - Date.now()) < 60_000);
  const { request_id: _, ...expected } = status;
  assert.deepEqual(JSON.parse(body), { ...expected, webhook_delivered_at: null, webhook_delivery_status: 'pending' });
  assert.equal(expected.results?.length, 2);
  assert.ok(!JSON.stringify(status).includes('whsec_'), 'the secret is shown only once');

  const { delivery } = await read<{ delivery: WebhookDelivery }>(`${made.id}/redeliver`, 'POST');
  assert.equal(delivery.id, headers['webhook-id']);
  await eventually('it arrives again', async () => got.length === 2);
  assert.equal(got[1]?.headers['webhook-id'], headers['webhook-id']);
  assert.equal(got[1]?.body, body);
  let list: WebhookDelivery[] = [];
  await eventually('both attempts are in the log', async () => {
    ({ deliveries: list } = await read<{ deliveries: WebhookDelivery[] }>(`${made.id}/deliveries`));
    return list[0]?.attempts.length === 2;
  });
  assert.equal(list.length, 1);
  assert.deepEqual(
    list[0]?.attempts.map(({ n, http_status, response, manual }) => [n, http_status, response, manual]),
    [
      [2, 204, '', true],
      [1, 204, '', false],
    ],
  );
});

test('each item is told when its maker asked for it, and a failure is in the log', async (t) => {
  const { url, got } = await startReceiver(t, ({ headers }) => (headers['x-asa-event'] === 'batch.item' ? 204 : 500));
  const made = await makeBatch(['B000000001', 'B000000002', 'SANDBOX404'], {
    webhook_url: url,
    webhook_events: ['batch.completed', 'batch.item'],
  });
  await eventually('four events arrive', async () => got.length === 4);
  const items = got
    .filter(({ headers }) => headers['x-asa-event'] === 'batch.item')
    .map(({ body }) => JSON.parse(body) as { batch_id: string; result: { index: number } });
  assert.deepEqual(
    items.map(({ result }) => result.index).toSorted((a, b) => a - b),
    [0, 1, 2],
  );
  for (const item of items) assert.equal(item.batch_id, made.id);
  let status = await read<BatchAnswer>(made.id);
  await eventually('the batch knows', async () => {
    status = await read<BatchAnswer>(made.id);
    return status.webhook_last_error !== null;
  });
  assert.deepEqual([status.webhook_delivery_status, status.webhook_last_error], ['pending', 'answered 500']);
  BatchSummary.parse(status);
  const first = await read<{ deliveries: WebhookDelivery[]; next_cursor: string }>(`${made.id}/deliveries?limit=3`);
  const rest = await read<{ deliveries: WebhookDelivery[]; next_cursor: null }>(
    `${made.id}/deliveries?cursor=${first.next_cursor}`,
  );
  const all = [...first.deliveries, ...rest.deliveries];
  assert.equal(all.length, 4);
  const failed = all.find(({ event }) => event === 'batch.completed');
  assert.equal(failed?.status, 'pending');
  assert.equal(failed.attempts[0]?.response, 'seen');
  const due = Date.parse(failed.next_attempt_at ?? '') - Date.parse(failed.attempts[0]?.started_at ?? '');
  assert.ok(due >= 60_000 && due < 75_000, `again after a minute, not ${due} ms`);
});

test('what cannot be told again is refused', async (t) => {
  const { url } = await startReceiver(t);
  const refused = async (answer: Promise<Response>, code: 'invalid_params' | 'not_found', message = /batch/) =>
    assert.match((await assertError(await answer, code, server.running.url)).message, message);
  const silent = await makeBatch(['B000000001'], {});
  await refused(call(`${silent.id}/redeliver`, 'POST'), 'invalid_params', /without a webhook_url/);
  await refused(call(`${crypto.randomUUID()}/redeliver`, 'POST'), 'not_found');
  await refused(call('x/redeliver', 'POST'), 'not_found');
  const slow = await makeBatch(['SANDBOXSLO'], { webhook_url: url });
  await refused(call(`${slow.id}/redeliver`, 'POST'), 'invalid_params', /has not ended/);
  await refused(call(`${slow.id}/redeliver?delivery_id=7`, 'POST'), 'invalid_params', /delivery_id .7. is not the id/);
  await refused(call(`${slow.id}/redeliver?delivery_id=msg_${'0'.repeat(32)}`, 'POST'), 'not_found');
  const { key } = await server.workspace({ plan: 'free' });
  await refused(call(`${slow.id}/deliveries`, 'GET', key), 'not_found');
  await refused(call(`${slow.id}/redeliver`, 'POST', key), 'not_found');
});

test('a webhook at an address that events may not go to is refused with everything that is wrong', async (t) => {
  const closed = await startServer();
  t.after(() => closed.close());
  const { post } = batchCalls(closed);
  const tryUrl = async (webhook_url: unknown, items: object[] = [{ query: 'B000000001' }]) =>
    post({ endpoint: 'amazon.product', items, webhook_url }, { key: closed.testKey });
  const { url: publicUrl } = closed.running;
  const inner = tryUrl('http://127.0.0.1:6379/', [{ query: '' }]);
  const { message: everything } = await assertError(await inner, 'invalid_params', publicUrl);
  for (const part of ['starts with http;', 'port 6379', 'not a public address', 'items[0]'])
    assert.ok(everything.includes(part), `${part} in ${everything}`);
  for (const url of [
    'https://169.254.169.254/',
    'https://[::1]/',
    'https://user:hunter2@example.com/',
    'https://localhost/',
    7,
  ]) {
    const { message } = await assertError(await tryUrl(url), 'invalid_params', publicUrl);
    assert.match(message, /webhook_url/);
    assert.ok(!message.includes('hunter2'));
  }
  assert.equal((await tryUrl('https://hooks.example.com/asa')).status, 201);
});
