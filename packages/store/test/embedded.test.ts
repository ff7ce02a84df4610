import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from 'pg';
import { clusterProcesses, until } from '../src/embedded/processes.ts';
import { trimLog } from '../src/embedded/server.ts';
import { openStore, StoreInUseError } from '../src/index.ts';
import { dataFolder, isRoot, opened, readyFolder, startChild } from './helpers.ts';
import type { ChildSays } from './child.ts';

test('the first start makes the database, the next ones find it', async (t) => {
  const dataDir = dataFolder(t, { name: 'a data \'folder\' with "quotes"' });
  const told: string[] = [];
  const first = await openStore({ databaseUrl: null, durable: false, dataDir, log: (message) => told.push(message) });
  assert.equal(first.embedded, true);
  assert.equal(first.isAlive(), true);
  assert.deepEqual(told, ['The tables were brought up to date.']);
  await first.query('CREATE TABLE kept AS SELECT 7 AS n');
  await first.close();
  await first.close();
  assert.equal(first.isAlive(), false);

  const second = await openStore({ databaseUrl: null, durable: false, dataDir });
  assert.deepEqual(await second.query('SELECT n FROM kept'), [{ n: 7 }]);
  assert.deepEqual(await second.deadNodes([first.node.id, second.node.id]), [first.node.id]);
  await second.close();
});

test('it is durable, reachable from this machine only, and only with the password', async (t) => {
  const dataDir = await readyFolder(t);
  const store = await openStore({ databaseUrl: null, dataDir });
  t.after(() => store.close());
  const settings = await store.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name IN
      ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums', 'listen_addresses', 'unix_socket_directories')`,
  );
  assert.deepEqual(Object.fromEntries(settings.map(({ name, setting }) => [name, setting])), {
    data_checksums: 'on',
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '127.0.0.1',
    synchronous_commit: 'on',
    unix_socket_directories: '',
  });

  const url = new URL(store.databaseUrl);
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  for (const { address } of own.filter(({ family, internal }) => family === 'IPv4' && !internal)) {
    const socket = connect(Number(url.port), address);
    await assert.rejects(once(socket, 'connect'), { code: 'ECONNREFUSED' });
  }

  for (const password of ['', 'asa', 'postgres', `${url.password}x`]) {
    const client = new Client({ ...login(url), password });
    await assert.rejects(client.connect());
  }
  // pg sends any kind of answer; what the server asks for is in its rules.
  const rules = await store.query<{ method: string }>('SELECT DISTINCT auth_method AS method FROM pg_hba_file_rules');
  assert.deepEqual(rules, [{ method: 'scram-sha-256' }]);
});

const login = (url: URL): { host: string; port: number; user: string; database: string } => ({
  host: url.hostname,
  port: Number(url.port),
  user: url.username,
  database: 'asa',
});

test('what is secret in the folder is closed to others, and PostgreSQL does not run as root', async (t) => {
  const dataDir = await readyFolder(t);
  const child = await startChild({ databaseUrl: null, durable: false, dataDir });
  const { cluster, postgres } = opened(child);
  assert.equal(cluster, join(dataDir, 'postgres'));
  for (const file of [join(cluster, 'asa.secret'), join(dataDir, 'asa.lock'), join(dataDir, 'postgres.log')]) {
    assert.equal(statSync(file).mode & 0o777, 0o600, file);
  }
  assert.equal(statSync(cluster).mode & 0o777, 0o700);
  assert.equal(statSync(dataDir).mode & 0o777, isRoot ? 0o711 : 0o700);
  if (process.platform === 'linux') assert.equal(statSync(`/proc/${postgres}`).uid === 0, false);
  assert.ok(
    !readFileSync(join(dataDir, 'postgres.log'), 'utf8').includes(
      readFileSync(join(cluster, 'asa.secret'), 'utf8').trim(),
    ),
  );
  await child.end();
  assert.deepEqual(readdirSync(dataDir).sort(), ['asa.lock', 'postgres', 'postgres.log']);
});

test('settings of the environment that are meant for other PostgreSQLs do not reach it', async (t) => {
  const env = {
    ...process.env,
    PGDATA: '/nonexistent',
    PGPORT: '1',
    PGOPTIONS: '-c fsync=off',
    LC_ALL: 'xx_XX',
    LANG: 'xx',
  };
  const child = await startChild({ databaseUrl: null, durable: false, dataDir: await readyFolder(t) }, { env });
  opened(child);
  await child.end();
});

test('of several that start at once on one folder one gets it, and the others say who has it', async (t) => {
  const dataDir = dataFolder(t);
  const options = { databaseUrl: null, durable: false, dataDir };
  const children = await Promise.all(Array.from({ length: 5 }, () => startChild(options)));
  const winners = children.filter((child) => child.says.open);
  assert.equal(winners.length, 1, JSON.stringify(children.map((child) => child.says)));
  const [winner] = winners;
  assert.ok(winner);
  for (const child of children.filter((one) => one !== winner)) {
    assert.deepEqual(child.says, {
      open: false,
      name: 'StoreInUseError',
      message: `The data folder ${dataDir} is in use by process ${winner.process.pid}. Stop that server first, or give this one a data folder of its own (ASA_DATA_DIR).`,
      holder: winner.process.pid ?? null,
    } satisfies ChildSays);
  }

  // The first is not disturbed, neither by others nor by a second store of another process.
  const before = opened(winner);
  await assert.rejects(openStore(options), (error) => {
    assert.ok(error instanceof StoreInUseError);
    assert.equal(error.pid, winner.process.pid);
    return true;
  });
  const guest = await openStore({ databaseUrl: before.url, dataDir: '/nonexistent' });
  assert.deepEqual(await guest.deadNodes([before.node]), []);
  const [row] = await guest.query<{ pid: string }>(
    `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid`,
  );
  assert.equal(Number(row?.pid), before.postgres);
  await guest.close();

  await winner.end();
  const next = await openStore(options);
  await assert.rejects(openStore(options), { pid: process.pid });
  await next.ping();
  await next.close();
});

test('a process that ends without closing still ends its PostgreSQL in good order', async (t) => {
  const dataDir = await readyFolder(t);
  const child = await startChild({ databaseUrl: null, durable: false, dataDir });
  const { cluster } = opened(child);
  child.process.stdin?.write('exit\n');
  assert.deepEqual(await once(child.process, 'exit'), [3, null]);
  assert.ok(await until(async () => (await clusterProcesses(cluster)).length === 0, 20_000), 'PostgreSQL still runs');
  const next = await openStore({ databaseUrl: null, durable: false, dataDir });
  await next.close();
  assert.ok(!readFileSync(join(dataDir, 'postgres.log'), 'utf8').includes('was not properly shut down'));
});

test('the log stays bounded while PostgreSQL goes on writing', (t) => {
  const dataDir = dataFolder(t);
  const file = `${dataDir}.log`;
  writeFileSync(file, 'x'.repeat(4_000_000));
  trimLog(file);
  assert.equal(statSync(file).size, 4_000_000);
  writeFileSync(file, 'end', { flag: 'a' });
  trimLog(file);
  assert.equal(statSync(file).size, 0);
  assert.ok(readFileSync(`${file}.1`, 'utf8').endsWith('xend'));
  trimLog(`${file}.none`);
});
