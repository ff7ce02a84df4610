import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from 'pg';
import { clusterProcesses, isRunning, isServerCommand, until } from '../src/embedded/processes.ts';
import { openStore } from '../src/index.ts';
import { dataFolder, launch, opened, readyFolder, startChild } from './helpers.ts';

test('after kill -9 the next start stops the orphan, has all that was committed, and knows who died', async (t) => {
  const dataDir = await readyFolder(t);
  const child = await startChild({ databaseUrl: null, durable: false, dataDir });
  const before = opened(child);
  const client = new Client({ connectionString: before.url });
  client.on('error', () => {}); // The orphan is stopped under it.
  await client.connect();
  await client.query('CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
  await client.query('BEGIN; INSERT INTO kept VALUES (0)');
  await child.kill();
  assert.ok(isRunning(before.postgres), 'PostgreSQL should have outlived the kill');

  const told: string[] = [];
  const store = await openStore({ databaseUrl: null, durable: false, dataDir, log: (message) => told.push(message) });
  assert.match(told[0] ?? '', /Stopped the PostgreSQL of an earlier run/);
  assert.ok(!(await clusterProcesses(before.cluster)).includes(before.postgres), 'the orphan still runs');
  assert.deepEqual(await store.query('SELECT count(*) AS n, min(n) AS low FROM kept'), [{ n: 1000, low: 1 }]);
  assert.deepEqual(await store.deadNodes([before.node, store.node.id]), [before.node]);
  await store.close();
  assert.deepEqual(await clusterProcesses(before.cluster), []);
});

test('when PostgreSQL and the server are both killed, a worker still busy is stopped before the next start', async (t) => {
  const dataDir = await readyFolder(t);
  const child = await startChild({ databaseUrl: null, durable: false, dataDir });
  const before = opened(child);
  const client = new Client({ connectionString: before.url });
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const worker = rows[0]?.pid ?? 0;
  const busy = client.query('SELECT count(*) FROM generate_series(1, 10000000000)').catch(() => {});
  await child.kill();
  process.kill(before.postgres, 'SIGKILL');
  assert.ok(await until(async () => !(await clusterProcesses(before.cluster)).includes(before.postgres), 5_000));

  const store = await openStore({ databaseUrl: null, durable: false, dataDir });
  assert.ok(!(await clusterProcesses(before.cluster)).includes(worker), 'the old worker still runs');
  await busy;
  await store.ping();
  await store.close();
});

test('a leftover pid file whose number has gone to a stranger stops neither the start nor the stranger', async (t) => {
  const dataDir = await readyFolder(t);
  const first = await openStore({ databaseUrl: null, durable: false, dataDir });
  const [row] = await first.query<{ file: string }>(`SELECT pg_read_file('postmaster.pid') AS file`);
  await first.close();
  const cluster = join(dataDir, 'postgres');
  const { uid, gid } = statSync(cluster);
  // The stranger is the same user's: of another user's process PostgreSQL itself sees that it is none of its kind.
  const stranger = spawn('/bin/sleep', ['60'], { uid, gid, cwd: '/' });
  t.after(() => stranger.kill('SIGKILL'));
  const file = join(cluster, 'postmaster.pid');
  writeFileSync(file, (row?.file ?? '').replace(/^\d+/, String(stranger.pid)), { mode: 0o600 });
  chownSync(file, uid, gid);

  const second = await openStore({ databaseUrl: null, durable: false, dataDir });
  await second.ping();
  await second.close();
  assert.equal(stranger.exitCode ?? stranger.signalCode, null, 'the stranger was ended');
  assert.ok(!existsSync(file));
});

test('a first start that is killed at any moment leaves nothing that the next one stumbles over', async (t) => {
  const dataDir = dataFolder(t);
  const moments = [
    () => existsSync(dataDir),
    () => readdirSync(dataDir).some((name) => name.startsWith('postgres.new-')),
    () => readdirSync(dataDir).some((name) => existsSync(join(dataDir, name, 'global', 'pg_control'))),
    () => existsSync(join(dataDir, 'postgres', 'postmaster.pid')),
  ];
  for (const reached of moments) {
    const child = launch({ databaseUrl: null, durable: false, dataDir });
    const exit = once(child, 'exit');
    assert.ok(await until(() => reached(), 20_000));
    child.kill('SIGKILL');
    await exit;
  }
  const store = await openStore({ databaseUrl: null, durable: false, dataDir });
  await store.ping();
  await store.close();
  assert.deepEqual(
    readdirSync(dataDir).filter((name) => name.startsWith('postgres.new')),
    [],
  );
});

test('a lock file or a log of an earlier run is no obstacle', async (t) => {
  const dataDir = dataFolder(t);
  mkdirSync(dataDir, { mode: 0o711 });
  writeFileSync(join(dataDir, 'asa.lock'), '');
  writeFileSync(join(dataDir, 'asa.pid'), `${process.ppid}\n`);
  writeFileSync(join(dataDir, 'postgres.log'), 'old words\n');
  const store = await openStore({ databaseUrl: null, durable: false, dataDir });
  await store.close();
  assert.match(readFileSync(join(dataDir, 'postgres.log'), 'utf8'), /^old words\n/);
});

test('a server is told by the words of its command line', () => {
  const cluster = '/data/postgres';
  assert.equal(isServerCommand(['/x/bin/postgres', '-D', cluster, '-c', 'port=1'], cluster), true);
  assert.equal(isServerCommand(['/x/bin/postgres', '-D', '/data/postgres2'], cluster), false);
  assert.equal(isServerCommand(['less', '-D', cluster], cluster), false);
  assert.equal(isServerCommand(['/x/bin/postgres', cluster], cluster), false);
  assert.equal(isServerCommand(['postgres: checkpointer '], cluster), false);
  assert.equal(isServerCommand([], cluster), false);
});
