/**
 * Requests a second of one hot workspace with budgets (of the workspace and of its key), reserved one call at a time, which is the plain way,
 * and in groups, in one run; beside them the same requests of a workspace without budgets. A request reserves, is held, captured and settled.
 */
import { tmpdir } from 'node:os';
import { createAccounts, type Accounts } from '@asa/accounts';
import { openStore, type Store } from '@asa/store';
import { temporaryDataFolder } from '@asa/store/testing';

const SECONDS = Number(process.env['SECONDS'] ?? 4);
const CROWDS = [1, 64, 512];
const CREDITS = 5;
const PLENTY = 100_000_000_000;
const WAYS = ['without budgets', 'one call a request', 'groups'] as const;

let made = 0;
const requestId = (): string => `req_${(++made).toString(16).padStart(12, '0')}`;

type Reserve = (requestId: string) => Promise<void>;

async function workspace(store: Store, accounts: Accounts, way: (typeof WAYS)[number]) {
  const { id } = await accounts.workspaces.create({ name: 'bench', plan: 'custom', credits: PLENTY });
  const { id: line, short_prefix: shortPrefix } = await accounts.keys.create(id, { name: 'bench', mode: 'live' });
  const budgeted = way !== 'without budgets';
  if (budgeted) {
    await accounts.workspaces.patch(id, { budgets: { day: PLENTY, month: PLENTY } });
    await accounts.keys.patch(line, { budgets: { day: PLENTY } });
  }
  const payer = { workspaceId: id, line, shortPrefix, budgeted };
  const plain = { name: 'bench_reserve', text: 'SELECT * FROM asa_budget_reserve($1, $2, $3, $4, $5, $6)' };
  const reserve: Reserve = async (request) => {
    if (way === 'one call a request')
      await store.pool.query({ ...plain, values: [id, line, request, CREDITS, CREDITS, new Date()] });
    else await accounts.budgets.reserve(payer, request, CREDITS);
  };
  return { id, line, budgeted, reserve };
}

async function crowd(
  accounts: Accounts,
  { id: workspaceId, line: keyId, budgeted, reserve }: Awaited<ReturnType<typeof workspace>>,
  size: number,
): Promise<{ perSecond: number; p99: number }> {
  const times: number[] = [];
  const started = performance.now();
  const caller = async (): Promise<void> => {
    while (performance.now() < started + SECONDS * 1000) {
      const request = requestId();
      const began = performance.now();
      await reserve(request);
      const outcome = await accounts.ledger.hold({ requestId: request, workspaceId, keyId, credits: CREDITS });
      times.push(performance.now() - began);
      if (outcome.status !== 'held') throw new Error(`a hold ended as ${outcome.status}`);
      await accounts.ledger.capture(outcome.hold, CREDITS);
      if (budgeted) accounts.budgets.settle(workspaceId, request, CREDITS);
    }
  };
  await Promise.all(Array.from({ length: size }, caller));
  const perSecond = (times.length * 1000) / (performance.now() - started);
  return { perSecond, p99: times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0 };
}

async function run(store: Store): Promise<void> {
  const accounts = createAccounts({ store });
  const all = await Promise.all(WAYS.map((way) => workspace(store, accounts, way)));
  for (const size of CROWDS) {
    console.log(`${size} at a time:`);
    for (const [i, one] of all.entries()) {
      const { perSecond, p99 } = await crowd(accounts, one, size);
      const name = (WAYS[i] ?? '').padEnd(20);
      console.log(
        `  ${name} ${Math.round(perSecond).toLocaleString('en').padStart(7)} requests a second, p99 of reserve and hold ${p99.toFixed(1)} ms`,
      );
    }
  }
  await accounts.close();
  const wrong = await store.query(
    `SELECT FROM budgets b JOIN budget_counters c USING (owner_id, period)
       LEFT JOIN (SELECT workspace_id, -sum(amount) AS paid FROM ledger_entries WHERE kind = 'capture' GROUP BY 1) l USING (workspace_id)
      WHERE c.reserved <> 0 OR c.spent <> l.paid`,
  );
  if (wrong.length > 0) throw new Error(`${wrong.length} budgets are not what the ledger says`);
}

const { dataDir, remove } = temporaryDataFolder({ name: 'bench-budgets' });
const databaseUrl = process.env['DATABASE_URL'] ?? null;
const store = await openStore({ databaseUrl, dataDir: databaseUrl === null ? dataDir : tmpdir(), poolSize: 10 });
try {
  await run(store);
} finally {
  await store.close();
  await remove();
}
