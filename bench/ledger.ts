/**
 * Durable ledger operations (holds and captures) a second on the embedded PostgreSQL with fsync on: one statement per request, which is
 * the plain way, beside the group commit that the service uses, in one run. Then the latency of a request that comes alone and of 64 at a
 * time, and whether the books are right afterwards.
 */
import { tmpdir } from 'node:os';
import { createAccounts, type Accounts } from '@asa/accounts';
import { openStore, type Store } from '@asa/store';
import { temporaryDataFolder } from '@asa/store/testing';
import { copyBalances, createPlainLedger, createPlainTables } from './ledger/plain.ts';

const SECONDS = Number(process.env['SECONDS'] ?? 6);
const CROWD = Number(process.env['CROWD'] ?? 1024);
const WORKSPACES = 1000;
const TURNS = 3;
const GOAL = { perSecond: 50_000, evenness: 0.9, p99Ms: 5 } as const;
const CREDITS = 5;

/** One way of keeping the books: what a request does to them. */
interface Way {
  readonly name: string;
  /** Holds and captures for one request; tells how long each took. */
  readonly request: (workspaceId: string, requestId: string, took: (ms: number) => void) => Promise<void>;
}

interface Speed {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

let made = 0;
const requestId = (): string => `req_${(++made).toString(16).padStart(12, '0')}`;

/** Callers that ask one after another, each as soon as it is answered. */
async function crowd(way: Way, workspaces: readonly string[], size: number, seconds: number): Promise<Speed> {
  const times: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  const caller = async (n: number): Promise<void> => {
    for (let turn = 0; performance.now() < end; turn += 1) {
      const workspaceId = workspaces[(n + size * turn) % workspaces.length] ?? '';
      await way.request(workspaceId, requestId(), (ms) => times.push(ms));
    }
  };
  await Promise.all(Array.from({ length: size }, (_, n) => caller(n)));
  const took = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { perSecond: times.length / took, p50: at(0.5), p99: at(0.99) };
}

/** Runs the measurements one after another, several times, and answers of each the median: what else the machine does hits all of them. */
async function inTurns(runs: readonly (() => Promise<Speed>)[]): Promise<[Speed, Speed, Speed, Speed]> {
  const found = runs.map((): Speed[] => []);
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [i, measure] of runs.entries()) found[i]?.push(await measure());
  }
  const median = (i: number): Speed => {
    const speeds = (found[i] ?? []).toSorted((a, b) => a.perSecond - b.perSecond);
    return speeds[speeds.length >> 1] ?? { perSecond: 0, p50: 0, p99: 0 };
  };
  return [median(0), median(1), median(2), median(3)];
}

function ways(store: Store, accounts: Accounts): { plain: Way; grouped: Way } {
  const plain = createPlainLedger(store);
  const timed = async <T>(took: (ms: number) => void, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    took(performance.now() - started);
    return result;
  };
  return {
    plain: {
      name: 'a row update per request',
      async request(workspaceId, id, took) {
        await timed(took, () => plain.hold(workspaceId, id, CREDITS));
        await timed(took, () => plain.capture(workspaceId, id, CREDITS));
      },
    },
    grouped: {
      name: 'group commit',
      async request(workspaceId, id, took) {
        const asked = { requestId: id, workspaceId, keyId: 'key_bench', credits: CREDITS };
        const outcome = await timed(took, () => accounts.ledger.hold(asked));
        if (outcome.status !== 'held') throw new Error(`a hold ended as ${outcome.status}`);
        await timed(took, () => accounts.ledger.capture(outcome.hold, CREDITS));
      },
    },
  };
}

const told = (name: string, { perSecond, p50, p99 }: Speed): void =>
  console.log(
    `  ${name.padEnd(26)} ${Math.round(perSecond).toLocaleString('en').padStart(8)} a second, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
  );
const judged = (good: boolean): string => (good ? 'reached' : 'MISSED');

/** Both ways must have kept the books; the grouped one its chain too. */
async function checkBooks(store: Store): Promise<void> {
  for (const [balances, entries] of [
    ['balances', 'ledger_entries'],
    ['plain_balances', 'plain_entries'],
  ]) {
    const wrong = await store.query(
      `SELECT 1 FROM ${balances} b JOIN (SELECT workspace_id, sum(amount) AS sum FROM ${entries} GROUP BY 1) e USING (workspace_id)
        WHERE b.allowance_left + b.topup_left <> e.sum OR b.held <> 0`,
    );
    if (wrong.length > 0) throw new Error(`${wrong.length} balances in ${balances} are not the sums of their entries`);
  }
  const gaps = await store.query(
    `SELECT 1 FROM balances b JOIN (SELECT workspace_id, count(*) AS n, max(seq) AS last FROM ledger_entries GROUP BY 1) e USING (workspace_id)
      WHERE b.seq <> e.n OR b.seq <> e.last`,
  );
  if (gaps.length > 0) throw new Error(`${gaps.length} chains have gaps`);
}

async function run(store: Store): Promise<void> {
  const accounts = createAccounts({ store });
  const make = async (): Promise<string> =>
    (await accounts.workspaces.create({ name: 'bench', plan: 'custom', credits: 1_000_000_000_000 })).id;
  const hot = [await make()];
  const many: string[] = [];
  while (many.length < WORKSPACES) many.push(...(await Promise.all(Array.from({ length: 8 }, make))));
  await createPlainTables(store);
  await copyBalances(store);
  const { plain, grouped } = ways(store, accounts);
  // Plans, caches, compiled code.
  for (const way of [plain, grouped]) await crowd(way, [...hot, ...many], 64, 1);

  const turn = SECONDS / TURNS;
  const [slow, fast, slowSpread, spread] = await inTurns([
    () => crowd(plain, hot, 64, turn),
    () => crowd(grouped, hot, CROWD, turn),
    () => crowd(plain, many, 64, turn),
    () => crowd(grouped, many, CROWD, turn),
  ]);
  console.log(`One hot workspace, ${CROWD} callers (the plain way 64, it is slower with more):`);
  told(plain.name, slow);
  told(grouped.name, fast);
  console.log(`  ${(fast.perSecond / slow.perSecond).toFixed(1)} times as many`);
  console.log(`${WORKSPACES.toLocaleString('en')} workspaces:`);
  told(plain.name, slowSpread);
  told(grouped.name, spread);

  const [slow64, fast64, slowAlone, fastAlone] = await inTurns([
    () => crowd(plain, hot, 64, turn),
    () => crowd(grouped, hot, 64, turn),
    () => crowd(plain, hot, 1, turn),
    () => crowd(grouped, hot, 1, turn),
  ]);
  console.log('One hot workspace, 64 callers:');
  told(plain.name, slow64);
  told(grouped.name, fast64);
  console.log('One caller alone:');
  told(plain.name, slowAlone);
  told(grouped.name, fastAlone);

  const evenness = fast.perSecond / spread.perSecond;
  console.log('Goals:');
  console.log(`  ${GOAL.perSecond} a second on a hot workspace: ${judged(fast.perSecond >= GOAL.perSecond)}`);
  console.log(`  hot / spread ${evenness.toFixed(2)}, at least ${GOAL.evenness}: ${judged(evenness >= GOAL.evenness)}`);
  console.log(
    `  p99 of 64 callers ${fast64.p99.toFixed(2)} ms, at most ${GOAL.p99Ms}: ${judged(fast64.p99 <= GOAL.p99Ms)}`,
  );
  const alone = fastAlone.p50 / slowAlone.p50;
  console.log(`  alone ${alone.toFixed(2)} of the plain way's time, at most 1: ${judged(alone <= 1)}`);
  await checkBooks(store);
  await accounts.close();
}

const { dataDir, remove } = temporaryDataFolder({ name: 'bench-ledger' });
const databaseUrl = process.env['DATABASE_URL'] ?? null;
const store = await openStore({ databaseUrl, dataDir: databaseUrl === null ? dataDir : tmpdir(), poolSize: 10 });
try {
  await run(store);
} finally {
  await store.close();
  await remove();
}
