import type { BudgetPeriod, BudgetsChange, BudgetState } from '@asa/contract';
import type { Store, Tx } from '@asa/store';
import { nextPeriod } from '../calendar.ts';
import type { Context } from '../types.ts';
import { countPaid, recount, type Counted } from './count.ts';

/** Budgets as they are agreed, and how they stand. */
export interface BudgetTerms {
  /** Before `set`, outside of its transaction: adds up what was spent so far, which may take long. */
  count: (workspaceId: string) => Promise<Counted>;
  /** Sets budgets of a workspace or of a line of keys, in a transaction of the caller's, and counts what was spent of them so far. */
  set: (tx: Tx, counted: Counted, ownerId: string, change: BudgetsChange) => Promise<void>;
  /** The budgets of a workspace and of its active keys. */
  read: (workspaceId: string) => Promise<BudgetState[]>;
}

/**
 * Other processes know keys, and whether they have a budget, for up to 10 s: what they let through uncounted in that time is counted
 * once it is over.
 */
const RECOUNT_AFTER_MS = 15_000;

export function createBudgetTerms(store: Store, { now }: Pick<Context, 'now'>): BudgetTerms {
  return {
    count: (workspaceId) => countPaid(store, workspaceId, now()),

    async set(tx, counted, ownerId, change) {
      const { workspaceId } = counted;
      const at = now();
      await tx.query('SELECT asa_budget_lock($1)', [workspaceId]);
      for (const [period, credits] of Object.entries(change)) {
        if (credits === undefined) continue;
        if (credits === null) {
          await tx.query('DELETE FROM budgets WHERE owner_id = $1 AND period = $2', [ownerId, period]);
          await tx.query('DELETE FROM budget_counters WHERE owner_id = $1 AND period = $2', [ownerId, period]);
          continue;
        }
        await tx.query(
          `INSERT INTO budgets (owner_id, period, workspace_id, credits, recount_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (owner_id, period) DO UPDATE SET credits = excluded.credits, recount_at = excluded.recount_at`,
          [ownerId, period, workspaceId, credits, new Date(at + RECOUNT_AFTER_MS)],
        );
      }
      await recount(tx, counted);
      // The budgets themselves must outlive the machine; their counting need not.
      await tx.query(`SELECT set_config('synchronous_commit', 'on', true)`);
    },

    async read(workspaceId) {
      const at = now();
      const rows = await store.query<StateRow>(
        `SELECT b.owner_id = b.workspace_id AS of_workspace, k.short_prefix, b.period, b.credits,
                COALESCE(c.spent, 0) AS spent, COALESCE(c.reserved, 0) AS reserved
           FROM budgets b
           LEFT JOIN LATERAL (SELECT short_prefix FROM api_keys
                               WHERE workspace_id = b.workspace_id AND line = b.owner_id AND LEAST(revoked_at, revokes_at) IS NULL
                               ORDER BY created_at DESC LIMIT 1) k ON true
           LEFT JOIN budget_counters c ON c.owner_id = b.owner_id AND c.period = b.period
                AND c.starts = date_trunc(b.period, $2::timestamptz AT TIME ZONE 'UTC')::date
          WHERE b.workspace_id = $1 AND (b.owner_id = b.workspace_id OR k.short_prefix IS NOT NULL)
          ORDER BY b.owner_id <> b.workspace_id, k.short_prefix, b.period`,
        [workspaceId, new Date(at)],
      );
      return rows.map((row) => ({
        scope: row.of_workspace ? 'workspace' : 'key',
        key: row.of_workspace ? null : row.short_prefix,
        period: row.period,
        credits: row.credits,
        spent: row.spent,
        reserved: row.reserved,
        resets_at: new Date(nextPeriod(row.period, at)).toISOString(),
      }));
    },
  };
}

interface StateRow {
  of_workspace: boolean;
  short_prefix: string | null;
  period: BudgetPeriod;
  credits: number;
  spent: number;
  reserved: number;
}
