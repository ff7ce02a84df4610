import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '@asa/store/testing';
import { startHouse } from './helpers/house.ts';
import { startReceiver } from './helpers/receiver.ts';

const LEASE_MS = 60_000;

test('events survive kill -9 of whoever sends them: each arrives at least once, under the same id', async (t) => {
  const { store, hooks, clock, endBatch, run, fields } = await startHouse(t);
  let killing = true;
  // While processes are killed it answers every second event, and lets the others hang.
  let answered = 0;
  const receiver = await startReceiver(t, (_, response) => {
    if (!killing || receiver.got.length % 2 === 0) {
      answered++;
      response.writeHead(204).end();
    }
  });
  const batches: string[] = [];
  for (let n = 0; n < 6; n++) {
    const workspaceId = `ws_${n}`;
    batches.push((await endBatch(receiver.url, { workspaceId, items: 3 })).id);
  }
  const ids = async (state: string): Promise<string[]> =>
    (await store.query<{ id: string }>('SELECT id FROM webhook_messages WHERE state = $1', [state])).map(
      ({ id }) => id,
    );
  const all = await ids('pending');
  assert.equal(all.length, 24);
  for (let round = 0; round < 2; round++) {
    const before = receiver.got.length;
    const script = join(import.meta.dirname, 'crash-child.ts');
    const child = spawn(process.execPath, [script, store.databaseUrl, String(clock.ms)], { stdio: 'inherit' });
    const exit = once(child, 'exit');
    t.after(() => child.kill('SIGKILL'));
    await eventually('three more events', () => receiver.got.length >= before + 3);
    child.kill('SIGKILL');
    await exit;
    // What it had taken is due again when its lease is over, not earlier.
    clock.ms += LEASE_MS;
  }
  killing = false;
  await run();
  assert.deepEqual(await ids('pending'), []);
  assert.deepEqual(new Set(await ids('delivered')), new Set(all));
  const arrived = receiver.got.map(({ headers }) => headers['webhook-id'] ?? '');
  assert.deepEqual(new Set(arrived), new Set(all));
  assert.ok(answered >= all.length);
  // The same id is the same event.
  const bodies = new Map<string, Set<string>>();
  for (const { headers, body } of receiver.got) {
    const id = headers['webhook-id'] ?? '';
    bodies.set(id, (bodies.get(id) ?? new Set()).add(body));
  }
  for (const versions of bodies.values()) assert.equal(versions.size, 1);
  for (const id of batches) assert.equal((await fields(id)).status, 'delivered');
  await hooks.close();
});

test('what is being sent when the service stops is given back and sent again', async (t) => {
  const { hooks, store, clock, endBatch, fields } = await startHouse(t);
  const receiver = await startReceiver(t, () => {});
  const { id } = await endBatch(receiver.url);
  await hooks.wake();
  await eventually('the first event', () => receiver.got.length > 0);
  await hooks.close();
  const [row] = await store.query<{ claim: string | null; due_at: Date; attempts: number }>(
    'SELECT claim, due_at, attempts FROM webhook_messages',
  );
  assert.deepEqual(row, { claim: null, due_at: new Date(clock.ms), attempts: 0 });
  assert.equal((await fields(id)).status, 'pending');
});
