import { CREDITS_PER_UNIT } from '@asa/contract';
import type { Store, Tx } from '@asa/store';

/** What a workspace was charged in the month of `at`, up to entry number `seq` of its chain. */
export interface Counted {
  readonly workspaceId: string;
  /** Milliseconds. */
  readonly at: number;
  readonly seq: number;
  readonly paid: readonly PaidRow[];
}

interface PaidRow {
  readonly line: string;
  /** As PostgreSQL writes dates. */
  readonly day: string;
  readonly credits: number;
}

/** Entries that are read by one statement: far from what a statement has time for. */
const ENTRIES_AT_ONCE = 50_000;
/** Clocks of nodes differ: entries are in the order of their numbers, and only nearly in that of their times. */
const SLACK_MS = 3_600_000;

/** Adds up the charges of this month, without a lock: it may take as long as it takes, and nobody waits for it. */
export async function countPaid(
  store: Pick<Store, 'query'>,
  workspaceId: string,
  at: number,
  entriesAtOnce = ENTRIES_AT_ONCE,
): Promise<Counted> {
  const time = new Date(at);
  const month = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), 1);
  const [balance] = await store.query<{ seq: number }>('SELECT seq FROM balances WHERE workspace_id = $1', [
    workspaceId,
  ]);
  const seq = balance?.seq ?? 0;
  const paid: PaidRow[] = [];
  for (let upto = seq; upto > 0; upto -= entriesAtOnce) {
    const [last] = await store.query<{ created_at: Date }>(
      'SELECT created_at FROM ledger_entries WHERE workspace_id = $1 AND seq = $2',
      [workspaceId, upto],
    );
    if (last !== undefined && last.created_at.getTime() < month - SLACK_MS) break;
    const rows = await store.query<PaidRow>(
      'SELECT line, day::text AS day, credits FROM asa_budget_paid($1, $2, $3, $4)',
      [workspaceId, upto - entriesAtOnce, upto, new Date(month)],
    );
    paid.push(...rows);
  }
  return { workspaceId, at, seq, paid };
}

/** Counts the budgets of the workspace anew: what was counted before, what came since, and what is in flight. */
export async function recount(tx: Pick<Store, 'query'> | Tx, { workspaceId, at, seq, paid }: Counted): Promise<void> {
  await tx.query('SELECT asa_budget_recount($1, $2, $3, $4, $5::text[], $6::date[], $7::bigint[])', [
    workspaceId,
    CREDITS_PER_UNIT,
    new Date(at),
    seq,
    paid.map((row) => row.line),
    paid.map((row) => row.day),
    paid.map((row) => row.credits),
  ]);
}
