import type { AttemptRecord, LedgerPlace, RawParams } from '@asa/contract';
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
  signal: AbortSignal;
  readonly stages: { name: Stage; ms: number }[];
  principal: Principal | null;
  rate: RateFacts | null;
  /** The key's requests in flight (this one included) and its ceiling. */
  concurrency: InFlight | null;
  /** When a place is likely to be free, in whole seconds, for a call that found none. */
  crowded: (InFlight & { readonly seconds: number }) | null;
  /** Parameters as understood, without the key. */
  params: Record<string, unknown>;
  /** As they were sent, the key too, until they are understood: what the trace of a refused request shows is made of them. */
  sent: RawParams | null;
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

/** Who asks, after the `identify` stage. */
export function callerOf({ principal }: Pick<RequestContext, 'principal'>): Principal {
  if (principal === null) throw new Error('a stage after identify needs a principal');
  return principal;
}

/** Of a request whose caller is not watched: most that are refused are answered before anybody could hang up. */
const NEVER = new AbortController().signal;

export function newContext(
  endpoint: string,
  requestId: string,
  receivedAt: number,
  signal: AbortSignal = NEVER,
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
    sent: null,
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

/** Runs one stage, waiting or not, and notes how long it took, also when it fails. */
export function stage<T>(context: RequestContext, name: Stage, work: () => T): T {
  const started = performance.now();
  let later = false;
  try {
    const result = work();
    if (result instanceof Promise) {
      later = true;
      const note = (): void => noteStage(context, name, performance.now() - started);
      result.then(note, note);
    }
    return result;
  } finally {
    if (!later) noteStage(context, name, performance.now() - started);
  }
}

/** Goes on at once where nothing has to be waited for: a promise costs more than what most stages do. */
export function after<T, R>(value: T | Promise<T>, step: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(step) : step(value);
}

/** Milliseconds with two decimals are precise enough to read and short enough to store. */
export function noteStage(context: RequestContext, name: Stage, ms: number): void {
  context.stages.push({ name, ms: Math.round(ms * 100) / 100 });
}
