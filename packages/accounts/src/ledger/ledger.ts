import type { ChainEnd, ChainEntry, Credits, LedgerEntry, ListPage, ListQuery } from '@asa/contract';
import type { Store } from '@asa/store';
import type { Context } from '../types.ts';
import { creditsOf } from './balance.ts';
import type { EntryRef } from './decide.ts';
import { chargedFor, readEntries } from './entries.ts';
import { exportChain, readChain } from './export.ts';
import { createGroups, type GroupLimits } from './group.ts';
import { readBalance } from './open-balance.ts';
import type { Pots } from './pots.ts';
import { sweepHolds } from './sweep.ts';
import { refund } from './undo.ts';

/** What names a hold. */
export interface HoldId {
  readonly requestId: string;
  readonly workspaceId: string;
}

/** Credits set aside for one request, and out of which pots. */
export interface Hold extends HoldId, Pots {
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

/** A capture: what can be spent afterwards, and its entry's place in the chain of the workspace. */
export interface Captured {
  readonly remaining: number;
  readonly entry: EntryRef;
}

/**
 * What workspaces may spend (contract section 6): append-only, chained entries and a balance that is their sum, changed in one statement
 * for all requests of the moment (group.ts). Every method is durable when it resolves.
 */
export interface Ledger {
  /** Sets credits aside, out of the allowance first. `credits`: a positive whole number. */
  hold: (request: { requestId: string; workspaceId: string; keyId: string; credits: number }) => Promise<HoldOutcome>;
  /**
   * Takes the cost of an answered request, 1 up to what is held, and gives the rest back to the pot it came from. `answerDue`: a caller
   * waits for the answer, and `answered` will tell what became of it (default false).
   * @throws HoldLost: then the request must not be answered with a 2xx. After any other error the outcome is unknown: see `undo`.
   */
  capture: (hold: Hold, credits: number, how?: { answerDue?: boolean }) => Promise<Captured>;
  /** Gives everything back. A hold that is not open any more stays as it is. */
  release: (hold: Hold) => Promise<void>;
  /** Makes sure that a request costs nothing, whatever became of its hold: releases it, or refunds the capture. May be repeated. */
  undo: (hold: Hold) => Promise<void>;
  /** Credits that a request was charged, refunds taken off; 0 for one that is unknown. */
  charged: (requestId: string) => Promise<number>;
  /** Releases the holds whose process is gone, and those of this process that it does not know. Answers how many. */
  sweep: () => Promise<number>;
  /** What can be spent now. */
  remaining: (workspaceId: string) => Promise<number>;
  /** How a workspace stands. @throws ApiError `not_found` */
  credits: (workspaceId: string) => Promise<Credits & { resets_at: string }>;
  /** The entries, newest first, and their sum. @throws ApiError `not_found`, or `invalid_params` for a bad cursor */
  entries: (workspaceId: string, query: ListQuery) => Promise<ListPage<LedgerEntry> & { balance: number }>;
  /** The entries with their places in the chain, newest first, and its end. Throws like `entries`. */
  chain: (workspaceId: string, query: ListQuery) => Promise<ListPage<ChainEntry> & { end: ChainEnd }>;
  /** The chain after entry number `after` (0: all of it) as lines of JSON, oldest first, between a head and a tail. @throws ApiError `not_found` */
  export: (workspaceId: string, after: number) => Promise<AsyncIterable<string>>;
}

/** One ledger per store of a process: it knows which holds of the process are in use. */
export function createLedger(store: Store, { now }: Pick<Context, 'now'>, limits?: Partial<GroupLimits>): Ledger {
  const groups = createGroups(store, now, limits);
  /** Request ids of the holds that callers of this process have, or are about to get. */
  const open = new Set<string>();

  const current = (workspaceId: string) => readBalance(store, workspaceId, now());
  const settle = async ({ requestId, workspaceId }: HoldId, credits: number, answerDue: boolean) => {
    const outcome = await groups.ask({ do: 'settle', workspaceId, requestId, credits, answerDue });
    open.delete(requestId);
    return outcome.status === 'settled' ? outcome : null;
  };

  return {
    async hold({ requestId, workspaceId, keyId, credits }) {
      checkCredits(credits, Number.MAX_SAFE_INTEGER);
      if (open.has(requestId)) return { status: 'duplicate' };
      open.add(requestId);
      let kept = false;
      try {
        for (;;) {
          const outcome = await groups.ask({ do: 'hold', workspaceId, requestId, keyId, credits });
          if (outcome.status === 'reset') {
            await current(workspaceId);
            continue;
          }
          if (outcome.status === 'duplicate' || outcome.status === 'insufficient') return outcome;
          if (outcome.status !== 'held') throw new Error(`a hold ended as ${outcome.status}`);
          kept = true;
          const { allowance, topup } = outcome;
          return { status: 'held', hold: { requestId, workspaceId, keyId, allowance, topup } };
        }
      } finally {
        // After a failure the hold may exist nevertheless; unknown to us, it is swept.
        if (!kept) open.delete(requestId);
      }
    },

    async capture(hold, credits, { answerDue = false } = {}) {
      checkCredits(credits, hold.allowance + hold.topup);
      const settled = await settle(hold, credits, answerDue);
      if (settled === null) throw new HoldLost(hold.requestId);
      return { remaining: settled.remaining, entry: settled.entry };
    },

    async release(hold) {
      await settle(hold, 0, false);
    },

    async undo(hold) {
      if ((await settle(hold, 0, false)) === null) await refund(store, hold, now());
    },

    charged: (requestId) => chargedFor(store, requestId),

    sweep: () =>
      sweepHolds(store, { now: now(), inUse: open, release: async (hold) => (await settle(hold, 0, false)) !== null }),

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

    async chain(workspaceId, query) {
      await current(workspaceId);
      return readChain(store, workspaceId, query);
    },

    async export(workspaceId, after) {
      await current(workspaceId);
      return exportChain(store, workspaceId, after);
    },
  };
}

function checkCredits(credits: number, most: number): void {
  if (!Number.isSafeInteger(credits) || credits < 1 || credits > most) {
    throw new RangeError(`credits must be a whole number from 1 to ${most}, not ${credits}`);
  }
}
