import type { AttemptRecord, ErrorCode, Target, Verdict } from '@asa/contract';
import type { Fetched, Transport } from './transport.ts';

/** One way out, with its price and its exits. Which tier an attempt uses is a property of that attempt, chosen by the ladder. */
export interface Tier {
  readonly name: string;
  readonly transport: Transport;
  /** Countries (ISO 3166-1 alpha-2) it can exit in; `any`: every one; null: not known (direct). */
  readonly exitCountries: 'any' | readonly string[] | null;
  /** Headers beyond the session's, for the nth attempt (from 1). */
  readonly headersFor?: (attempt: number) => Readonly<Record<string, string>>;
}

export interface EgressPolicy {
  /** Attempts for one page, at least 1. */
  readonly maxAttempts: number;
  /** Time for all upstream work of one page, waits and judging included, in ms. */
  readonly budgetMs: number;
  /** Time of one attempt: connecting, headers and body over all redirects, in ms. */
  readonly attemptTimeoutMs: number;
  /** Limit of a page as received, in bytes. */
  readonly maxBytes: number;
  /** Upstream requests that run at once. */
  readonly maxConcurrent: number;
  /** Attempts that may wait for one of those, within their budget; more end as `capacity`. Default: as many again. */
  readonly maxWaiting?: number;
}

export interface EgressOptions {
  /** From the cheapest to the dearest; at least one. */
  readonly tiers: readonly [Tier, ...Tier[]];
  readonly policy: EgressPolicy;
  /** Milliseconds since the epoch, never going back. */
  readonly now?: () => number;
  /** From 0 to under 1. */
  readonly random?: () => number;
  /** Resolves after so many ms, or at once when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** For what nobody waits for any more: a judge that fails after its request has ended. */
  readonly log?: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/**
 * Says what page arrived. It may take the body over (transfer it), and should stop when the signal aborts. A rejection is a bug
 * and becomes the rejection of `Egress.fetch`.
 */
export type Judge<R> = (fetched: Fetched, signal: AbortSignal) => Promise<{ verdict: Verdict; result: R }>;

export interface EgressRequest<R> {
  readonly target: Target;
  readonly judge: Judge<R>;
  /** What is left of the caller's own budget, in ms; the policy's budget is the most. */
  readonly budgetMs?: number;
  /** Aborted when nobody waits for the page any more: ends at once as `upstream_timeout`. */
  readonly signal?: AbortSignal;
  /** Called after each attempt, in order. */
  readonly onAttempt?: (record: AttemptRecord) => void;
}

export interface EgressResult<R> {
  readonly attempts: readonly AttemptRecord[];
  /** Time used of the budget, in ms. */
  readonly budgetSpentMs: number;
  readonly outcome: Success<R> | Failure<R>;
}

interface Page<R> {
  /** The body is gone when the judge took it over. */
  readonly fetched: Fetched;
  readonly result: R;
}

interface Success<R> extends Page<R> {
  readonly ok: true;
  readonly verdict: Verdict;
}

interface Failure<R> {
  readonly ok: false;
  readonly code: ErrorCode;
  /** What the last attempt brought; null when none was made. */
  readonly verdict: Verdict | null;
  /** The page of the last attempt and what the judge said of it; null when that attempt brought none. */
  readonly last: Page<R> | null;
}

export interface Egress {
  /**
   * Brings one page: attempts over the ladder of tiers within the budget. Whatever a network or a page can do is an ordinary
   * outcome; rejects only when the judge does.
   */
  fetch<R>(request: EgressRequest<R>): Promise<EgressResult<R>>;
  /** Whether any tier is known to exit in this country (ISO 3166-1 alpha-2). */
  hasExit(country: string): boolean;
  /** Upstream requests running and waiting, and sessions kept. */
  stats(): { readonly running: number; readonly waiting: number; readonly sessions: number };
  /** Cuts what is in flight and frees every socket. Idempotent. */
  close(): Promise<void>;
}
