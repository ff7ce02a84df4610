import { ApiError, CREDITS_PER_UNIT, type BudgetPeriod } from '@asa/contract';
import type { Store } from '@asa/store';

/** A request that asks for room in its budgets. */
export interface Asked {
  readonly workspaceId: string;
  readonly line: string;
  readonly requestId: string;
  readonly credits: number;
}

/** A budget that a request does not fit. */
export interface Over {
  readonly owner_id: string;
  readonly period: BudgetPeriod;
  readonly credits: number;
  readonly spent: number;
  readonly reserved: number;
}

/** `at`: the moment that decided the day and the month, in ms. */
export type Reserved =
  | { readonly status: 'reserved' | 'duplicate' }
  | { readonly status: 'over'; readonly over: readonly Over[]; readonly at: number };

const RESERVE = {
  name: 'accounts_budget_reserve_all',
  text: 'SELECT * FROM asa_budget_reserve_all($1, $2, $3, $4, $5, $6)',
};
/** Requests in one call, at most. */
const MOST = 256;
/** Requests that wait, of all workspaces; more are refused with `capacity`. */
const WAITING = 50_000;

interface Waiting extends Asked {
  readonly resolve: (reserved: Reserved) => void;
  readonly reject: (error: unknown) => void;
}
type Row = { readonly n: number } & (Over | { readonly owner_id: null });

/**
 * Reserves in groups: while one call of a workspace is on its way the requests that come meanwhile gather for the next one, so that many share
 * one lock and one round trip, and a workspace keeps no more than one connection waiting for its lock. In a group they are done in their order,
 * each as if it were alone.
 */
export function createReserver(store: Store, now: () => number): (asked: Asked) => Promise<Reserved> {
  /** Of the workspaces that a call is on its way for, or about to be: those that wait for the next one. */
  const gathering = new Map<string, Waiting[]>();
  let waiting = 0;

  const call = async (workspaceId: string, group: readonly Waiting[]): Promise<void> => {
    const at = now();
    try {
      const values = [
        workspaceId,
        group.map((one) => one.line),
        group.map((one) => one.requestId),
        group.map((one) => one.credits),
        CREDITS_PER_UNIT,
        new Date(at),
      ];
      const { rows } = await store.pool.query<Row>({ ...RESERVE, values });
      const told = Map.groupBy(rows, (row) => row.n);
      for (const [i, one] of group.entries()) one.resolve(outcomeOf(told.get(i + 1), at));
    } catch (error) {
      // Reservations that were made nevertheless are found by the sweep.
      for (const one of group) one.reject(error);
    } finally {
      waiting -= group.length;
    }
  };
  const run = async (workspaceId: string, queue: Waiting[]): Promise<void> => {
    while (queue.length > 0) await call(workspaceId, queue.splice(0, MOST));
    gathering.delete(workspaceId);
  };

  return (asked) => {
    if (waiting >= WAITING) {
      const message = `The request was not taken: ${WAITING} requests wait for their budgets.`;
      return Promise.reject(new ApiError('capacity', message, { retryAfterSeconds: 1 }));
    }
    waiting += 1;
    const { promise, resolve, reject } = Promise.withResolvers<Reserved>();
    const one: Waiting = { ...asked, resolve, reject };
    const queue = gathering.get(asked.workspaceId);
    if (queue === undefined) {
      const own = [one];
      gathering.set(asked.workspaceId, own);
      // Whatever is asked for in this turn of the event loop goes along.
      setImmediate(() => void run(asked.workspaceId, own));
    } else queue.push(one);
    return promise;
  };
}

function outcomeOf(rows: readonly Row[] | undefined, at: number): Reserved {
  if (rows === undefined) return { status: 'reserved' };
  const over = rows.filter((row) => row.owner_id !== null);
  return over.length === 0 ? { status: 'duplicate' } : { status: 'over', over, at };
}
