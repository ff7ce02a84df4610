import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { outcome } from '../../src/webhooks/record.ts';
import { RETRY_MINUTES } from '../../src/webhooks/schedule.ts';
import { verifyAsa, verifyStandard } from './helpers/verify.ts';
import { MINUTE, startHouse } from './helpers/house.ts';
import { startReceiver } from './helpers/receiver.ts';

const PAGE = { limit: 100, cursor: null };

describe('the event of a batch', () => {
  it('is sent at once, once, with both signatures, and the batch says so', async (t) => {
    const { hooks, clock, endBatch, run, fields } = await startHouse(t);
    const receiver = await startReceiver(t);
    const { id, secret, workspaceId } = await endBatch(`${receiver.url}/hook?team=1`);
    assert.deepEqual(await fields(id), { status: 'pending', at: null, error: null });
    await run();
    await run();
    assert.equal(receiver.got.length, 1);
    const [got] = receiver.got;
    assert.ok(got);
    assert.equal(`${got.method} ${got.path}`, 'POST /hook?team=1');
    assert.equal(got.headers['content-type'], 'application/json');
    assert.equal(got.headers['x-asa-event'], 'batch.completed');
    assert.equal(got.headers['x-asa-batch-id'], id);
    const received = { headers: got.headers, body: Buffer.from(got.body) };
    assert.equal(verifyAsa(secret, received), 'valid');
    assert.equal(verifyStandard(secret, received, clock.ms / 1000), 'valid');
    t.mock.timers.enable({ apis: ['Date'], now: clock.ms });
    assert.deepEqual(new Webhook(secret).verify(got.body, { ...got.headers }), JSON.parse(got.body));
    t.mock.timers.reset();
    assert.deepEqual(await fields(id), { status: 'delivered', at: new Date(clock.ms).toISOString(), error: null });
    const { items } = await hooks.deliveries({ workspaceId, endpointId: id, ...PAGE });
    assert.equal(items.length, 1);
    assert.partialDeepStrictEqual(items[0], {
      id: got.headers['webhook-id'],
      event: 'batch.completed',
      index: null,
      status: 'delivered',
      next_attempt_at: null,
      attempts: [{ n: 1, http_status: 204, error: null, response: '', manual: false }],
    });
  });

  it('is tried again after 1, 2, 5, 15 and 60 minutes, with the same id and a fresh signature, and has then failed', async (t) => {
    const { hooks, clock, endBatch, run, fields } = await startHouse(t);
    const receiver = await startReceiver(t, (_, response) => response.writeHead(500).end('not now'));
    const { id, secret, workspaceId } = await endBatch(receiver.url);
    await run();
    for (const [n, minutes] of [1, 2, 5, 15, 60].entries()) {
      assert.equal(receiver.got.length, n + 1);
      assert.deepEqual(await fields(id), { status: 'pending', at: null, error: 'answered 500' });
      clock.ms += minutes * MINUTE - 1;
      await run();
      assert.equal(receiver.got.length, n + 1, `not before ${minutes} minutes`);
      clock.ms += 1;
      await run();
    }
    assert.equal(receiver.got.length, 6);
    assert.deepEqual(await fields(id), { status: 'failed', at: null, error: 'answered 500' });
    clock.ms += 1000 * MINUTE;
    await run();
    assert.equal(receiver.got.length, 6, 'no more');
    assert.equal(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size, 1);
    assert.equal(new Set(receiver.got.map(({ headers }) => headers['webhook-timestamp'])).size, 6);
    assert.equal(new Set(receiver.got.map(({ body }) => body)).size, 1);
    for (const { headers, body } of receiver.got)
      assert.equal(
        verifyStandard(secret, { headers, body: Buffer.from(body) }, Number(headers['webhook-timestamp'])),
        'valid',
      );
    const { items } = await hooks.deliveries({ workspaceId, endpointId: id, ...PAGE });
    assert.deepEqual(
      items[0]?.attempts.map(({ n, http_status, response }) => [n, http_status, response]),
      [6, 5, 4, 3, 2, 1].map((n) => [n, 500, 'not now']),
    );
    assert.equal(items[0]?.status, 'failed');
  });

  it('stops being tried as soon as one attempt succeeds', async (t) => {
    let status = 503;
    const { clock, endBatch, run, fields } = await startHouse(t);
    const receiver = await startReceiver(t, (_, response) => response.writeHead(status).end());
    const { id } = await endBatch(receiver.url);
    await run();
    status = 200;
    clock.ms += MINUTE;
    await run();
    assert.deepEqual(await fields(id), { status: 'delivered', at: new Date(clock.ms).toISOString(), error: null });
    clock.ms += 100 * MINUTE;
    await run();
    assert.equal(receiver.got.length, 2);
  });

  it('is stored only when the transaction that makes it true is', async (t) => {
    const { store, hooks, run } = await startHouse(t);
    const receiver = await startReceiver(t);
    const batch = { id: crypto.randomUUID(), workspaceId: 'w', webhookUrl: receiver.url, webhookSecret: 'whsec_AAAA' };
    await assert.rejects(
      store.transaction((tx) => hooks.batches.batchEnded(tx, batch)),
      'there is no such batch',
    );
    await run();
    assert.equal(receiver.got.length, 0);
  });

  it('is one event, however often it is stored', async (t) => {
    const { store, hooks, endBatch, run } = await startHouse(t);
    const receiver = await startReceiver(t);
    const { id, secret, workspaceId } = await endBatch(receiver.url);
    const batch = { id, workspaceId, webhookUrl: receiver.url, webhookSecret: secret };
    await store.transaction((tx) => hooks.batches.batchEnded(tx, batch));
    await run();
    assert.equal(receiver.got.length, 1);
  });

  it('is no longer sent when its batch is deleted', async (t) => {
    const { store, clock, endBatch, run } = await startHouse(t);
    const receiver = await startReceiver(t, (_, response) => response.writeHead(500).end());
    const { id } = await endBatch(receiver.url);
    await run();
    await store.query('DELETE FROM batches WHERE id = $1', [id]);
    clock.ms += MINUTE;
    await run();
    assert.equal(receiver.got.length, 1);
  });

  it('whose body cannot be made is a failed attempt, not an endless one', async (t) => {
    const logged: string[] = [];
    const { clock, endBatch, run, fields } = await startHouse(t, {
      bodyOf: () => Promise.reject(new Error('inner detail')),
      log: (message) => logged.push(message),
    });
    const receiver = await startReceiver(t);
    const { id } = await endBatch(receiver.url);
    await run();
    for (const minutes of RETRY_MINUTES) {
      clock.ms += minutes * MINUTE;
      await run();
    }
    const { status, error } = await fields(id);
    assert.deepEqual([status, error], ['failed', 'the event could not be put together, which is a bug of the service']);
    assert.equal(logged.length, 6);
    assert.equal(receiver.got.length, 0);
  });
});

describe('batch.item', () => {
  it('is sent for each item, each once under an id of its own, and says nothing about the batch', async (t) => {
    const { hooks, endBatch, run, fields } = await startHouse(t);
    const receiver = await startReceiver(t, ({ headers }, response) =>
      response.writeHead(headers['x-asa-event'] === 'batch.item' ? 500 : 204).end(),
    );
    const { id, workspaceId } = await endBatch(receiver.url, { items: 25 });
    await run();
    const items = receiver.got.filter(({ headers }) => headers['x-asa-event'] === 'batch.item');
    const indices = items.map(({ body }) => Number((JSON.parse(body) as { subject: string }).subject));
    assert.deepEqual(
      indices.toSorted((a, b) => a - b),
      [...Array(25).keys()],
    );
    assert.equal(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size, 26);
    assert.equal((await fields(id)).status, 'delivered');
    let cursor: string | null = null;
    const seen: (number | null)[] = [];
    do {
      const page = await hooks.deliveries({ workspaceId, endpointId: id, limit: 10, cursor });
      seen.push(...page.items.map(({ index }) => index));
      cursor = page.nextCursor;
    } while (cursor !== null);
    assert.equal(seen.length, 26);
    assert.equal(new Set(seen).size, 26);
    assert.ok(seen.includes(null) && seen.includes(24));
  });
});

describe('outcome', () => {
  it('follows the schedule', () => {
    const now = 1_000_000;
    assert.deepEqual(outcome(0, null, now), { state: 'delivered', attempts: 0, dueAt: null });
    for (const [attempts, minutes] of [1, 2, 5, 15, 60].entries())
      assert.deepEqual(outcome(attempts, 'x', now), {
        state: 'pending',
        attempts: attempts + 1,
        dueAt: now + minutes * MINUTE,
      });
    assert.deepEqual(outcome(5, 'x', now), { state: 'failed', attempts: 6, dueAt: null });
  });
});
