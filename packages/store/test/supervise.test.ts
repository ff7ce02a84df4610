import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { clusterProcesses, until } from '../src/embedded/processes.ts';
import { restartPause } from '../src/embedded/supervise.ts';
import { openStore } from '../src/index.ts';
import { readyFolder } from './helpers.ts';

test('PostgreSQL that dies is started again; meanwhile queries reject and the store is not alive', async (t) => {
  const dataDir = await readyFolder(t);
  const store = await openStore({ databaseUrl: null, durable: false, dataDir });
  await store.query('CREATE TABLE kept AS SELECT 1 AS n');
  const node = store.node.id;
  const url = store.databaseUrl;
  const [row] = await store.query<{ pid: number }>(
    `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid`,
  );
  assert.ok(row);
  const inFlight = store.query('SELECT pg_sleep(60)');
  const transaction = store.transaction(async (tx) => {
    await tx.query('INSERT INTO kept VALUES (2)');
    await tx.query('SELECT pg_sleep(60)');
  });
  const rejected = Promise.all([assert.rejects(inFlight), assert.rejects(transaction)]);
  assert.ok(
    await until(
      async () => (await store.query("SELECT 1 FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep'")).length === 2,
      5_000,
    ),
  );
  process.kill(row.pid, 'SIGKILL');
  await rejected;
  assert.ok(await until(() => !store.isAlive(), 5_000), 'the end went unnoticed');
  assert.ok(await until(() => store.isAlive(), 20_000), 'PostgreSQL was not started again');
  assert.equal(store.databaseUrl, url);
  assert.deepEqual(await store.query('SELECT n FROM kept'), [{ n: 1 }]);
  assert.notEqual(store.node.id, node);
  assert.deepEqual(await store.deadNodes([node, store.node.id]), [node]);
  await store.close();
  assert.deepEqual(await clusterProcesses(`${dataDir}/postgres`), []);
});

test('closing while PostgreSQL is being started again ends all of it', async (t) => {
  const dataDir = await readyFolder(t);
  const store = await openStore({ databaseUrl: null, durable: false, dataDir });
  const [head] = await store.query<{ pid: number }>(
    `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid`,
  );
  process.kill(head?.pid ?? 0, 'SIGKILL');
  assert.ok(await until(() => !store.isAlive(), 5_000));
  await store.close();
  assert.ok(await until(async () => (await clusterProcesses(`${dataDir}/postgres`)).length === 0, 5_000));
  await (await openStore({ databaseUrl: null, durable: false, dataDir })).close();
});

test('pauses grow with the failures of the last two minutes, and end', () => {
  const now = 1_000_000;
  const times = (n: number, ago: number): number[] => Array.from({ length: n }, () => now - ago);
  const pauses = Array.from({ length: 8 }, (_, i) => restartPause(times(i + 1, 10), now));
  assert.deepEqual(pauses, [50, 500, 1_000, 2_000, 4_000, 8_000, null, null]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 120_000, max: 900_000 })), (ages) => {
      assert.equal(restartPause([...ages.map((age) => now - age), now], now), 50);
    }),
  );
});
