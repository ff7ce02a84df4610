import type { Credits, LedgerEntry, ListPage, ListQuery } from '@asa/contract';
import type { Store } from '@asa/store';
import { noWorkspace } from '../ids.ts';
import type { Context } from '../types.ts';
import { creditsOf } from './balance.ts';
import { readEntries } from './entries.ts';
import { readBalance } from './open-balance.ts';
import type { Pots } from './pots.ts';
import { HOLD, SETTLE } from './statements.ts';
import { sweepHolds } from './sweep.ts';
import { refund } from './undo.ts';

/** Credits set aside for one request, and out of which pots. */
export interface Hold extends Pots {
  readonly requestId: string;
  readonly workspaceId: string;
  readonly keyId: string;
}

export type HoldOutcome =
  | { readonly status: 'held'; readonly hold: Hold }
  /** Nothing was held. `available`: what can be spent. */
  | { readonly status: 'insufficient'; readonly available: number }
  /** The request id is in the ledger or the traces already; nothing was held. Make another one. */
  | { readonly status: 'duplicate' };

/** The hold is not open: it was settled before, or swept because its process was taken for dead. Nothing was captured. */
export class HoldLost extends Error {
  override name = 'HoldLost';

  constructor(requestId: string) {
    super(`the hold of ${requestId} is not open`);
  }
}

/**
 * What workspaces may spend (contract section 6): append-only entries and a balance that is their sum, changed in one statement. Every
 * method is durable when it resolves.
 */
export interface Ledger {
  /** Sets credits aside, out of the allowance first. `credits`: a positive whole number. */
  hold: (request: { requestId: string; workspaceId: string; keyId: string; credits: number }) => Promise<HoldOutcome>;
  /**
   * Takes the cost of an answered request, 1 up to what is held, and gives the rest back to the pot it came from.
   * @throws HoldLost: then the request must not be answered with a 2xx. After any other error the outcome is unknown: see `undo`.
   */
  capture: (hold: Hold, credits: number) => Promise<{ remaining: number }>;
  /** Gives everything back. A hold that is not open any more stays as it is. */
  release: (hold: Hold) => Promise<void>;
  /** Makes sure that a request costs nothing, whatever became of its hold: releases it, or refunds the capture. May be repeated. */
  undo: (hold: Hold) => Promise<void>;
  /** Releases the holds whose process is gone, and those of this process that it does not know. Answers how many. */
  sweep: () => Promise<number>;
  /** What can be spent now. */
  remaining: (workspaceId: string) => Promise<number>;
  /** How a workspace stands. @throws ApiError `not_found` */
  credits: (workspaceId: string) => Promise<Credits & { resets_at: string }>;
  /** The entries, newest first, and their sum. @throws ApiError `not_found`, or `invalid_params` for a bad cursor */
  entries: (workspaceId: string, query: ListQuery) => Promise<ListPage<LedgerEntry> & { balance: number }>;
}

/** One ledger per store of a process: it knows which holds of the process are in use. */
export function createLedger(store: Store, { now }: Pick<Context, 'now'>): Ledger {
  /** Request ids of the holds that callers of this process have, or are about to get. */
  const open = new Set<string>();

  const settle = async (workspaceId: string, requestIds: readonly string[], credits: number): Promise<Settled> => {
    const values = [workspaceId, requestIds, credits, new Date(now())];
    const { rows } = await store.pool.query<Settled>({ ...SETTLE, values });
    const [row] = rows;
    if (row === undefined) throw new Error('a settlement answered nothing');
    return row;
  };
  const current = (workspaceId: string) => readBalance(store, workspaceId, now());
  const release = async (hold: Hold): Promise<boolean> => {
    const { holds } = await settle(hold.workspaceId, [hold.requestId], 0);
    open.delete(hold.requestId);
    return holds > 0;
  };

  return {
    async hold({ requestId, workspaceId, keyId, credits }) {
      checkCredits(credits, Number.MAX_SAFE_INTEGER);
      if (open.has(requestId)) return { status: 'duplicate' };
      open.add(requestId);
      let kept = false;
      try {
        for (;;) {
          const values = [workspaceId, requestId, credits, keyId, store.node.id, new Date(now())];
          const { rows } = await store.pool.query<HoldRow>({ ...HOLD, values });
          const [row] = rows;
          if (row === undefined) throw noWorkspace(workspaceId);
          if (row.status === 'reset') {
            await current(workspaceId);
            continue;
          }
          if (row.status === 'duplicate') return { status: 'duplicate' };
          if (row.status === 'insufficient') return { status: 'insufficient', available: row.available };
          kept = true;
          return {
            status: 'held',
            hold: { requestId, workspaceId, keyId, allowance: row.allowance, topup: row.topup },
          };
        }
      } catch (error) {
        if (isUniqueViolation(error)) return { status: 'duplicate' };
        throw error;
      } finally {
        // After a failure the hold may exist nevertheless; unknown to us, it is swept.
        if (!kept) open.delete(requestId);
      }
    },

    async capture(hold, credits) {
      checkCredits(credits, hold.allowance + hold.topup);
      const { remaining } = await settle(hold.workspaceId, [hold.requestId], credits);
      open.delete(hold.requestId);
      if (remaining === null) throw new HoldLost(hold.requestId);
      return { remaining };
    },

    async release(hold) {
      await release(hold);
    },

    async undo(hold) {
      if (!(await release(hold))) await refund(store, hold, now());
    },

    sweep: () => sweepHolds(store, { now: now(), inUse: open, settle }),

    async remaining(workspaceId) {
      return creditsOf(await current(workspaceId)).total;
    },

    async credits(workspaceId) {
      const balance = await current(workspaceId);
      return { ...creditsOf(balance), resets_at: new Date(balance.resetsAt).toISOString() };
    },

    entries: async (workspaceId, query) => {
      await current(workspaceId);
      return readEntries(store, workspaceId, query);
    },
  };
}

interface HoldRow {
  status: 'held' | 'insufficient' | 'duplicate' | 'reset';
  allowance: number;
  topup: number;
  available: number;
}

/** How many of the holds were open and are settled now; what can be spent then, when there was one. */
export interface Settled {
  holds: number;
  remaining: number | null;
}

function checkCredits(credits: number, most: number): void {
  if (!Number.isSafeInteger(credits) || credits < 1 || credits > most) {
    throw new RangeError(`credits must be a whole number from 1 to ${most}, not ${credits}`);
  }
}

/** Two requests with one id at the same moment: the other one was first. */
const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23505';
