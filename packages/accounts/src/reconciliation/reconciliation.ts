import type { Doubtful, Reconciliation, RefundsAnswer } from '@asa/contract';
import type { Store } from '@asa/store';
import { DAY_MS } from '../calendar.ts';
import { refund } from '../ledger/undo.ts';
import type { Context } from '../types.ts';
import { compare } from './compare.ts';

/** The report compares what was paid with what was answered (contract section 6, last sentence). */
export interface Reconcile {
  /**
   * Captures whose answer is not known to have left, and where ledger, traces and balances do not say the same.
   * @param hours how far back captures are compared with traces.
   */
  report: (hours: number) => Promise<Reconciliation>;
  /** Refunds doubtful captures: those named, or all. Whatever is not (or no longer) doubtful is not refunded, and named in the answer. */
  refund: (requestIds: readonly string[] | 'all') => Promise<Omit<RefundsAnswer, 'request_id'>>;
  /** Forgets doubts older than 90 days. Answers how many. */
  purge: () => Promise<number>;
}

/** Rows of a list in the report; the rest is only counted. */
const SHOWN = 1000;
const DOUBTS_DAYS = 90;
/** A trace is there, or given up, long before this time has passed since the capture. */
const TRACED_AFTER_MS = 10_000;
const REFUNDS_AT_ONCE = 8;

interface DueRow {
  request_id: string;
  workspace_id: string;
  node_id: string;
  captured_at: Date;
  cut: boolean;
  credits: number;
  status: number | null;
}

export function createReconcile(store: Store, { now }: Pick<Context, 'now'>): Reconcile {
  /** Doubtful ones, oldest first, and how many answers are simply on their way. */
  const doubts = async (): Promise<{ doubtful: Doubtful[]; waiting: number }> => {
    const nodes = await store.query<{ node_id: string }>('SELECT DISTINCT node_id FROM answers_due');
    const dead = new Set(await store.deadNodes(nodes.map((row) => row.node_id)));
    const rows = await store.query<DueRow>(
      `SELECT a.*, -e.amount AS credits, t.status
         FROM answers_due a JOIN ledger_entries e ON e.request_id = a.request_id AND e.kind = 'capture'
         LEFT JOIN traces t ON t.request_id = a.request_id
        ORDER BY a.captured_at, a.request_id`,
    );
    const lost = rows.filter((row) => row.cut || dead.has(row.node_id));
    const doubtful = lost.map((row) => ({
      request_id: row.request_id,
      workspace: row.workspace_id,
      credits: row.credits,
      captured_at: row.captured_at.toISOString(),
      why: row.cut ? ('connection_broke' as const) : ('process_died' as const),
      traced_status: row.status,
    }));
    return { doubtful, waiting: rows.length - lost.length };
  };

  return {
    async report(hours) {
      const { doubtful, waiting } = await doubts();
      const at = now();
      const since = new Date(at - hours * 3_600_000);
      const { differences, captures, refunded } = await compare(
        store,
        { since, young: new Date(at - TRACED_AFTER_MS) },
        new Set(doubtful.map((one) => one.request_id)),
      );
      return {
        at: new Date(at).toISOString(),
        since: since.toISOString(),
        captures,
        refunded,
        answers_on_their_way: waiting,
        doubtful: doubtful.slice(0, SHOWN),
        doubtful_count: doubtful.length,
        doubtful_credits: doubtful.reduce((sum, one) => sum + one.credits, 0),
        differences: differences.slice(0, SHOWN),
        differences_count: differences.length,
        balances: await wrongBalances(store),
        holds_of_dead_processes: await deadHolds(store),
      };
    },

    async refund(requestIds) {
      const { doubtful } = await doubts();
      const wanted = requestIds === 'all' ? null : new Set(requestIds);
      const chosen = doubtful.filter((one) => wanted === null || wanted.has(one.request_id));
      const refunded: RefundsAnswer['refunded'] = [];
      for (let from = 0; from < chosen.length; from += REFUNDS_AT_ONCE) {
        const group = chosen.slice(from, from + REFUNDS_AT_ONCE);
        const done = await Promise.all(
          group.map(({ request_id: requestId, workspace: workspaceId }) =>
            refund(store, { requestId, workspaceId }, now()),
          ),
        );
        refunded.push(
          ...group
            .filter((_, i) => done[i])
            .map(({ request_id, workspace, credits }) => ({ refunded_request_id: request_id, workspace, credits })),
        );
      }
      const ids = new Set(refunded.map((one) => one.refunded_request_id));
      return { refunded, not_refunded: wanted === null ? [] : [...wanted.difference(ids)] };
    },

    async purge() {
      const { rowCount } = await store.pool.query('DELETE FROM answers_due WHERE captured_at < $1', [
        new Date(now() - DOUBTS_DAYS * DAY_MS),
      ]);
      return rowCount ?? 0;
    },
  };
}

/** Workspaces whose balance is not the sum of their entries, or whose last entry is not the one the balance knows. */
async function wrongBalances(store: Store): Promise<Reconciliation['balances']> {
  const [row] = await store.query<{ checked: number; wrong: string[] | null }>(
    `SELECT count(*) AS checked, array_agg(b.workspace_id) FILTER (
              WHERE b.allowance_left <> COALESCE(e.allowance, 0) OR b.topup_left <> COALESCE(e.topup, 0) OR b.held <> COALESCE(h.held, 0)
                 OR b.seq <> COALESCE(e.last, 0) OR b.seq <> COALESCE(e.entries, 0)) AS wrong
       FROM balances b
       LEFT JOIN (SELECT workspace_id, sum(allowance) AS allowance, sum(topup) AS topup, max(seq) AS last, count(*) AS entries
                    FROM ledger_entries GROUP BY workspace_id) e USING (workspace_id)
       LEFT JOIN (SELECT workspace_id, sum(allowance + topup) AS held FROM holds GROUP BY workspace_id) h USING (workspace_id)`,
  );
  return { checked: row?.checked ?? 0, wrong: row?.wrong ?? [] };
}

async function deadHolds(store: Store): Promise<number> {
  const rows = await store.query<{ node_id: string; n: number }>('SELECT node_id, count(*) AS n FROM holds GROUP BY 1');
  const dead = new Set(await store.deadNodes(rows.map((row) => row.node_id)));
  return rows.filter((row) => dead.has(row.node_id)).reduce((sum, row) => sum + row.n, 0);
}
