import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOrigin } from '@asa/origin';
import { temporaryDataFolder } from '@asa/store/testing';
import { startProgram, type Program } from '../process.ts';
import { compareAccounts, type Figures } from './compare.ts';
import { createLoad, type Customer } from './load.ts';
import { createAdmin, type Admin } from './admin.ts';

/**
 * The proof of the billing: the program as `npm start` runs it, under load against the built-in origin, is killed (-9) at random moments,
 * now and then together with its PostgreSQL, and started again. Then three independent accounts are compared: what the callers saw, what
 * the origin served, what the ledger says.
 */
export interface Plan {
  readonly kills: number;
  /** Of the pseudo-random moments and requests. */
  readonly seed: number;
  readonly log: (line: string) => void;
}

const CUSTOMERS = 3;
const CALLERS_EACH = 8;
const OPENING = 1_000_000;
const TOP_UP = 100;
/** A server answers up to so many requests (as many as chance says), and lives up to so much longer, before it is killed. */
const ANSWERS = 60;
const MORE_MS = 300;
/** After the page, at most. */
const AIMED_MS = 40;
/** Every so many kills PostgreSQL is killed too. */
const WITH_DATABASE = 4;

export async function prove({ kills, seed, log }: Plan): Promise<Figures> {
  const random = mulberry(seed);
  const served: string[] = [];
  const origin = await startOrigin({ log: (line) => served.push(line) });
  const { dataDir, remove } = temporaryDataFolder({ name: 'prove' });
  let program: Program | null = null;
  const run = async (): Promise<Program> =>
    (program = await startProgram(dataDir, { ASA_ORIGIN_URL: origin.urlTemplate, ASA_LOG_LEVEL: 'warn' }));
  try {
    let running = await run();
    const customers = await makeCustomers(createAdmin(running.url, dataDir));
    const load = createLoad(customers, CALLERS_EACH, random);
    const cut: number[] = [];
    for (let kill = 1; kill <= kills; kill += 1) {
      load.start(running.url);
      await load.answered(Math.floor(random() * ANSWERS));
      // Every other time just after a page was served: answers are on their way then.
      if (kill % 2 === 0) await nextOf(served, random() * AIMED_MS);
      else await sleep(random() * MORE_MS);
      const exit = once(running.child, 'exit');
      cut.push(load.inFlight.size);
      running.child.kill('SIGKILL');
      const withDatabase = kill % WITH_DATABASE === 0;
      if (withDatabase) await killDatabase(dataDir);
      await exit;
      await load.pause();
      running = await run();
      const admin = createAdmin(running.url, dataDir);
      await recovered(admin, customers, `after kill ${kill}`);
      // Asked for twice, as somebody does who got no answer.
      for (const { workspace } of customers) {
        for (let turn = 0; turn < 2; turn += 1) await admin.topUp(workspace, TOP_UP, `after-${kill}`);
      }
      log(
        `kill ${kill}${withDatabase ? ' with PostgreSQL' : ''}: ${cut.at(-1)} requests were in flight, ${load.calls.length} sent so far`,
      );
    }
    load.start(running.url);
    await load.answered(ANSWERS);
    await load.end();
    const admin = createAdmin(running.url, dataDir);
    await recovered(admin, customers, 'at the end');
    const figures = await compareAccounts({
      admin,
      customers,
      calls: load.calls,
      served,
      cut,
      toppedUp: TOP_UP * kills,
    });
    assert.equal(await running.stop('SIGTERM'), 0);
    return figures;
  } finally {
    await (program as Program | null)?.stop('SIGKILL');
    await origin.close();
    await remove();
  }
}

async function makeCustomers(admin: Admin): Promise<Customer[]> {
  const limits = { rps: 100_000, burst_rps: 200_000, concurrency: 1000 };
  return Promise.all(
    Array.from({ length: CUSTOMERS }, async () => {
      const { id } = await admin.post('/workspaces', { name: 'customer', plan: 'custom', credits: OPENING, limits });
      const { key } = await admin.post(`/workspaces/${String(id)}/keys`, { name: 'k', mode: 'live' });
      return { workspace: String(id), key: String(key), opening: OPENING };
    }),
  );
}

/** Waits for the origin to serve a page (not for ever), and a moment more. */
async function nextOf(served: readonly string[], moreMs: number): Promise<void> {
  const seen = served.length;
  for (let tries = 0; tries < 1000 && served.length === seen; tries += 1) await sleep(2);
  await sleep(moreMs);
}

/** No hold is left, and nobody's answer is on its way. */
async function recovered(admin: Admin, customers: readonly Customer[], when: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const report = await admin.report();
    const held = await Promise.all(customers.map(async ({ workspace }) => (await admin.credits(workspace)).held));
    const open = held.reduce((sum, credits) => sum + credits, 0);
    if (open === 0 && report.holds_of_dead_processes === 0 && report.answers_on_their_way === 0) return;
    assert.ok(tries < 300, `${when} ${open} credits are held, ${report.answers_on_their_way} answers are on their way`);
    await sleep(100);
  }
}

async function killDatabase(dataDir: string): Promise<void> {
  const place = await readFile(join(dataDir, 'postgres.location'), 'utf8').catch(() => dataDir);
  const pid = Number((await readFile(join(place.trim(), 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  assert.ok(pid > 1);
  process.kill(pid, 'SIGKILL');
}

/** A small generator that is the same everywhere (mulberry32). */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
