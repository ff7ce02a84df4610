import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openStore } from '@asa/store';
import { eventually } from '@asa/store/testing';
import { CEILINGS, choose, full } from '../../src/webhooks/schedule.ts';
import { createWebhooks } from '../../src/webhooks/webhooks.ts';
import { startHouse } from './helpers/house.ts';
import { startReceiver, type Receiver } from './helpers/receiver.ts';

describe('a target that never answers', () => {
  it('holds up neither other targets of its workspace nor other workspaces', async (t) => {
    const { hooks, endBatch } = await startHouse(t);
    const slow = await startReceiver(t, () => {});
    const fast = await startReceiver(t);
    // Hundreds of events for the slow one are due first.
    await endBatch(slow.url, { items: 400 });
    await hooks.wake();
    await eventually('a full lane', () => slow.got.length === CEILINGS.lane);
    await endBatch(fast.url);
    await endBatch(fast.url, { workspaceId: 'ws_2' });
    // Another workspace's events to the very same host do not wait either.
    await endBatch(slow.url, { workspaceId: 'ws_2' });
    void hooks.wake();
    await eventually('the events of others', () => fast.got.length === 2 && slow.got.length === CEILINGS.lane + 1);
    assert.ok(slow.traffic().connections <= CEILINGS.lane + 1);
  });

  it('of which there are many takes no more than the share of its workspace', async (t) => {
    const { hooks, endBatch } = await startHouse(t);
    const slow: Receiver[] = [];
    for (let n = 0; n < CEILINGS.workspace; n++) slow.push(await startReceiver(t, () => {}));
    for (const { url } of slow) await endBatch(url, { items: 3 });
    await hooks.wake();
    const atWork = (): number => slow.reduce((sum, { got }) => sum + got.length, 0);
    await eventually('a full share', () => atWork() === CEILINGS.workspace);
    const fast = await startReceiver(t);
    await endBatch(fast.url, { workspaceId: 'ws_2', items: 20 });
    await hooks.wake();
    await eventually('all of the other workspace', () => fast.got.length === 21);
    assert.equal(atWork(), CEILINGS.workspace);
  });
});

describe('two nodes on one database', () => {
  it('send each event once between them', async (t) => {
    const { store, hooks, clock, endBatch } = await startHouse(t);
    const other = await openStore({ databaseUrl: store.databaseUrl, dataDir: tmpdir(), poolSize: 4 });
    t.after(() => other.close());
    const neighbour = createWebhooks({
      store: other,
      policy: { allowPrivate: true },
      bodyOf: async ({ subject }) => subject,
      now: () => clock.ms,
    });
    const receiver = await startReceiver(t);
    for (let n = 0; n < 8; n++) await endBatch(receiver.url, { workspaceId: `ws_${n}`, items: 12 });
    await Promise.all([hooks.wake(), neighbour.wake()]);
    await Promise.all([hooks.settled(), neighbour.settled()]);
    assert.equal(receiver.got.length, 8 * 13);
    assert.equal(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size, 8 * 13);
    await neighbour.close();
  });
});

describe('choose', () => {
  const waiting = fc.array(
    fc.record({
      workspace_id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      host: fc.constantFrom('x', 'y', 'z'),
    }),
    { maxLength: 80 },
  );

  it('exceeds no ceiling, keeps the order, and leaves nothing that has a place', () => {
    fc.assert(
      fc.property(waiting, waiting, (first, second) => {
        const rows = (list: typeof first, name: string) =>
          list.map(({ workspace_id, host }, i) => ({
            id: `${name}${i}`,
            workspace_id,
            lane: `${workspace_id} ${host}`,
          }));
        const atWork = choose(rows(first, 'w'), []);
        const due = rows(second, 'd');
        const chosen = choose(due, atWork);
        const now = [...atWork, ...chosen];
        const of = (key: 'lane' | 'workspace_id', name: string) => now.filter((one) => one[key] === name).length;
        assert.ok(now.length <= CEILINGS.total);
        for (const { lane, workspace_id } of now) {
          assert.ok(of('lane', lane) <= CEILINGS.lane);
          assert.ok(of('workspace_id', workspace_id) <= CEILINGS.workspace);
        }
        assert.deepEqual(
          chosen,
          due.filter((one) => chosen.includes(one)),
        );
        const { lanes, workspaces } = full(now);
        for (const one of due)
          if (!chosen.includes(one))
            assert.ok(
              now.length === CEILINGS.total || lanes.includes(one.lane) || workspaces.includes(one.workspace_id),
            );
      }),
    );
  });
});
