import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { copyNative, findNative, isComplete, listLinks, majorOf } from '../src/embedded/binaries.ts';
import { reasonIn } from '../src/embedded/cluster.ts';
import { run } from '../src/embedded/user.ts';
import { openStore, StoreSetupError } from '../src/index.ts';
import { isRoot, opened, readyFolder, startChild } from './helpers.ts';
import type { Child } from './helpers.ts';

const NOBODY = { uid: 65534, gid: 65534 };

/** Expects a start to fail with one line that matches, and nothing to be left locked. */
async function refused(dataDir: string, ...expected: RegExp[]): Promise<void> {
  await assert.rejects(openStore({ databaseUrl: null, durable: false, dataDir }), (error) => {
    assert.ok(error instanceof StoreSetupError, String(error));
    for (const part of expected) assert.match(error.message, part);
    assert.ok(!error.message.includes('\n'));
    return true;
  });
}

function temporary(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'asa-store-'));
  t.after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

test('a data folder that cannot be one', async (t) => {
  const dir = temporary(t);
  writeFileSync(join(dir, 'file'), '');
  await refused(join(dir, 'file'), /cannot be made/, /ASA_DATA_DIR/);
  await refused(join(dir, 'file', 'below'), /cannot be made/, /ASA_DATA_DIR/);
  await refused('/proc/asa', /cannot be made/, /ASA_DATA_DIR/);
});

test('a database of another version, without its password, or with another one', async (t) => {
  const dataDir = await readyFolder(t);
  const file = (name: string): string => join(dataDir, 'postgres', name);
  const replaced = async (name: string, text: string | null, ...expected: RegExp[]): Promise<void> => {
    const old = readFileSync(file(name));
    if (text === null) rmSync(file(name));
    else writeFileSync(file(name), text);
    await refused(dataDir, ...expected);
    writeFileSync(file(name), old, { mode: 0o600 });
  };
  await replaced('PG_VERSION', '9\n', /made by PostgreSQL 9; this version brings 18/);
  await replaced('asa.secret', null, /password of the database is missing/, /asa\.secret/);
  await replaced('asa.secret', 'other\n', /cannot be used: password authentication failed/, /restore .*asa\.secret/);
  await replaced(
    'postgresql.conf',
    'nonsense = 1\n',
    /did not start: configuration file .* contains errors/,
    /postgres\.log/,
  );
  await replaced('global/pg_control', 'x', /did not start: /, /postgres\.log/);
  const store = await openStore({ databaseUrl: null, durable: false, dataDir });
  await store.close();
});

test('a full disk', { skip: isRoot ? false : 'only root can make one' }, async (t) => {
  const dir = temporary(t);
  chmodSync(dir, 0o711);
  const mounted = await run('/bin/mount', ['-t', 'tmpfs', '-o', 'size=20m,mode=0711', 'asa-test', dir], {
    user: null,
    cwd: '/',
  });
  if (mounted.code !== 0) return t.skip(`no small disk can be mounted here: ${mounted.output}`);
  try {
    await refused(join(dir, 'data'), /cannot be made/, /No space left on device|could not extend file/, /MB free/);
    assert.deepEqual(statSync(join(dir, 'data', 'postgres'), { throwIfNoEntry: false }), undefined);
  } finally {
    await run('/bin/umount', [dir], { user: null, cwd: '/' });
  }
});

test('an installation without its links, or closed to others, is copied whole and runs', async (t) => {
  const dir = temporary(t);
  chmodSync(dir, 0o711);
  const real = await findNative();
  const links = await listLinks(real);
  assert.equal(isComplete(real, []), true);
  // As npm leaves it when it may not run install scripts, under a strict umask.
  const bare = { dir: join(dir, 'native'), version: '1.2.3' };
  // Not the thousand small files below share/, for the time's sake.
  const filter = (path: string): boolean => !/share\/postgresql\/./.test(path) || path.endsWith('/postgres.bki');
  cpSync(real.dir, bare.dir, { recursive: true, verbatimSymlinks: true, filter });
  for (const link of links) rmSync(join(bare.dir, link.path), { force: true });
  chmodSync(join(bare.dir, 'share'), 0o700);
  chmodSync(join(bare.dir, 'bin', 'initdb'), 0o700);
  assert.deepEqual(await listLinks(bare), links);
  assert.equal(isComplete(bare, links), links.length === 0);

  const target = join(dir, 'place');
  mkdirSync(join(target, 'native-1.2.2'), { recursive: true });
  mkdirSync(join(target, 'native-1.2.3.half'));
  const copy = await copyNative(bare, links, target);
  assert.equal(copy, join(target, 'native-1.2.3'));
  assert.equal(existsSync(join(target, 'native-1.2.2')), false);
  for (const link of links) assert.equal(readlinkSync(join(copy, link.path)), link.target);
  assert.equal(isComplete({ ...bare, dir: copy }, links), true);
  assert.equal(statSync(join(copy, 'share')).mode & 0o777, 0o755);
  assert.equal(statSync(join(copy, 'bin', 'initdb')).mode & 0o777, 0o755);
  assert.equal(statSync(join(copy, 'share', 'postgresql', 'postgres.bki')).mode & 0o777, 0o644);
  assert.match(await majorOf(copy, isRoot ? { ...NOBODY, name: 'nobody' } : null), /^\d+$/);
  assert.equal(await copyNative(bare, links, target), copy);
});

test('a PostgreSQL that does not run on this system is said to be that', async (t) => {
  const dir = temporary(t);
  mkdirSync(join(dir, 'bin'));
  writeFileSync(join(dir, 'bin', 'postgres'), '#!/nonexistent/ld-musl.so\n', { mode: 0o755 });
  await assert.rejects(
    majorOf(dir, null),
    (error) => error instanceof StoreSetupError && /DATABASE_URL/.test(error.message),
  );
});

test('the reason is found in what PostgreSQL says', () => {
  assert.equal(
    reasonIn('a\n2026-01-01 UTC [7] FATAL:  data directory is wrong\n2026-01-01 UTC [7] LOG:  shut down\n'),
    'data directory is wrong',
  );
  assert.equal(
    reasonIn('initdb: error: could not create "x"\ninitdb: removing data directory "x"\n'),
    'could not create "x"',
  );
  assert.equal(reasonIn('just this\n\n'), 'just this');
  assert.equal(reasonIn(''), 'it said nothing');
});

test(
  'an ordinary user: the database lies in the data folder; what belongs to others is refused in one line',
  { skip: isRoot ? false : 'the other tests are this one' },
  async (t) => {
    const parent = temporary(t);
    chmodSync(parent, 0o755);
    const home = join(parent, 'home');
    mkdirSync(home, { mode: 0o700 });
    await run('/bin/chown', [`${NOBODY.uid}:${NOBODY.gid}`, home], { user: null, cwd: '/' });
    const start = (dataDir: string): Promise<Child> =>
      startChild(
        { databaseUrl: null, durable: false, dataDir },
        { ...NOBODY, cwd: '/', env: { HOME: home, PATH: '/usr/bin:/bin' } },
      );
    const probe = await run(
      process.execPath,
      ['-e', `require('fs').readdirSync(${JSON.stringify(import.meta.dirname)})`],
      {
        user: { ...NOBODY, name: 'nobody' },
        cwd: '/',
      },
    ).catch(() => ({ code: 1 }));
    if (probe.code !== 0) return t.skip('another user may not enter this checkout: the case cannot be played here');

    const dataDir = join(home, 'data');
    const child = await start(dataDir);
    assert.equal(opened(child).cluster, join(dataDir, 'postgres'));
    assert.equal(statSync(join(dataDir, 'postgres')).uid, NOBODY.uid);
    assert.equal(statSync(dataDir).mode & 0o777, 0o700);
    await child.kill();
    const again = await start(dataDir);
    opened(again);
    await again.end();

    // Root goes on with that user's database, as that user.
    const asRoot = await openStore({ databaseUrl: null, durable: false, dataDir });
    await asRoot.ping();
    await asRoot.close();
    assert.equal(statSync(join(dataDir, 'postgres', 'PG_VERSION')).uid, NOBODY.uid);
    const back = await start(dataDir);
    opened(back);
    await back.end();

    const foreign = await start(await readyFolder(t));
    assert.equal(foreign.says.open, false);
    assert.match(foreign.says.open ? '' : foreign.says.message, /cannot be locked .*writable by this user/);
    const nowhere = await start('/asa-data');
    assert.match(nowhere.says.open ? '' : nowhere.says.message, /cannot be made .*ASA_DATA_DIR/);
  },
);
