import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { startEmbedded } from './embedded/embedded.ts';
import type { Embedded, Log } from './embedded/supervise.ts';
import { lockFolder } from './embedded/lock.ts';
import { stopLeftovers } from './embedded/orphan.ts';
import { readPointer } from './embedded/place.ts';
import { signal } from './embedded/processes.ts';
import { codeOf, StoreError } from './errors.ts';
import { openStore } from './open.ts';
import type { Store } from './open.ts';

export type TestStore = { store: Store; close: () => Promise<void> };

const PREFIX = 'asa-test-';
const TEMPLATE = 'asa_template';
const YOUNG_MS = 60_000;

let server: Promise<Embedded> | undefined;
let count = 0;

/**
 * A store on a fresh, migrated database. All test stores of a process share one real PostgreSQL in a temporary folder (about a second for
 * the first, some 30 ms for each further one), which goes with the process. Durability is off: a test never loses the machine.
 * @param options.poolSize connections, at most; the server has 200 for all test stores of the process together.
 */
export async function startTestStore(options: { poolSize?: number; log?: Log } = {}): Promise<TestStore> {
  const embedded = await (server ??= startServer());
  const name = `test_${++count}`;
  await onServer(embedded, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  const store = await openStore({ dataDir: tmpdir(), ...options, databaseUrl: embedded.url(name) });
  const close = async (): Promise<void> => {
    await store.close();
    await onServer(embedded, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
  return { store, close };
}

async function startServer(): Promise<Embedded> {
  await sweep();
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(dataDir, 0o711); // As root, others run the server: they may pass.
  const embedded = await startEmbedded({ dataDir, log: () => {}, durable: false });
  const remove = (): void => {
    for (const folder of [dataDir, dirname(embedded.cluster)]) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
    }
  };
  // The loop is empty: nobody uses the server any more, and there is time to stop it well.
  process.once('beforeExit', () => {
    void embedded.stop().then(remove);
  });
  process.once('exit', () => {
    const pid = embedded.pid();
    if (pid !== undefined) signal(pid, 'SIGQUIT');
    remove();
  });
  await onServer(embedded, `CREATE DATABASE ${TEMPLATE}`);
  await (await openStore({ databaseUrl: embedded.url(TEMPLATE), dataDir })).close();
  return embedded;
}

async function onServer(embedded: Embedded, sql: string): Promise<void> {
  const client = new Client({ connectionString: embedded.url('postgres') });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** Removes what test processes that were killed left behind. */
async function sweep(): Promise<void> {
  for (const name of (await readdir(tmpdir())).filter((entry) => entry.startsWith(PREFIX))) {
    const dataDir = join(tmpdir(), name);
    try {
      if (Date.now() - (await stat(dataDir)).mtimeMs < YOUNG_MS) continue;
      const lock = await lockFolder(dataDir, 0);
      for (const folder of [(await readPointer(dataDir)) ?? dataDir, dataDir]) {
        await stopLeftovers(join(folder, 'postgres'));
        await rm(folder, { recursive: true, force: true });
      }
      lock.release();
    } catch (error) {
      // In use, another user's, or gone meanwhile.
      if (!(error instanceof StoreError) && !['ENOENT', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
    }
  }
}
