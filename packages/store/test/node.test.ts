import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { until } from '../src/embedded/processes.ts';
import { markNode } from '../src/node.ts';
import { startTestStore } from '../src/testing.ts';
import type { TestStore } from '../src/testing.ts';
import { opened, startChild } from './helpers.ts';

let testing: TestStore;
before(async () => {
  testing = await startTestStore();
});
after(() => testing.close());

test('marks are seen while held and not after, for ids of all sizes', async () => {
  const config = { connectionString: testing.store.databaseUrl };
  // 20 random 64-bit ids: the chance that none has its sign bit or a half's sign bit set is one in a billion.
  const marks = await Promise.all(Array.from({ length: 20 }, () => markNode(config, () => {})));
  const ids = marks.map((mark) => mark.id());
  assert.deepEqual(await testing.store.deadNodes([...ids, testing.store.node.id]), []);
  await Promise.all(marks.slice(0, 10).map((mark) => mark.end()));
  const seen = await until(async () => (await testing.store.deadNodes(ids)).length === 10, 2_000);
  assert.ok(seen, 'ended marks are still held');
  assert.deepEqual(await testing.store.deadNodes(ids), ids.slice(0, 10));
  await Promise.all(marks.map((mark) => mark.end()));
});

test('what is no id of a living node is dead', async () => {
  const strangers = ['node_0000000000000001', 'node_', '', 'x', testing.store.node.id.toUpperCase()];
  assert.deepEqual(await testing.store.deadNodes(strangers), strangers);
  assert.deepEqual(await testing.store.deadNodes([]), []);
});

test('a killed process is dead at once, its neighbour not', async () => {
  const options = { databaseUrl: testing.store.databaseUrl, dataDir: '/nonexistent' };
  const [killed, other] = await Promise.all([startChild(options), startChild(options)]);
  const ids = [opened(killed).node, opened(other).node];
  assert.deepEqual(await testing.store.deadNodes(ids), []);
  await killed.kill();
  assert.ok(await until(async () => (await testing.store.deadNodes(ids)).length > 0, 2_000));
  assert.deepEqual(await testing.store.deadNodes(ids), ids.slice(0, 1));
  await other.end();
  assert.ok(await until(async () => (await testing.store.deadNodes(ids)).length === 2, 2_000));
});

test('a lost connection means a new id, and a while of not being alive', async () => {
  const { store } = testing;
  const old = store.node.id;
  await store.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  assert.ok(await until(() => !store.isAlive(), 2_000), 'the loss went unnoticed');
  assert.ok(await until(() => store.isAlive(), 5_000), 'the mark was not taken again');
  assert.notEqual(store.node.id, old);
  assert.deepEqual(await store.deadNodes([old, store.node.id]), [old]);
});

test('a connection that falls silent counts as lost', async (t) => {
  const target = new URL(testing.store.databaseUrl);
  const port = Number(target.port);
  const sockets: Socket[] = [];
  let silent = false;
  const proxy = createServer((near) => {
    const far = connect(port, target.hostname);
    sockets.push(near, far);
    near.on('data', (data) => silent || far.write(data));
    far.on('data', (data) => silent || near.write(data));
    for (const socket of [near, far]) socket.on('error', () => {});
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  const address = proxy.address();
  assert.ok(address && typeof address === 'object');
  target.port = String(address.port);
  const mark = await markNode({ connectionString: target.href }, () => {}, 20);
  await new Promise((resolve) => setImmediate(resolve));
  const old = mark.id();
  silent = true;
  assert.ok(await until(() => !mark.isHeld(), 2_000), 'the silence went unnoticed');
  silent = false;
  assert.ok(await until(() => mark.isHeld(), 5_000), 'the mark was not taken again');
  assert.notEqual(mark.id(), old);
  await mark.end();
});
