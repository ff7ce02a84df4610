import type { AttemptRecord, ErrorCode, PlanName, Target, Verdict } from '@asa/contract';
import type { BreakerRules, HedgeRules, PaceRules } from './policy/rules.ts';
import type { EgressStats } from './policy/stats.ts';
import type { SessionLimits } from './session/session.ts';
import type { SessionStats } from './session/stats.ts';
import type { Fetched, Transport } from './transport.ts';

/** One row of a tier's list of ways out: no proxy, one proxy, or a gateway that exits where its URL says. */
export interface ExitRow {
  /** For caps, metrics and logs: the same after a restart, unique over all tiers, without credentials. */
  readonly id: string;
  /** Countries (ISO 3166-1 alpha-2) it can exit in; `any`: every one; null: not known. */
  readonly countries: 'any' | readonly string[] | null;
  /** Proxy URL with its credentials; `{session}`, `{country}` and `{COUNTRY}` are filled in for each session. Null: no proxy. */
  readonly proxy: string | null;
}

/** The way out that one session keeps to. */
export interface Exit {
  /** The row's id, with the country when the row has several: what caps and rates are kept for. Without credentials. */
  readonly id: string;
  /** Where it exits, or null when that is not known. */
  readonly country: string | null;
  /** Proxy URL with credentials, or null. Never shown. */
  readonly proxy: string | null;
}

/** What one exit of a tier may be asked for. */
export interface ExitLimits {
  /** Requests at once, or null for no cap. */
  readonly concurrency: number | null;
  /** Requests a second, or null for no cap. */
  readonly ratePerSecond: number | null;
}

/** One way out, with its price and its exits. Which tier an attempt uses is a property of that attempt, chosen by the ladder. */
export interface Tier {
  readonly name: string;
  readonly transport: Transport;
  /** Countries (ISO 3166-1 alpha-2) it can exit in; `any`: every one; null: not known (direct). */
  readonly exitCountries: 'any' | readonly string[] | null;
  /** Its ways out. Default: one without a proxy, in `exitCountries`. */
  readonly exits?: readonly [ExitRow, ...ExitRow[]];
  /** Caps of each exit. Default: none. */
  readonly perExit?: ExitLimits;
  /** How long its sessions are used. Default: `SESSION_LIMITS`. */
  readonly sessionLimits?: Partial<Pick<SessionLimits, 'maxAgeMs' | 'maxUses'>>;
  /** What a request through it costs, in relation to the other tiers. Default: 1. */
  readonly cost?: number;
  /** Plans that may use it. Default: all. */
  readonly plans?: readonly PlanName[];
  /** Whether an attempt that is slower than most of the tier's may be raced by another one. Default: as the policy says. */
  readonly hedge?: boolean;
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
  /** Whether slow attempts may be raced by another one, on tiers that do not say themselves. Default: no. */
  readonly hedge?: boolean;
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
  /** Calls `then` after so many ms; returns what calls it off. */
  readonly after?: (ms: number, then: () => void) => () => void;
  /** Numbers of the politeness (null: none at all, for targets that are our own), the circuit breakers and the hedging. */
  readonly rules?: { readonly pace?: PaceRules | null; readonly breaker?: BreakerRules; readonly hedge?: HedgeRules };
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
  /** Plan of the caller, for tiers that not every plan may use. Default: every tier may be used. */
  readonly plan?: PlanName;
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
  /** For `capacity`: when an exit is free again, in ms, as far as it is known. */
  readonly retryAfterMs: number | null;
}

export interface Egress {
  /**
   * Brings one page: attempts over the ladder of tiers within the budget. Whatever a network or a page can do is an ordinary
   * outcome; rejects only when the judge does.
   */
  fetch<R>(request: EgressRequest<R>): Promise<EgressResult<R>>;
  /** Whether any tier (of those the plan may use) is known to exit in this country (ISO 3166-1 alpha-2). */
  hasExit(country: string, plan?: PlanName): boolean;
  /** Names of the tiers that the plan may use, from the cheapest to the dearest. */
  tierNames(plan?: PlanName): readonly string[];
  /** What it is doing now: requests, tiers with their breakers, rates of the exits, hedges. */
  stats(): EgressStats;
  /** What the session pool holds and has done, for metrics. */
  sessionStats(): SessionStats;
  /**
   * Puts other tiers in place of the present ones. Requests in flight finish on those they began with, whose transports are
   * closed after the last of them. Throws a RangeError for tiers that cannot be, and keeps the old ones then.
   */
  replaceTiers(tiers: readonly [Tier, ...Tier[]]): void;
  /** Cuts what is in flight and frees every socket. Idempotent. */
  close(): Promise<void>;
}
