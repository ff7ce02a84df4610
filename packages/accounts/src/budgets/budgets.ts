import { ApiError, CREDITS_PER_UNIT } from '@asa/contract';
import type { Store } from '@asa/store';
import { createBatch } from '../batch.ts';
import { DAY_MS, nextPeriod } from '../calendar.ts';
import type { Context, Principal } from '../types.ts';
import { countPaid, recount } from './count.ts';
import { createReserver, type Over } from './reserve.ts';

type Payer = Pick<Principal, 'workspaceId' | 'line' | 'budgeted' | 'shortPrefix'>;

/**
 * What workspaces and keys may spend in a day and in a month. A request reserves its cost in every budget that it counts in, in one
 * step with all others of its workspace, before it is held in the ledger; so budgets hold whatever happens at the same time.
 */
export interface Budgets {
  /**
   * Reserves what a request may cost; nothing for a payer without budgets. `duplicate`: the request id has a reservation already.
   * @throws ApiError `insufficient_credits` that names the budget it does not fit, and when that begins anew
   */
  reserve: (payer: Payer, requestId: string, credits: number) => Promise<'reserved' | 'none' | 'duplicate'>;
  /**
   * The request took so many credits, of those that were reserved. Written soon, not now; when that fails or the process dies before, it
   * is found in the ledger by `sweep`.
   */
  settle: (workspaceId: string, requestId: string, paid: number) => void;
  /** Most credits that a request of the payer may cost now, by its budgets; null: there are none. */
  left: (payer: Payer) => Promise<number | null>;
  /** Settles reservations that nobody will settle, and counts changed budgets anew. */
  sweep: () => Promise<void>;
  flush: () => Promise<void>;
  stop: () => void;
}

const FLUSH_MS = 50;
/** A hold follows its reservation within the time of a statement; after this there is one, or there will be none. */
const YOUNG_MS = 60_000;
const AT_ONCE = 1000;

const SETTLE = { name: 'accounts_budget_settle', text: 'SELECT asa_budget_settle($1, $2, $3, $4, $5)' };

/** @param onSettled counters changed: there may be alerts. */
export function createBudgets(
  store: Store,
  { now, log }: Pick<Context, 'now' | 'log'>,
  onSettled: () => void,
): Budgets {
  const reserve = createReserver(store, now);
  let pending: { workspaceId: string; requestId: string; paid: number }[] = [];
  /** What is being written. */
  let writing: typeof pending = [];
  const isUnsettled = (workspaceId: string): boolean =>
    [...pending, ...writing].some((row) => row.workspaceId === workspaceId);

  const settleAll = async (ended: typeof pending): Promise<void> => {
    for (const [workspaceId, rows] of Map.groupBy(ended, (row) => row.workspaceId)) {
      const requests = rows.map((row) => row.requestId);
      const paid = rows.map((row) => row.paid);
      await store.pool.query({ ...SETTLE, values: [workspaceId, requests, paid, CREDITS_PER_UNIT, new Date(now())] });
    }
  };
  const work = async (): Promise<void> => {
    const ended = pending;
    pending = [];
    if (ended.length === 0) return;
    writing = ended;
    try {
      await settleAll(ended);
    } catch (error) {
      // Settling one twice does nothing. What does not fit in is found in the ledger.
      pending = [...ended, ...pending].slice(0, AT_ONCE);
      throw error;
    } finally {
      writing = [];
    }
    onSettled();
  };
  const batch = createBatch(FLUSH_MS, work, (error) =>
    log('Budgets could not be settled; it is tried again.', { error }),
  );

  return {
    async reserve(payer, requestId, credits) {
      if (!payer.budgeted) return 'none';
      const { workspaceId, line } = payer;
      const asked = { workspaceId, line, requestId, credits };
      let outcome = await reserve(asked);
      if (outcome.status === 'over' && isUnsettled(workspaceId)) {
        // What ended a moment ago may leave room: it is written before anybody is refused.
        await batch.flush();
        outcome = await reserve(asked);
      }
      if (outcome.status !== 'over') return outcome.status;
      onSettled();
      throw overBudget(payer, outcome.over, credits, outcome.at);
    },

    settle(workspaceId, requestId, paid) {
      pending.push({ workspaceId, requestId, paid });
      batch.poke();
    },

    async left({ workspaceId, line, budgeted }) {
      if (!budgeted) return null;
      await batch.flush();
      const [row] = await store.query<{ left: number | null }>(
        `SELECT min(b.credits - COALESCE(c.spent + c.reserved, 0)) AS left
           FROM budgets b LEFT JOIN budget_counters c ON c.owner_id = b.owner_id AND c.period = b.period
                AND c.starts = date_trunc(b.period, $3::timestamptz AT TIME ZONE 'UTC')::date
          WHERE b.owner_id IN ($1, $2)`,
        [workspaceId, line, new Date(now())],
      );
      const left = row?.left ?? null;
      return left === null ? null : Math.max(0, left);
    },

    async sweep() {
      const at = new Date(now());
      const rows = await store.query<{ workspaceId: string; requestId: string; paid: number }>(
        `SELECT r.workspace_id AS "workspaceId", r.request_id AS "requestId", COALESCE(
                  (SELECT LEAST(r.credits, GREATEST(0, -sum(e.amount)))::bigint FROM ledger_entries e
                    WHERE e.request_id = r.request_id AND e.kind IN ('capture', 'adjust')), 0) AS paid
           FROM budget_reservations r
          WHERE r.opened_at < $1 AND NOT EXISTS (SELECT FROM holds h WHERE h.request_id = r.request_id)
          ORDER BY r.opened_at LIMIT ${AT_ONCE}`,
        [new Date(at.getTime() - YOUNG_MS)],
      );
      await settleAll(rows);
      const due = await store.query<{ workspace_id: string }>(
        'SELECT DISTINCT workspace_id FROM budgets WHERE recount_at <= $1',
        [at],
      );
      for (const { workspace_id } of due) {
        try {
          await recount(store, await countPaid(store, workspace_id, at.getTime()));
        } catch (error) {
          // The others are not kept waiting by one.
          log('A budget could not be counted anew; it is tried again.', { workspace: workspace_id, error });
        }
      }
      // Counters and alerts of days that are over say nothing any more.
      await store.query('DELETE FROM budget_counters WHERE starts < $1', [new Date(at.getTime() - KEPT_MS)]);
      if (rows.length + due.length > 0) onSettled();
    },

    flush: batch.flush,
    stop: batch.stop,
  };
}

const KEPT_MS = 62 * DAY_MS;

/** Names the budget that begins anew last: before that the request cannot succeed. */
function overBudget(payer: Payer, rows: readonly Over[], cost: number, at: number): ApiError {
  const [row] = rows.toSorted((a, b) => nextPeriod(b.period, at) - nextPeriod(a.period, at));
  if (row === undefined) throw new Error('over no budget');
  const { credits, spent, reserved, period } = row;
  const whose = row.owner_id === payer.workspaceId ? 'the workspace' : `the key ${payer.shortPrefix}`;
  const inFlight = reserved > 0 ? ` and ${reserved} are reserved for requests in flight` : '';
  return new ApiError(
    'insufficient_credits',
    `This request costs ${cost} credits, but the budget of ${whose} is ${credits} credits a ${period}: ${spent} are spent${inFlight}. The next ${period} begins ${new Date(nextPeriod(period, at)).toISOString()}.`,
  );
}
