import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startOrigin, type Origin } from '@asa/origin';
import { startTestStore, type TestStore } from '@asa/store/testing';
import { runDoctor } from '../src/doctor/doctor.ts';
import { checkClock, checkDisk } from '../src/doctor/machine.ts';
import { checkEmbedded } from '../src/doctor/services.ts';
import { startPages } from './harness.ts';
import { playMarketplace } from './pages.ts';

/** The doctor: well where all is well, and for each thing that can be wrong one line that says so, one that mends it, and exit code 1. */

let folder: string;
let database: TestStore;
let origin: Origin;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asa-doctor-test-'));
  [database, origin] = await Promise.all([startTestStore(), startOrigin({})]);
});
after(async () => {
  await Promise.all([database.close(), origin.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** A port of this machine at which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function doctor(
  env: Record<string, string>,
  more: { egress?: boolean; nodeVersion?: string; now?: number } = {},
): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const code = await runDoctor(
    {
      env: {
        ASA_PORT: '0',
        ASA_DATA_DIR: join(folder, 'new'),
        DATABASE_URL: database.store.databaseUrl,
        ASA_ORIGIN_URL: origin.urlTemplate,
        ...env,
      },
      nodeVersion: more.nodeVersion ?? '24.21.0',
      now: () => more.now ?? Date.now(),
      egress: more.egress ?? false,
    },
    (line) => lines.push(line),
  );
  return { code, text: lines.join('\n') };
}

/** The finding that must fail, alone among all. */
async function assertFails(
  what: RegExp,
  mend: RegExp,
  env: Record<string, string>,
  more: Parameters<typeof doctor>[1] = {},
): Promise<void> {
  const { code, text } = await doctor(env, more);
  assert.equal(code, 1, text);
  const at = text.split('\n').findIndex((line) => line.startsWith('✗'));
  assert.match(text.split('\n')[at] ?? '', what, text);
  assert.match(text.split('\n')[at + 1] ?? '', mend, text);
  assert.equal(text.match(/^✗/gm)?.length, 1, text);
  assert.match(text, /1 to mend\.$/);
}

test('all is well: every check says so, each tier is asked for one page, and the exit code is 0', async () => {
  const { code, text } = await doctor({}, { egress: true });
  assert.equal(code, 0, text);
  for (const line of [
    /✓ Node/,
    /✓ settings/,
    /✓ port/,
    /✓ data folder/,
    /✓ database +PostgreSQL \d+/,
    /✓ clock .*in step with the database/,
    /· Redis/,
    /✓ egress direct/,
  ])
    assert.match(text, line);
  assert.match(text, /✓ disk|! disk/);
});

test('the embedded database is tried in a folder of its own', async () => {
  assert.equal((await checkEmbedded()).state, 'ok');
});

test('an old Node.js', () => assertFails(/Node\.js +22\.3\.0/, /npm start/, {}, { nodeVersion: '22.3.0' }));

test('wrong settings, each with its own line', async () => {
  const { code, text } = await doctor({ ASA_LOG_LEVEL: 'loud', ASA_MAX_ATTEMPTS: '0', REDIS_URL: 'http://secret@x' });
  assert.equal(code, 1);
  assert.match(text, /ASA_LOG_LEVEL="loud"/);
  assert.match(text, /ASA_MAX_ATTEMPTS="0"/);
  assert.match(text, /3 to mend/);
  assert.doesNotMatch(text, /secret/);
});

test('a name that looks like a setting and is none; those of the clients are well', async () => {
  const { code, text } = await doctor({
    ASA_PROT: '1',
    ASA_API_KEY: 'asa_test_secret',
    ASA_BASE_URL: 'http://localhost',
  });
  assert.equal(code, 0, text);
  assert.match(text, /^! setting +ASA_PROT is no setting/m);
  assert.doesNotMatch(text, /ASA_API_KEY|ASA_BASE_URL|secret/);
});

test('a port that another program has, and an address that is not of this machine', async () => {
  const other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(other, 'listening');
  await assertFails(/port .*cannot be used/, /ASA_PORT/, { ASA_PORT: String((other.address() as AddressInfo).port) });
  other.close();
  await assertFails(/port .*cannot be used/, /ASA_HOST/, { ASA_HOST: '192.0.2.1' });
});

test('a data folder that cannot be one, and secrets that others can read', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  await assertFails(/data folder .*is no folder/, /ASA_DATA_DIR/, { ASA_DATA_DIR: join(file, 'data') });
  // There is no room there either.
  assert.match(
    (await doctor({ ASA_DATA_DIR: '/proc/asa' })).text,
    /✗ data folder +\/proc keeps no files\n +→ Set ASA_DATA_DIR/,
  );
  const open = join(folder, 'open');
  await mkdir(open);
  await writeFile(join(open, 'admin-token'), 'x');
  await chmod(join(open, 'admin-token'), 0o644);
  await assertFails(/others can read/, /chmod 600/, { ASA_DATA_DIR: open });
});

test('a full disk', async () => {
  const none = Number.POSITIVE_INFINITY;
  assert.equal((await checkDisk(folder, { warn: none, fail: none })).state, 'fail');
  assert.equal((await checkDisk(folder, { warn: none, fail: 0 })).state, 'warn');
  assert.equal((await checkDisk(folder, { warn: 0, fail: 0 })).state, 'ok');
});

test('a database that is not there, and one that lets nobody in; passwords are not shown', async () => {
  await assertFails(/database .*cannot be used/, /DATABASE_URL/, {
    DATABASE_URL: `postgres://u:secret@127.0.0.1:${await closedPort()}/x`,
  });
  const wrong = new URL(database.store.databaseUrl);
  wrong.password = 'secret';
  const { text } = await doctor({ DATABASE_URL: wrong.href });
  assert.match(text, /✗ database/);
  assert.doesNotMatch(text, /secret/);
});

test('a clock that is wrong', async () => {
  await assertFails(/clock +\d+ s ahead of the database/, /NTP/, {}, { now: Date.now() + 60_000 });
  assert.match(
    (await doctor({}, { now: Date.now() + 60_000 })).text,
    /60 s ahead of the database|59 s ahead|61 s ahead/,
  );
  assert.equal(checkClock(1000, 1_000_000, null).state, 'fail', 'before something that is already past');
  assert.equal(checkClock(2_000_000, 1_000_000, { who: 'x', now: 2_004_000 }).state, 'ok');
});

test('a Redis that is not there', async () => {
  await assertFails(/Redis +it does not answer/, /REDIS_URL/, { REDIS_URL: `redis://127.0.0.1:${await closedPort()}` });
});

test('tiers: a file with a mistake, a proxy that is not there, a marketplace that challenges', async () => {
  const file = join(folder, 'tiers.json');
  const tiers = (value: unknown): Promise<void> => writeFile(file, JSON.stringify({ tiers: value }));
  await tiers([{ name: 'Bad Name' }]);
  await assertFails(/egress .*tiers\[0\]/, /tiers file/, { ASA_EGRESS_FILE: file });
  await tiers([{ name: 'lost', proxies: [`http://u:secret@127.0.0.1:${await closedPort()}`] }]);
  await assertFails(
    /egress lost +no page came/,
    /ASA_EGRESS_FILE|network/,
    { ASA_EGRESS_FILE: file },
    { egress: true },
  );
  assert.doesNotMatch((await doctor({ ASA_EGRESS_FILE: file }, { egress: true })).text, /secret/);
  await assertFails(
    /egress direct +no page came/,
    /network/,
    { ASA_ORIGIN_URL: `http://127.0.0.1:${await closedPort()}/{domain}` },
    { egress: true },
  );
  const challenge = await startPages((request, response) => {
    request.url = request.url?.replace(/dp\/\w+/, 'dp/CAPTCHA000') ?? '';
    playMarketplace(request, response);
  });
  const { code, text } = await doctor({ ASA_ORIGIN_URL: challenge.template }, { egress: true });
  assert.equal(code, 0, text);
  assert.match(text, /! egress direct +the marketplace answered with a challenge[^\n]*\n +→ Wait, slow down/);
  assert.match(text, /Nothing is broken; 1 to look at\.|Nothing is broken; 2 to look at\./);
  await challenge.close();
});
