import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { BatchAnswer, LedgerEntry } from '@asa/contract';
import { temporaryDataFolder } from '@asa/store/testing';
import { batchCalls } from './batches.ts';
import { eventually, startPages } from './harness.ts';
import { playMarketplace } from './pages.ts';
import { startProgram, type Program } from './process.ts';

/**
 * The whole program is killed again and again while a batch runs, every second time together with its PostgreSQL. By hand more often:
 * `ASA_TEST_KILLS=20 ASA_TEST_ITEMS=500 npx node --test packages/gateway/test/batch-crash.test.ts`.
 */
const KILLS = Number(process.env['ASA_TEST_KILLS'] ?? 4);
const ITEMS = Number(process.env['ASA_TEST_ITEMS'] ?? 100);
const PAGE_MS = 40;

let dataDir: string;
let remove: () => Promise<void>;
let pages: Awaited<ReturnType<typeof startPages>>;
let receiver: Awaited<ReturnType<typeof startPages>>;
/** What the webhook was told: the id of the event, and the counts in its body. */
const told: { id: string; event: string; processed: number }[] = [];
let program: Program | null = null;

before(async () => {
  ({ dataDir, remove } = temporaryDataFolder({ name: 'batch-crash' }));
  pages = await startPages((request, response) => setTimeout(() => playMarketplace(request, response), PAGE_MS));
  receiver = await startPages((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { processed_count: processed } = JSON.parse(Buffer.concat(chunks).toString()) as BatchAnswer;
      const { 'webhook-id': id, 'x-asa-event': event } = request.headers;
      told.push({ id: String(id), event: String(event), processed });
      response.end();
    });
  });
});
after(async () => {
  await program?.stop('SIGKILL');
  await pages.close();
  await receiver.close();
  await remove();
});

const start = async (): Promise<Program> =>
  (program = await startProgram(dataDir, {
    ASA_ORIGIN_URL: pages.template,
    ASA_LOG_LEVEL: 'warn',
    ASA_WEBHOOK_ALLOW_PRIVATE: 'true',
  }));

/** The process id of the database that the program started. */
async function postmaster(): Promise<number | null> {
  const pointer = join(dataDir, 'postgres.location');
  const place = existsSync(pointer) ? (await readFile(pointer, 'utf8')).trim() : dataDir;
  for (const file of [
    join(place, 'data', 'postmaster.pid'),
    join(place, 'postmaster.pid'),
    join(place, 'postgres', 'postmaster.pid'),
  ])
    if (existsSync(file)) return Number((await readFile(file, 'utf8')).split('\n')[0]);
  return null;
}

test(`kill -9 of the server ${KILLS} times during a batch of ${ITEMS}: one result and at most one capture for each item`, async () => {
  const first = await start();
  const { live: key } = await first.keys();
  const asins = Array.from({ length: ITEMS }, (_, i) =>
    i % 20 === 7 ? 'GONE000404' : i % 20 === 13 ? 'B0000TWICE' : `B${String(i).padStart(9, '0')}`,
  );
  const made = await batchCalls({ url: first.url, liveKey: key }).post({
    endpoint: 'amazon.product',
    items: asins.map((query) => ({ query })),
    webhook_url: receiver.template.replace('{domain}', 'hook'),
  });
  const { id } = (await made.json()) as { id: string };
  const seen = new Map<number, string>();
  let killedDatabases = 0;
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const running = program ?? (await start());
    const calls = batchCalls({ url: running.url, liveKey: key });
    // Somewhere in this part of the batch, and then at any moment.
    const from = Math.floor(((kill - 1 + Math.random()) * ITEMS) / (KILLS + 1));
    for (;;) {
      const { processed_count: done } = await calls.get(id, { results: false });
      if (done >= from) break;
      await new Promise((again) => setTimeout(again, 5));
    }
    note(await calls.get(id), seen);
    await new Promise((moment) => setTimeout(moment, Math.random() * 80));
    const database = kill % 2 === 0 ? await postmaster() : null;
    running.child.kill('SIGKILL');
    if (database !== null) {
      process.kill(database, 'SIGKILL');
      killedDatabases += 1;
    }
    await running.stop('SIGKILL');
    program = null;
  }
  assert.equal(killedDatabases, Math.floor(KILLS / 2), 'the database was killed, too');

  const last = await start();
  const batch = await batchCalls({ url: last.url, liveKey: key }).ended(id);
  note(batch, seen);
  const results = batch.results ?? [];
  assert.equal(batch.status, 'complete');
  assert.deepEqual(
    results.map(({ index, input }) => [index, input['query']]),
    asins.map((asin, index) => [index, asin]),
    'each item has exactly one result',
  );
  const succeeded = results.filter((result) => result.status === 'ok');
  const failed = results.filter((result) => result.error === 'product_not_found');
  assert.equal(succeeded.length + failed.length, ITEMS);
  assert.equal(failed.length, asins.filter((asin) => asin === 'GONE000404').length);
  assert.deepEqual(
    [batch.processed_count, batch.success_count, batch.failure_count, batch.credits_charged],
    [ITEMS, succeeded.length, failed.length, 5 * succeeded.length],
  );
  assert.equal(new Set(results.map((result) => result.request_id)).size, ITEMS);

  // The ledger: one capture under the id of each success, none beside them, and nothing left held.
  const { entries, balance } = await ledger(last);
  const captures = entries.filter((entry) => entry.kind === 'capture').map((entry) => String(entry.request_id));
  assert.deepEqual(captures.toSorted(), succeeded.map((result) => result.request_id).toSorted());
  assert.equal(balance, 410_000 - 5 * succeeded.length);
  assert.equal(
    entries.reduce((sum, entry) => sum + entry.amount, 0),
    balance,
  );
  assert.ok(!entries.some((entry) => entry.kind === 'adjust'), 'nothing had to be given back');

  for (const result of results) {
    const answer = await ask(last, `/admin/v1/requests/${result.request_id}`, await adminToken());
    const trace = (await answer.json()) as { status: number; credits: number };
    assert.deepEqual(
      [trace.status, trace.credits],
      [result.http_status, result.credits_charged],
      `trace of item ${result.index}`,
    );
  }
  // The last kill may have met a process that was sending it: that one is given up after a minute.
  await eventually('the webhook is told', () => told.length > 0, { tries: 900, everyMs: 100 });
  assert.equal(new Set(told.map((event) => event.id)).size, 1, 'however often: it is one event');
  for (const { event, processed } of told) assert.deepEqual([event, processed], ['batch.completed', ITEMS]);
  assert.equal(await last.stop('SIGTERM'), 0);
});

/** A result that was ever seen stays. */
function note(batch: BatchAnswer, seen: Map<number, string>): void {
  for (const { index, request_id } of batch.results ?? []) {
    assert.equal(seen.get(index) ?? request_id, request_id, `the result of item ${index} changed`);
    seen.set(index, request_id);
  }
}

/** Asks again while the key is over its rate. */
async function ask(running: Program, path: string, key: string): Promise<Response> {
  for (;;) {
    const response = await fetch(`${running.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
    if (response.status !== 429) return response;
    await response.text();
    await new Promise((again) => setTimeout(again, 50));
  }
}

const adminToken = async (): Promise<string> => (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim();

async function ledger(running: Program): Promise<{ entries: LedgerEntry[]; balance: number }> {
  const token = await adminToken();
  const read = async <T>(path: string): Promise<T> =>
    (await (await ask(running, `/admin/v1${path}`, token)).json()) as T;
  const { workspaces } = await read<{ workspaces: { id: string }[] }>('/workspaces');
  const entries: LedgerEntry[] = [];
  let cursor: string | null = null;
  let balance = 0;
  do {
    const page: { entries: LedgerEntry[]; balance: number; next_cursor: string | null } = await read(
      `/workspaces/${workspaces[0]?.id}/ledger?limit=100${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    entries.push(...page.entries);
    ({ balance, next_cursor: cursor } = page);
  } while (cursor !== null);
  return { entries, balance };
}
