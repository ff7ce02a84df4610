import { limitsOf, TOP_UP, type AutoTopUp, type KeyLimits, type PlanName, type Workspace } from '@asa/contract';
import type { Store, Tx } from '@asa/store';
import {
  creditsOf,
  firstBalance,
  monthlyAllowance,
  upgradeEntries,
  withEntries,
  type NewEntry,
} from '../ledger/balance.ts';
import { GENESIS } from '../ledger/chain.ts';
import { budgetsOf } from '../keys/rows.ts';
import { writeEntries } from '../ledger/open-balance.ts';

/** A workspace as its row and its balance say. */
export interface WorkspaceRow {
  id: string;
  name: string;
  plan: PlanName;
  allowance_credits: number | null;
  rps: number | null;
  burst_rps: number | null;
  concurrency: number | null;
  auto_top_up: AutoTopUp;
  created_at: Date;
  allowance_left: number;
  topup_left: number;
  held: number;
  resets_at: Date;
  day: number | null;
  month: number | null;
}

/** Everything a workspace is; to be followed by a condition on `w`. */
export const SELECT_WORKSPACE = `
  SELECT w.id, w.name, w.plan, w.allowance_credits, w.rps, w.burst_rps, w.concurrency, w.auto_top_up, w.created_at,
         b.allowance_left, b.topup_left, b.held, b.resets_at,
         (SELECT credits FROM budgets WHERE owner_id = w.id AND period = 'day') AS day,
         (SELECT credits FROM budgets WHERE owner_id = w.id AND period = 'month') AS month
    FROM workspaces w JOIN balances b ON b.workspace_id = w.id`;

export async function findWorkspace(store: Pick<Store, 'query'> | Tx, id: string): Promise<WorkspaceRow | undefined> {
  const [row] = await store.query<WorkspaceRow>(`${SELECT_WORKSPACE} WHERE w.id = $1`, [id]);
  return row;
}

export const limitsOfRow = (row: Pick<WorkspaceRow, 'plan' | 'rps' | 'burst_rps' | 'concurrency'>): KeyLimits =>
  limitsOf(row.plan, {
    rps: row.rps ?? undefined,
    burst_rps: row.burst_rps ?? undefined,
    concurrency: row.concurrency ?? undefined,
  });

export const toWorkspace = (row: WorkspaceRow): Workspace => ({
  id: row.id,
  name: row.name,
  plan: row.plan,
  credits: creditsOf({ pots: { allowance: row.allowance_left, topup: row.topup_left }, held: row.held }),
  limits: limitsOfRow(row),
  auto_top_up: row.auto_top_up,
  budgets: budgetsOf(row),
  created_at: row.created_at.toISOString(),
});

/** Auto-top-up is off until it is switched on. */
const NO_AUTO_TOP_UP: AutoTopUp = { enabled: false, threshold: 0, pack: TOP_UP.credits, monthly_cap: 0 };

export interface NewWorkspace {
  readonly name: string;
  readonly plan: PlanName;
  /** Opening top-up, in credits. */
  readonly credits?: number | undefined;
  readonly limits?: { readonly [K in keyof KeyLimits]?: KeyLimits[K] | undefined } | undefined;
  /** Credits a month, for a plan that leaves the allowance open; 0 unless given. */
  readonly allowance?: number | undefined;
}

/** Writes a workspace with its balance and its first entries. */
export async function insertWorkspace(tx: Tx, id: string, made: NewWorkspace, at: number): Promise<void> {
  const { name, plan, credits = 0, limits = {}, allowance } = made;
  await tx.query(
    `INSERT INTO workspaces (id, name, plan, allowance_credits, rps, burst_rps, concurrency, auto_top_up, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      id,
      name,
      plan,
      allowance ?? null,
      limits.rps ?? null,
      limits.burst_rps ?? null,
      limits.concurrency ?? null,
      NO_AUTO_TOP_UP,
      new Date(at),
    ],
  );
  const empty = firstBalance(at);
  const opening: NewEntry = { kind: 'topup', allowance: 0, topup: credits, period: 0, reason: 'opening top-up' };
  const entries = [
    ...upgradeEntries(empty, monthlyAllowance(plan, allowance ?? null), 'allowance of the first month'),
    ...(credits > 0 ? [opening] : []),
  ];
  const { pots, held, period, granted, resetsAt } = withEntries(empty, entries);
  await tx.query(
    `INSERT INTO balances (workspace_id, allowance_left, topup_left, held, period, period_granted, resets_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, pots.allowance, pots.topup, held, period, granted, new Date(resetsAt)],
  );
  const { end } = await writeEntries(tx, id, { seq: 0, hash: GENESIS }, entries, at);
  await tx.query(`UPDATE balances SET seq = $2, hash = decode($3, 'hex') WHERE workspace_id = $1`, [
    id,
    end.seq,
    end.hash,
  ]);
}
