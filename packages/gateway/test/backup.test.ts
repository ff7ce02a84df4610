import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { temporaryDataFolder } from '@asa/store/testing';
import { start, type Running } from '../src/compose.ts';
import { readConfig } from '../src/config.ts';

/** Backup and restore as the documentation tells it: stop, `tar` the data folder, unpack it elsewhere, start. */

const run = promisify(execFile);
const boot = (dataDir: string): Promise<Running> =>
  start(readConfig({ ASA_PORT: '0', ASA_DATA_DIR: dataDir, ASA_LOG_LEVEL: 'silent', ASA_EXTRACT_THREADS: '1' }), {
    isTerminal: true,
  });

const get = (running: Running, path: string, key: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${running.port}${path}`, { headers: { authorization: `Bearer ${key}` } });
const pack = (folder: string, archive: string): Promise<unknown> => run('tar', ['-C', folder, '-czf', archive, '.']);
const unpack = (archive: string, folder: string): Promise<unknown> => run('tar', ['-C', folder, '-xzf', archive]);

/** A server with something in it, stopped. */
async function used(
  dataDir: string,
): Promise<{ id: string; credits: unknown; adminToken: string; live: string; test: string }> {
  const running = await boot(dataDir);
  const { liveKey: live, testKey } = running.firstStart ?? assert.fail('a first start');
  const asked = await get(running, '/api/v1/amazon/product?query=B0ASA00001', testKey);
  const { request_id: id } = (await asked.json()) as { request_id: string };
  const { credits } = (await (await get(running, '/api/v1/account', live)).json()) as { credits: unknown };
  await running.close();
  return { id, credits, adminToken: running.services.adminToken, live, test: testKey };
}

async function assertWhole(dataDir: string, kept: Awaited<ReturnType<typeof used>>): Promise<void> {
  const running = await boot(dataDir);
  try {
    assert.equal(running.firstStart, null, 'it is no first start');
    assert.equal(running.services.adminToken, kept.adminToken);
    const account = await get(running, '/api/v1/account', kept.live);
    assert.equal(account.status, 200);
    assert.deepEqual(((await account.json()) as { credits: unknown }).credits, kept.credits);
    assert.equal((await get(running, `/api/v1/requests/${kept.id}`, kept.test)).status, 200);
    assert.equal((await get(running, '/api/v1/amazon/product?query=B0ASA00002', kept.test)).status, 200);
  } finally {
    await running.close();
  }
}

test('a copy of the data folder at rest has the keys, the credits, the traces and the admin token', async () => {
  const original = temporaryDataFolder({ name: 'original' });
  const restored = temporaryDataFolder({ name: 'restored' });
  try {
    const kept = await used(original.dataDir);
    assert.ok(!existsSync(join(original.dataDir, 'postgres.location')), 'the database lies in the data folder');
    const archive = join(original.dataDir, '..', 'asa-backup.tgz');
    await pack(original.dataDir, archive);
    await mkdir(restored.dataDir);
    await unpack(archive, restored.dataDir);
    await assertWhole(restored.dataDir, kept);
  } finally {
    await original.remove();
    await restored.remove();
  }
});

const asRoot = process.getuid?.() === 0 ? false : 'only a server of root puts its database elsewhere';
test('a database that lies elsewhere is copied too, and put into the data folder', { skip: asRoot }, async () => {
  const original = temporaryDataFolder({ name: 'original', private: true });
  const restored = temporaryDataFolder({ name: 'restored' });
  try {
    const kept = await used(original.dataDir);
    const pointer = join(original.dataDir, 'postgres.location');
    const archives = ['data.tgz', 'database.tgz'].map((name) => join(original.dataDir, '..', name));
    const [data = '', database = ''] = archives;
    await pack(original.dataDir, data);
    await pack((await readFile(pointer, 'utf8')).trim(), database);
    await mkdir(restored.dataDir, { mode: 0o711 });
    await unpack(data, restored.dataDir);
    await unpack(database, restored.dataDir);
    await rm(join(restored.dataDir, 'postgres.location'));
    await assertWhole(restored.dataDir, kept);
  } finally {
    await original.remove();
    await restored.remove();
  }
});
