import type { AttemptRecord, LedgerPlace } from '@asa/contract';
import type { Hold, InFlight, Principal, RateFacts } from '@asa/accounts';
import type { FieldReport } from '@asa/extract';

/** The ten stages of a request's life; the same words in code, logs, metrics, traces and docs. */
export const STAGES = [
  'identify',
  'limit',
  'parse',
  'reserve',
  'plan',
  'fetch',
  'judge',
  'extract',
  'settle',
  'reply',
] as const;
export type Stage = (typeof STAGES)[number];

/** What is known of one request while it is on its way. Filled stage by stage, read by the reply and the trace. */
export interface RequestContext {
  /** Made again when the store knows it already. */
  requestId: string;
  readonly endpoint: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Aborted when the caller hangs up before the answer. */
  readonly signal: AbortSignal;
  readonly stages: { name: Stage; ms: number }[];
  principal: Principal | null;
  rate: RateFacts | null;
  /** The key's requests in flight (this one included) and its ceiling. */
  concurrency: InFlight | null;
  /** When a place is likely to be free, in whole seconds, for a call that found none. */
  crowded: (InFlight & { readonly seconds: number }) | null;
  /** Parameters as understood, without the key. */
  params: Record<string, unknown>;
  /** Marketplace asked for, for the metrics. */
  domain: string | null;
  /** Open until the settle stage has captured or released it. */
  hold: Hold | null;
  /** Whether the hold is reserved in budgets, too. */
  budgeted: boolean;
  readonly attempts: AttemptRecord[];
  resolvedUrl: string | null;
  fields: FieldReport | null;
  /** Credits taken; 0 until captured. */
  credits: number;
  /** A connection waits for the answer: what becomes of it is noted once it is paid for. */
  answerDue: boolean;
  /** The capture's entry in the ledger; null when nothing was taken. */
  entry: LedgerPlace | null;
  /** What the workspace can spend after this answer; null until settled. */
  remaining: number | null;
}

export function newContext(
  endpoint: string,
  requestId: string,
  receivedAt: number,
  signal: AbortSignal,
): RequestContext {
  return {
    requestId,
    endpoint,
    receivedAt,
    signal,
    stages: [],
    principal: null,
    rate: null,
    concurrency: null,
    crowded: null,
    params: {},
    domain: null,
    hold: null,
    budgeted: false,
    attempts: [],
    resolvedUrl: null,
    fields: null,
    credits: 0,
    answerDue: false,
    entry: null,
    remaining: null,
  };
}

/** Runs one stage and notes how long it took, also when it throws. */
export async function stage<T>(context: RequestContext, name: Stage, work: () => T | Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    noteStage(context, name, performance.now() - started);
  }
}

/** Milliseconds with two decimals are precise enough to read and short enough to store. */
export function noteStage(context: RequestContext, name: Stage, ms: number): void {
  context.stages.push({ name, ms: Math.round(ms * 100) / 100 });
}
