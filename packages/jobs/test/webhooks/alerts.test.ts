import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '@asa/contract';
import { verifyAsa, verifyStandard } from './helpers/verify.ts';
import { startHouse } from './helpers/house.ts';
import { startReceiver } from './helpers/receiver.ts';

const budget = (subject: string) => ({
  workspaceId: 'ws_1',
  event: 'budget.reached',
  subject,
  payload: { percent: 80 },
});

describe('alerts', () => {
  it('are signed events like any other, each sent once', async (t) => {
    const { hooks, clock } = await startHouse(t);
    const receiver = await startReceiver(t);
    assert.equal(await hooks.alerts.send(budget('2026-05 80')), false, 'nobody wants them');
    const { secret } = await hooks.alerts.set('ws_1', receiver.url);
    assert.ok(secret);
    assert.deepEqual(await hooks.alerts.get('ws_1'), { url: receiver.url, createdAt: clock.ms });
    assert.equal(await hooks.alerts.get('ws_2'), null);
    assert.equal(await hooks.alerts.send(budget('2026-05 80')), true);
    assert.equal(await hooks.alerts.send(budget('2026-05 80')), true, 'wanted, but told already');
    assert.equal(await hooks.alerts.send(budget('2026-05 100')), true);
    await hooks.settled();
    assert.equal(receiver.got.length, 2);
    for (const { headers, body } of receiver.got) {
      const received = { headers, body: Buffer.from(body) };
      assert.equal(verifyStandard(secret, received, clock.ms / 1000), 'valid');
      assert.equal(verifyAsa(secret, received), 'valid');
      assert.equal(headers['x-asa-event'], 'budget.reached');
      assert.equal(headers['x-asa-batch-id'], undefined);
      assert.deepEqual(JSON.parse(body), {
        event: 'budget.reached',
        workspace: 'ws_1',
        created_at: new Date(clock.ms).toISOString(),
        percent: 80,
      });
    }
  });

  it('are signed with both secrets for a day after an exchange', async (t) => {
    const { hooks, clock } = await startHouse(t);
    const receiver = await startReceiver(t);
    const { secret: old } = await hooks.alerts.set('ws_1', receiver.url);
    const { secret: fresh } = await hooks.alerts.exchangeSecret('ws_1');
    assert.ok(old);
    assert.notEqual(old, fresh);
    const verdicts = async (subject: string): Promise<string[]> => {
      await hooks.alerts.send(budget(subject));
      await hooks.settled();
      const { headers, body } = receiver.got.at(-1) ?? assert.fail();
      const received = { headers, body: Buffer.from(body) };
      return [old, fresh].map((secret) => verifyStandard(secret, received, Math.floor(clock.ms / 1000)));
    };
    assert.deepEqual(await verdicts('a'), ['valid', 'valid']);
    clock.ms += 24 * 3_600_000;
    assert.deepEqual(await verdicts('b'), ['no_match', 'valid']);
  });

  it('change their address without their secret, and end', async (t) => {
    const { hooks } = await startHouse(t);
    const receiver = await startReceiver(t);
    await hooks.alerts.set('ws_1', 'http://127.0.0.1:9/');
    assert.deepEqual(await hooks.alerts.set('ws_1', receiver.url), { secret: null });
    assert.equal((await hooks.alerts.get('ws_1'))?.url, receiver.url);
    await hooks.alerts.remove('ws_1');
    assert.equal(await hooks.alerts.send(budget('c')), false);
    const isUnknown = (error: unknown) => error instanceof ApiError && error.code === 'not_found';
    await assert.rejects(hooks.alerts.exchangeSecret('ws_1'), isUnknown);
    assert.equal(receiver.got.length, 0);
  });

  it('are kept for so many days, those that wait for as long as they do', async (t) => {
    const { hooks, clock, store, endBatch, run } = await startHouse(t);
    const receiver = await startReceiver(t);
    await hooks.alerts.set('ws_1', receiver.url);
    await hooks.alerts.send(budget('old'));
    await endBatch(receiver.url);
    await run();
    await hooks.alerts.set('ws_1', 'http://127.0.0.1:9/');
    await hooks.alerts.send(budget('old, waits'));
    await run();
    clock.ms += 30 * 86_400_000 + 1;
    await store.query(`UPDATE webhook_messages SET due_at = $1 WHERE state = 'pending'`, [new Date(clock.ms + 60_000)]);
    await hooks.alerts.set('ws_1', receiver.url);
    await hooks.alerts.send(budget('new'));
    await run();
    assert.equal(await hooks.alerts.purge(30), 1);
    const left = await store.query<{ subject: string; attempts: number }>(
      `SELECT m.subject, count(a.n) AS attempts FROM webhook_messages m LEFT JOIN webhook_attempts a ON a.message_id = m.id
        GROUP BY m.id ORDER BY m.subject`,
    );
    assert.deepEqual(left, [
      { subject: '', attempts: 1 },
      { subject: 'new', attempts: 1 },
      { subject: 'old, waits', attempts: 1 },
    ]);
    assert.equal(await hooks.alerts.purge(30), 0);
  });

  it('go to no address that events may not go to', async (t) => {
    const { hooks } = await startHouse(t, { policy: { allowPrivate: false } });
    await assert.rejects(hooks.alerts.set('ws_1', 'http://127.0.0.1/'), (error) => {
      assert.ok(error instanceof ApiError);
      assert.equal(error.code, 'invalid_params');
      assert.match(error.message, /^url starts with http; .*; url points at 127\.0\.0\.1, /);
      return true;
    });
  });
});
