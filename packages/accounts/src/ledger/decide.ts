import type { LedgerKind } from '@asa/contract';
import { entryHash } from './chain.ts';
import { take, type Pots } from './pots.ts';

/** A balance and the end of its chain, as they were read or written last. */
export interface State extends Pots {
  readonly workspaceId: string;
  readonly held: number;
  readonly period: number;
  /** Milliseconds since the epoch. */
  readonly resetsAt: number;
  readonly seq: number;
  readonly hash: string;
}

/** An open hold, with the month whose allowance it took. */
export interface OpenHold extends Pots {
  readonly requestId: string;
  readonly workspaceId: string;
  readonly keyId: string;
  readonly period: number;
}

/** What a request wants of the balance of its workspace. */
export type Op = {
  readonly workspaceId: string;
  readonly requestId: string;
} & (
  | { readonly do: 'hold'; readonly credits: number; readonly keyId: string }
  /** `credits` are captured, the rest is released; 0 releases everything. `answerDue`: a caller waits for what it pays. */
  | { readonly do: 'settle'; readonly credits: number; readonly answerDue: boolean }
);

/** A place in the chain of a workspace. */
export interface EntryRef {
  readonly seq: number;
  readonly hash: string;
}

export type Outcome =
  | ({ readonly status: 'held' } & Pots)
  | { readonly status: 'insufficient'; readonly available: number }
  | { readonly status: 'duplicate' }
  /** The monthly reset is due first. */
  | { readonly status: 'reset' }
  /** `remaining`: what can be spent then. `entry`: of the capture, or of the release where nothing was captured. */
  | { readonly status: 'settled'; readonly remaining: number; readonly entry: EntryRef }
  /** The hold is not open, or is smaller than what was to be captured. */
  | { readonly status: 'closed' };

/** An entry to be written by a group, with its place in the chain. */
export interface Written extends Pots, EntryRef {
  readonly workspaceId: string;
  readonly kind: LedgerKind;
  readonly period: number;
  readonly requestId: string | null;
  readonly keyId: string;
  readonly reason: string | null;
  /** A capture that a caller waits for. */
  readonly due: boolean;
}

export interface Decision {
  readonly before: State;
  readonly after: State;
  readonly entries: readonly Written[];
  readonly opened: readonly OpenHold[];
  /** Request ids of holds that end. */
  readonly closed: readonly string[];
  /** One per operation, in their order. */
  readonly outcomes: readonly Outcome[];
}

/**
 * What becomes of a workspace when these operations are done one after another. Pure: it holds for the state it was given, and whoever
 * writes it down makes sure that the row is still in that state.
 * @param holdOf the open hold of a request in that state.
 */
export function decide(
  before: State,
  ops: readonly Op[],
  holdOf: (requestId: string) => OpenHold | undefined,
  now: number,
): Decision {
  const createdAt = new Date(now).toISOString();
  const { workspaceId, period } = before;
  let { allowance, topup, held, seq, hash } = before;
  const entries: Written[] = [];
  const opened = new Map<string, OpenHold>();
  const closed = new Set<string>();

  const append = (entry: Omit<Written, 'workspaceId' | 'seq' | 'hash'>): EntryRef => {
    seq += 1;
    hash = entryHash(hash, { ...entry, workspaceId, seq, createdAt });
    allowance += entry.allowance;
    topup += entry.topup;
    entries.push({ ...entry, workspaceId, seq, hash });
    return { seq, hash };
  };

  const hold = (op: Op & { do: 'hold' }): Outcome => {
    if (now >= before.resetsAt) return { status: 'reset' };
    const { requestId, keyId, credits } = op;
    const taken = take({ allowance, topup }, credits);
    if (taken === null) return { status: 'insufficient', available: allowance + topup };
    append({
      kind: 'hold',
      // 0 - x instead of -x: no negative zero.
      allowance: 0 - taken.allowance,
      topup: 0 - taken.topup,
      period,
      requestId,
      keyId,
      reason: null,
      due: false,
    });
    held += credits;
    opened.set(requestId, { ...taken, requestId, workspaceId, keyId, period });
    return { status: 'held', ...taken };
  };

  const settle = ({ requestId, credits, answerDue }: Op & { do: 'settle' }): Outcome => {
    const open = closed.has(requestId) ? undefined : holdOf(requestId);
    if (open === undefined || open.workspaceId !== workspaceId) return { status: 'closed' };
    const paid = take(open, credits);
    if (paid === null) return { status: 'closed' };
    closed.add(requestId);
    held -= open.allowance + open.topup;
    const { keyId } = open;
    const base = { period: open.period, requestId, keyId, reason: null, due: false };
    let entry = append({ kind: 'release', allowance: open.allowance, topup: open.topup, ...base });
    if (credits > 0) {
      entry = append({
        kind: 'capture',
        allowance: 0 - paid.allowance,
        topup: 0 - paid.topup,
        ...base,
        due: answerDue,
      });
    }
    // What comes back into an allowance of an earlier month expires at once.
    const expired = open.period < period ? open.allowance - paid.allowance : 0;
    if (expired > 0) {
      const reason = `unused allowance of an earlier month expired (${requestId})`;
      append({
        kind: 'adjust',
        allowance: -expired,
        topup: 0,
        period: open.period,
        requestId: null,
        keyId,
        reason,
        due: false,
      });
    }
    return { status: 'settled', remaining: allowance + topup, entry };
  };

  const outcomes = ops.map((op) => (op.do === 'hold' ? hold(op) : settle(op)));
  const after = { ...before, allowance, topup, held, seq, hash };
  return { before, after, entries, opened: [...opened.values()], closed: [...closed], outcomes };
}
