import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '@asa/contract';
import { eventually } from '@asa/store/testing';
import { RETRY_MINUTES } from '../../src/webhooks/schedule.ts';
import { MINUTE, startHouse } from './helpers/house.ts';
import { startReceiver } from './helpers/receiver.ts';

const code = (expected: string) => (error: unknown) => error instanceof ApiError && error.code === expected;

describe('redeliver', () => {
  it('begins a new round with the same id, and the batch says how it goes', async (t) => {
    let status = 500;
    const { hooks, clock, endBatch, run, fields } = await startHouse(t);
    const receiver = await startReceiver(t, (_, response) => response.writeHead(status).end());
    const { id, workspaceId } = await endBatch(receiver.url);
    await run();
    for (const minutes of RETRY_MINUTES) {
      clock.ms += minutes * MINUTE;
      await run();
    }
    assert.equal((await fields(id)).status, 'failed');
    const asked = await hooks.redeliver({ workspaceId, batchId: id, deliveryId: null });
    assert.equal(asked.status, 'pending');
    assert.equal(asked.next_attempt_at, new Date(clock.ms).toISOString());
    await hooks.settled();
    assert.deepEqual(await fields(id), { status: 'pending', at: null, error: 'answered 500' });
    assert.equal(receiver.got.length, 7, 'at once');
    status = 204;
    clock.ms += MINUTE;
    await run();
    assert.deepEqual(await fields(id), { status: 'delivered', at: new Date(clock.ms).toISOString(), error: null });
    const { items } = await hooks.deliveries({ workspaceId, endpointId: id, limit: 1, cursor: null });
    assert.deepEqual(
      items[0]?.attempts.map(({ n, manual }) => [n, manual]),
      [[8, false], [7, true], ...[6, 5, 4, 3, 2, 1].map((n) => [n, false])],
    );
    assert.equal(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size, 1);
  });

  it('sends again what was delivered, the event of an item too', async (t) => {
    const { hooks, endBatch, run } = await startHouse(t);
    const receiver = await startReceiver(t);
    const { id, workspaceId } = await endBatch(receiver.url, { items: 2 });
    await run();
    const { items } = await hooks.deliveries({ workspaceId, endpointId: id, limit: 10, cursor: null });
    const item = items.find(({ index }) => index === 1);
    assert.ok(item);
    await hooks.redeliver({ workspaceId, batchId: id, deliveryId: item.id });
    await hooks.settled();
    assert.equal(receiver.got.filter(({ headers }) => headers['webhook-id'] === item.id).length, 2);
    assert.equal(receiver.got.length, 4);
  });

  it('keeps the newest 50 attempts of an event', async (t) => {
    const { hooks, endBatch, run } = await startHouse(t);
    const receiver = await startReceiver(t);
    const { id, workspaceId } = await endBatch(receiver.url);
    await run();
    for (let n = 0; n < 54; n++) {
      await hooks.redeliver({ workspaceId, batchId: id, deliveryId: null });
      await hooks.settled();
    }
    const { items } = await hooks.deliveries({ workspaceId, endpointId: id, limit: 10, cursor: null });
    assert.deepEqual([items[0]?.attempts.length, items[0]?.attempts[0]?.n, items[0]?.attempts.at(-1)?.n], [50, 55, 6]);
  });

  it('leaves an attempt alone that is on its way', async (t) => {
    const { hooks, endBatch } = await startHouse(t);
    let release = (): void => {};
    const receiver = await startReceiver(t, (_, response) => {
      release = () => response.writeHead(204).end();
    });
    const { id, workspaceId } = await endBatch(receiver.url);
    await hooks.wake();
    await eventually('the first attempt', () => receiver.got.length > 0);
    const { status } = await hooks.redeliver({ workspaceId, batchId: id, deliveryId: null });
    assert.equal(status, 'pending');
    release();
    await hooks.settled();
    assert.equal(receiver.got.length, 1);
  });

  it('refuses what cannot be, saying why', async (t) => {
    const { store, hooks, endBatch, run } = await startHouse(t);
    const receiver = await startReceiver(t);
    const { id, workspaceId } = await endBatch(receiver.url);
    const other = await endBatch(receiver.url);
    await run();
    const ask = (batchId: string, deliveryId: string | null = null, whose = workspaceId) =>
      hooks.redeliver({ workspaceId: whose, batchId, deliveryId });
    await assert.rejects(ask(crypto.randomUUID()), code('not_found'));
    await assert.rejects(ask(id, null, 'ws_2'), code('not_found'));
    await assert.rejects(ask(id, `msg_${'0'.repeat(32)}`), code('not_found'));
    const foreign = await hooks.deliveries({ workspaceId, endpointId: other.id, limit: 1, cursor: null });
    await assert.rejects(ask(id, foreign.items[0]?.id), code('not_found'));
    assert.deepEqual(
      (await hooks.deliveries({ workspaceId: 'ws_2', endpointId: id, limit: 9, cursor: null })).items,
      [],
    );
    await store.query('DELETE FROM webhook_endpoints WHERE id = $1', [id]);
    await assert.rejects(ask(id), /has not ended/);
    await store.query('UPDATE batches SET webhook_url = NULL WHERE id = $1', [id]);
    await assert.rejects(ask(id), /without a webhook_url/);
    assert.equal(receiver.got.length, 2);
  });
});
