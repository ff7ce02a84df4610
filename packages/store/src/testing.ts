import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { startEmbedded } from './embedded/embedded.ts';
import { signal } from './embedded/processes.ts';
import type { Embedded, Log } from './embedded/supervise.ts';
import { openStore } from './open.ts';
import type { Store } from './open.ts';
import { findSeed, keepSeed } from './testing/seed.ts';
import { PREFIX, sweep } from './testing/sweep.ts';

export { eventually } from './testing/eventually.ts';
export { temporaryDataFolder } from './testing/folder.ts';
export type { DataFolder } from './testing/folder.ts';

export type TestStore = { store: Store; close: () => Promise<void> };

const TEMPLATE = 'asa_template';

let server: Promise<Embedded> | undefined;
let count = 0;

/**
 * A store on a fresh, migrated database. All test stores of a process share one real PostgreSQL in a temporary folder (about a second for
 * the first, some 100 ms for each further one), which goes with the process. Durability is off: a test never loses the machine.
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
  const seed = await findSeed();
  const embedded = await launch(seed.found);
  if (seed.found) return embedded;
  await onServer(embedded, `CREATE DATABASE ${TEMPLATE}`);
  await (await openStore({ databaseUrl: embedded.url(TEMPLATE), dataDir: tmpdir() })).close();
  if (!seed.path) return embedded;
  // Kept for the test processes to come; it must be at rest while it is copied.
  await embedded.stop();
  await keepSeed(embedded.cluster, seed.path);
  return await launch(seed.path);
}

/** Starts a PostgreSQL that is gone, with its data, when the process is. */
async function launch(seed: string | null): Promise<Embedded> {
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(dataDir, 0o711); // As root, others run the server: they may pass.
  const embedded = await startEmbedded({ dataDir, log: () => {}, durable: false, seed });
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
  return embedded;
}

async function onServer(embedded: Embedded, sql: string): Promise<void> {
  const client = new Client({ connectionString: embedded.url('postgres') });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
