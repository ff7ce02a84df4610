import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openStore } from '@asa/store';
import { assertError, eventually, startPages, startServer, type TestServer } from './harness.ts';
import { playMarketplace } from './pages.ts';

/** What goes wrong beside the pages: answers that cannot be written, traces and tickets that fail, a stalled database, a cut shutdown. */

let pages: Awaited<ReturnType<typeof startPages>>;
let server: TestServer;
before(async () => {
  pages = await startPages(playMarketplace);
  server = await startServer({
    ASA_ORIGIN_URL: pages.template,
    ASA_MAX_ATTEMPTS: '1',
    ASA_UPSTREAM_TIMEOUT_MS: '60000',
    ASA_ATTEMPT_TIMEOUT_MS: '60000',
  });
});
after(async () => {
  await server.close();
  await pages.close();
});

const balance = async (id: string): Promise<unknown> =>
  (await server.admin('GET', `/workspaces/${id}`)).body['credits'];
const full = { allowance_left: 0, topup_left: 100, held: 0, total: 100 };
const charged = { allowance_left: 0, topup_left: 95, held: 0, total: 95 };

/** Replaces one method while the work runs. */
async function whileBroken<T extends object, K extends keyof T>(
  owner: T,
  key: K,
  broken: T[K],
  work: () => Promise<void>,
): Promise<void> {
  const real = owner[key];
  owner[key] = broken;
  try {
    await work();
  } finally {
    owner[key] = real;
  }
}

test('an answer that cannot be written is not charged', async () => {
  const { id, key } = await server.workspace({ plan: 'custom', credits: 100 });
  const { pool } = server.running.services.scrape;
  const { read } = pool;
  // JSON has no form for a bigint: the writing fails.
  const unwritable: typeof read = async (task, signal) => {
    const result = await read.call(pool, task, signal);
    if (result.reading?.verdict === 'product') Object.assign(result.reading.product, { price: 1n });
    return result;
  };
  await whileBroken(pool, 'read', unwritable, async () => {
    await assertError(
      await server.get('/api/v1/amazon/product?query=B000000001', key),
      'internal_error',
      server.running.url,
    );
  });
  assert.deepEqual(await balance(id), full);
});

test('a trace that fails changes no answer', async () => {
  const { id, key } = await server.workspace({ plan: 'custom', credits: 100 });
  const throws = (): never => {
    throw new Error('no trace');
  };
  await whileBroken(server.running.services.traces, 'write', throws, async () => {
    assert.equal((await server.get('/api/v1/amazon/product?query=B000000001', key)).status, 200);
  });
  assert.deepEqual(await balance(id), charged);
});

test('a ticket that fails or hangs changes no answer, and the hold is free before it', async () => {
  const { id, key } = await server.workspace({ plan: 'custom', credits: 100 });
  const { tickets } = server.running.services.traces;
  await whileBroken(
    tickets,
    'file',
    () => Promise.reject(new Error('no ticket')),
    async () => {
      await assertError(
        await server.get('/api/v1/amazon/product?query=UNREADABLE', key),
        'extraction_failed',
        server.running.url,
      );
    },
  );
  let filing = false;
  const hangs = (): Promise<void> => {
    filing = true;
    return new Promise(() => {});
  };
  await whileBroken(tickets, 'file', hangs, async () => {
    const asked = server.get('/api/v1/amazon/product?query=UNREADABLE', key);
    await eventually('the ticket is being filed', () => filing);
    assert.deepEqual(await balance(id), full);
    await assertError(await asked, 'extraction_failed', server.running.url);
  });
});

test('a shutdown that cuts requests short leaves no hold and keeps their traces', async () => {
  const data = await startServer(
    { ASA_ORIGIN_URL: pages.template, ASA_UPSTREAM_TIMEOUT_MS: '60000', ASA_ATTEMPT_TIMEOUT_MS: '60000' },
    { drainMs: 100 },
  );
  // A second view of the same database, which outlives the server's own.
  const { databaseUrl } = data.running.services.store;
  const hanging = Array.from({ length: 20 }, () =>
    data.get('/api/v1/amazon/product?query=HANGSFORVR').catch(() => null),
  );
  await eventually('all are in flight', () => data.running.services.shedding.inFlight() === 20);
  const view = await openStore({ databaseUrl, dataDir: data.running.dataDir });
  // The embedded database ends with the server: what it held is read at the last moment before.
  const { store } = data.running.services;
  let seen: { holds: number; traces: number } | null = null;
  await whileBroken(
    store,
    'close',
    async () => {
      const [row] = await view.query<{ holds: number; traces: number }>(
        'SELECT (SELECT count(*) FROM holds) AS holds, (SELECT count(*) FROM traces WHERE status = 499) AS traces',
      );
      seen = row ?? null;
      await view.close();
    },
    () => data.running.close(),
  );
  await Promise.all(hanging);
  assert.deepEqual(seen, { holds: 0, traces: 20 });
  await store.close();
  await data.close();
});

test('a database that stalls is capacity within its time, never a request without an end', async () => {
  const { id, key } = await server.workspace({ plan: 'custom', credits: 100 });
  await server.get('/api/v1/account', key);
  // The backend processes of the pool's connections are stopped, as if the machine of the database had frozen.
  const rows = await server.running.services.store.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'asa' AND pid <> pg_backend_pid()",
  );
  const [own] = await server.running.services.store.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const pids = [...rows.map((row) => row.pid), own?.pid ?? 0].filter((pid) => isPostgres(pid));
  assert.ok(pids.length > 0);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    await assertError(await server.get('/api/v1/amazon/product?query=B000000001', key), 'capacity', server.running.url);
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
  await eventually('the books are right again', async () => JSON.stringify(await balance(id)) === JSON.stringify(full));
});

/** A guard before a signal is sent to a number. */
const isPostgres = (pid: number): boolean =>
  readdirSync('/proc').includes(String(pid)) && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres');
