// As root, with a data folder that PostgreSQL's user may not enter: the database lies outside.
import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { startEmbedded } from '../src/embedded/embedded.ts';
import { clusterProcesses } from '../src/embedded/processes.ts';
import { pickUser } from '../src/embedded/user.ts';
import { openStore, StoreInUseError, StoreSetupError } from '../src/index.ts';
import { dataFolder, isRoot, opened, startChild } from './helpers.ts';

const skip = isRoot ? false : 'only root has this case';

/** A root for databases outside, as /var/lib/asa is one. */
function outsideRoot(t: TestContext): string {
  const parent = mkdtempSync(join(tmpdir(), 'asa-store-'));
  chmodSync(parent, 0o711);
  t.after(() => rmSync(parent, { recursive: true, force: true, maxRetries: 5 }));
  return join(parent, 'lib');
}

const pointer = (dataDir: string): string => readFileSync(join(dataDir, 'postgres.location'), 'utf8').trim();

test('a service of root in a private folder just works, and says where the database lies', { skip }, async (t) => {
  const dataDir = dataFolder(t, { private: true });
  const told: string[] = [];
  const store = await openStore({ databaseUrl: null, durable: false, dataDir, log: (message) => told.push(message) });
  const place = pointer(dataDir);
  assert.equal(dirname(place), '/var/lib/asa');
  assert.ok(told.some((message) => message.includes(place) && message.includes(dataDir)));
  assert.equal(existsSync(join(dataDir, 'postgres')), false);
  const cluster = statSync(join(place, 'postgres'));
  assert.notEqual(cluster.uid, 0);
  assert.equal(cluster.mode & 0o777, 0o700);
  await store.query('CREATE TABLE kept ()');
  await store.close();
  const again = await openStore({ databaseUrl: null, durable: false, dataDir });
  await again.query('SELECT * FROM kept');
  assert.equal(pointer(dataDir), place);
  await again.close();
});

test('kill -9, two servers, a moved and a copied folder: the same as inside', { skip }, async (t) => {
  const outside = [outsideRoot(t)];
  const dataDir = dataFolder(t, { private: true });
  const start = (dir: string): ReturnType<typeof startEmbedded> =>
    startEmbedded({ dataDir: dir, outside, log: () => {}, durable: false });
  const first = await start(dataDir);
  const place = pointer(dataDir);
  assert.equal(first.cluster, join(place, 'postgres'));
  await assert.rejects(start(dataDir), StoreInUseError);

  // A copy of the folder must not write to the original's database, neither while that runs nor after.
  const copy = `${dataDir}-copy`;
  cpSync(dataDir, copy, { recursive: true, filter: (path) => !path.includes('asa.lock') });
  await assert.rejects(start(copy), (error) => error instanceof StoreSetupError && /is a copy of/.test(error.message));
  await first.stop();
  await assert.rejects(start(copy), /is a copy of/);
  rmSync(join(copy, 'postgres.location'));
  const copied = await start(copy);
  assert.notEqual(copied.cluster, first.cluster);
  await copied.stop();

  const moved = `${dataDir}-moved`;
  renameSync(dataDir, moved);
  const after = await start(moved);
  assert.equal(after.cluster, first.cluster);
  await after.stop();

  // The database gone from its place: said, and not quietly begun anew.
  rmSync(place, { recursive: true });
  await assert.rejects(start(moved), (error) => error instanceof StoreSetupError && error.message.includes(place));
});

test('an emptied data folder begins anew, its old orphan is stopped, its old database is left', { skip }, async (t) => {
  const dataDir = dataFolder(t, { private: true });
  const child = await startChild({ databaseUrl: null, durable: false, dataDir });
  const { cluster } = opened(child);
  t.after(() => rmSync(dirname(cluster), { recursive: true, force: true }));
  await child.kill();
  rmSync(dataDir, { recursive: true });
  const told: string[] = [];
  const store = await openStore({ databaseUrl: null, durable: false, dataDir, log: (message) => told.push(message) });
  assert.notEqual(join(pointer(dataDir), 'postgres'), cluster);
  assert.deepEqual(await clusterProcesses(cluster), []);
  assert.ok(existsSync(join(cluster, 'PG_VERSION')));
  assert.ok(told.some((message) => message.includes('unused') && message.includes(dirname(cluster))));
  await store.close();
});

test('a place that others can write to is not taken; without any the message says what to do', { skip }, async (t) => {
  const dataDir = dataFolder(t, { private: true });
  const open = outsideRoot(t);
  mkdirSync(open);
  chmodSync(open, 0o777);
  const shut = join(dirname(dataDir), 'lib');
  await assert.rejects(startEmbedded({ dataDir, outside: [open, shut], log: () => {}, durable: false }), (error) => {
    assert.ok(error instanceof StoreSetupError);
    assert.match(error.message, /others than root may write to it/);
    assert.match(error.message, /may not enter it/);
    assert.match(error.message, /chmod o\+x/);
    return true;
  });
  assert.deepEqual(readdirSync(open), []);
});

test('the user that runs PostgreSQL is postgres before nobody, and never root', () => {
  const passwd = ['root:x:0:0:root:/root:/bin/sh', 'nobody:x:65534:65533::/:/x', 'broken', '#comment', ''];
  assert.deepEqual(pickUser(passwd.join('\n')), { name: 'nobody', uid: 65534, gid: 65533 });
  assert.deepEqual(pickUser([...passwd, 'postgres:x:70:71::/:/x'].join('\n')), { name: 'postgres', uid: 70, gid: 71 });
  assert.deepEqual(pickUser('nobody:*:-2:-2::/:/x'), { name: 'nobody', uid: 4294967294, gid: 4294967294 });
  assert.equal(pickUser('root:x:0:0::/:/x\npostgres:x:0:0::/:/x'), undefined);
  assert.equal(pickUser(''), undefined);
});
