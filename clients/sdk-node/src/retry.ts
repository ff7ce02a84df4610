import { CODES, RETRY, STATUSES } from './generated/tables.ts';

/** What one attempt came to, when it is not an answer that the caller gets. */
export type Failure =
  | {
      /** The service answered with an error, or somebody between did. */
      readonly kind: 'response';
      readonly status: number;
      /** The code of the error body; null when it had none. */
      readonly code: string | null;
      /** Reads a header, or null. */
      readonly header: (name: string) => string | null;
    }
  /** `connection`: it failed or broke. `timeout`: the time of one attempt was over. `truncated`: JSON that ends in the middle. */
  | { readonly kind: 'connection' | 'timeout' | 'truncated' }
  /** `not_json`: an answer of another kind. `cancelled`: by the caller. `deadline`: the time of the whole call was over. */
  | { readonly kind: 'not_json' | 'cancelled' | 'deadline' };

/** What the decision depends on besides the failure. */
export interface Circumstances {
  /** Attempts made so far, this one included. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Retries already made after a 408. */
  readonly timeoutRetries: number;
  /** Whether doing it twice is the same as doing it once. */
  readonly idempotent: boolean;
  /** Milliseconds to the deadline; null when there is none. */
  readonly leftMs: number | null;
  /** A `Retry-After` above this is cut to it, in milliseconds. */
  readonly retryAfterCapMs: number;
  /** Milliseconds since the epoch; for a `Retry-After` that is a date. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}

/** Whether to try again, and after how long; or why not. */
export type Decision =
  | { readonly retry: true; readonly waitMs: number }
  | {
      readonly retry: false;
      readonly reason: 'permanent' | 'attempts' | 'deadline';
      /** The wait that it would have needed; null when it is permanent. */
      readonly waitMs: number | null;
    };

/**
 * The retry policy: the only place that decides. Pure.
 * Whether: `Asa-Retryable`, else the code, else the status. How long: `Retry-After`, else the wait of the code or status, else exponential; and chance.
 */
export function decide(failure: Failure, at: Circumstances): Decision {
  if (!mayRetry(failure, at.idempotent)) return { retry: false, reason: 'permanent', waitMs: null };
  const waitMs = waitOf(failure, at) + at.random * RETRY.jitterMs;
  const tooManyTimeouts = isTimeout(failure) && at.timeoutRetries >= RETRY.maxTimeoutRetries;
  if (at.attempt >= at.maxAttempts || tooManyTimeouts) return { retry: false, reason: 'attempts', waitMs };
  if (at.leftMs !== null && waitMs >= at.leftMs) return { retry: false, reason: 'deadline', waitMs };
  return { retry: true, waitMs };
}

/** Whether it is a 408, for which retries are counted apart. */
export const isTimeout = (failure: Failure): boolean => failure.kind === 'response' && failure.status === 408;

function mayRetry(failure: Failure, idempotent: boolean): boolean {
  if (failure.kind === 'response') {
    const { retryable, saidByService } = retryability(failure.status, failure.code, failure.header);
    // Without the service's word nobody knows whether it was done, unless the status says that it was not.
    return retryable && (saidByService || idempotent || failure.status === 429 || failure.status === 503);
  }
  return idempotent && WORTH_ANOTHER.has(failure.kind);
}

const WORTH_ANOTHER: ReadonlySet<Failure['kind']> = new Set(['connection', 'timeout', 'truncated']);

/** What the service, the code or else the bare status says. */
export function retryability(
  status: number,
  code: string | null,
  header: (name: string) => string | null,
): { readonly retryable: boolean; readonly saidByService: boolean } {
  const word = header('asa-retryable')?.trim().toLowerCase();
  if (word === 'true' || word === 'false') return { retryable: word === 'true', saidByService: true };
  const row = codeRow(code);
  return row === null
    ? { retryable: statusRow(status).retryable, saidByService: false }
    : { retryable: row.retryable, saidByService: true };
}

function waitOf(failure: Failure, at: Circumstances): number {
  if (failure.kind === 'response') {
    const asked = retryAfterMs(failure.header('retry-after'), at.now);
    if (asked !== null) return Math.min(asked, at.retryAfterCapMs);
    const fixed = fixedWaitMs(failure.status, failure.code);
    if (fixed !== null) return fixed;
  }
  return Math.min(2 ** at.attempt * RETRY.baseMs, RETRY.maxMs);
}

/** The wait that the tables know of a code or a bare status, in milliseconds; null: exponential. */
export function fixedWaitMs(status: number, code: string | null): number | null {
  const { waitSeconds } = codeRow(code) ?? statusRow(status);
  return waitSeconds === null ? null : waitSeconds * 1000;
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Reads a `Retry-After`: whole seconds or an HTTP date. Milliseconds; null when it is neither. */
export function retryAfterMs(value: string | null, now: number): number | null {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  return HTTP_DATE.test(text) ? Math.max(0, Date.parse(text) - now) : null;
}

interface Row {
  readonly family: keyof typeof import('./generated/tables.ts').FAMILIES;
  readonly retryable: boolean;
  readonly waitSeconds: number | null;
}
const CODE_ROWS: Readonly<Record<string, Row>> = CODES;
const STATUS_ROWS: Readonly<Record<string, Row>> = STATUSES;

/** The row of a code of the service; null when this client does not know it. */
export const codeRow = (code: string | null): Row | null =>
  code !== null && Object.hasOwn(CODE_ROWS, code) ? (CODE_ROWS[code] ?? null) : null;

/** The row of a bare status: its own, or its class's. */
export const statusRow = (status: number): Row =>
  STATUS_ROWS[String(status)] ?? STATUS_ROWS[`${Math.floor(status / 100)}xx`] ?? STATUSES['3xx'];
