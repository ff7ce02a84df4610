import { attempt, AttemptSignal, readJson, type Arrived, type Failed, type Outcome } from './attempt.ts';
import {
  clientError,
  codeOf,
  errorFacts,
  makeError,
  type AmazonScraperAPIError,
  type ClientErrorCode,
} from './errors.ts';
import type { Limiter } from './limiter.ts';
import { readMeta, type AnswerMeta } from './meta.ts';
import { settle, type CallOptions, type CallSettings, type Clock, type Settings } from './options.ts';
import { decide, isTimeout, retryAfterMs, type Decision, type Failure } from './retry.ts';
import { headersOf, urlOf, type WireRequest } from './wire.ts';

/** What every call of a client shares. */
export interface Connection {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly userAgent: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly limiter: Limiter | null;
  readonly settings: CallSettings;
}

export interface Answered<T> {
  readonly value: T;
  readonly meta: AnswerMeta;
}

/** How an answer is read; the default is JSON. */
export type Reader<T> = (response: Response, own: AttemptSignal) => Promise<Outcome<T>>;

/** Where a call stands between its attempts. A stream carries it on from one answer to the next. */
export interface Progress {
  attempts: number;
  timeoutRetries: number;
}

/**
 * One call with all its attempts: the answer, or the error that stayed.
 * @throws AmazonScraperAPIError
 */
export async function perform<T>(
  connection: Connection,
  request: WireRequest,
  options: CallOptions = {},
  read: Reader<T> = readJson,
): Promise<Answered<T>> {
  const settings = settle(connection.settings, options);
  const course = new Course(connection, request, settings);
  for (;;) {
    const outcome = await course.attempt(read);
    if (outcome.ok) {
      const { status, headers } = outcome.answer;
      return { value: outcome.value, meta: readMeta(status, headers, course.progress.attempts) };
    }
    await course.afterFailure(outcome);
  }
}

/** The course of one call: counts, asks the policy, waits. */
export class Course {
  readonly progress: Progress = { attempts: 0, timeoutRetries: 0 };
  readonly #connection: Connection;
  readonly #request: WireRequest;
  readonly #settings: Settings;
  readonly #deadline: number;

  constructor(connection: Connection, request: WireRequest, settings: Settings) {
    this.#connection = connection;
    this.#request = request;
    this.#settings = settings;
    this.#deadline = connection.clock.now() + settings.deadlineMs;
  }

  get #leftMs(): number {
    return this.#deadline - this.#connection.clock.now();
  }

  /** Sends the request once and reads its answer. @throws AmazonScraperAPIError when it could not be sent at all: cancelled, or too late */
  async attempt<T>(read: Reader<T>): Promise<Outcome<T>> {
    const { outcome, close } = await this.open(read);
    close();
    return outcome;
  }

  /** The same, but what ends the attempt stays in force until `close`, while a body is being read. */
  async open<T>(read: Reader<T>): Promise<{ outcome: Outcome<T>; own: AttemptSignal; close: () => void }> {
    const { apiKey, baseUrl, userAgent, limiter, fetch: fetchFn } = this.#connection;
    const { signal, timeoutMs } = this.#settings;
    const { method, body } = this.#request;
    // Before a place is taken: what cannot be written as JSON throws here.
    const init: RequestInit = {
      method,
      headers: headersOf(apiKey, userAgent, this.#request),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const url = urlOf(baseUrl, this.#request);
    const leave = await this.#enter(limiter);
    const own = new AttemptSignal({ timeoutMs, leftMs: Math.max(0, this.#leftMs), signal });
    this.progress.attempts += 1;
    const outcome = await attempt(fetchFn, url, init, own, (response) => read(response, own), codeOf);
    if (outcome.answer !== null) this.#learn(limiter, outcome.answer);
    const close = (): void => {
      own.close();
      leave();
    };
    return { outcome, own, close };
  }

  async #enter(limiter: Limiter | null): Promise<() => void> {
    const { signal } = this.#settings;
    if (signal?.aborted === true) throw this.#error({ kind: 'cancelled' }, null, '', signal.reason);
    if (this.#leftMs <= 0) throw this.#error({ kind: 'deadline' }, null, '', undefined);
    if (limiter === null) return () => undefined;
    const own = new AttemptSignal({ timeoutMs: Number.POSITIVE_INFINITY, leftMs: this.#leftMs, signal });
    try {
      return await limiter.enter(this.#request.takesPlace, own.signal);
    } catch (cause) {
      throw this.#error({ kind: own.ended === 'deadline' ? 'deadline' : 'cancelled' }, null, '', cause);
    } finally {
      own.close();
    }
  }

  #learn(limiter: Limiter | null, { status, headers }: Arrived): void {
    limiter?.learn(status, headers, retryAfterMs(headers.get('retry-after'), this.#connection.clock.now()));
  }

  /** Waits for the next attempt. @throws AmazonScraperAPIError when there is none */
  async afterFailure({ failure, answer, text, cause }: Failed): Promise<void> {
    const { clock } = this.#connection;
    const { maxAttempts, retryAfterCapMs, onRetry } = this.#settings;
    const { attempts, timeoutRetries } = this.progress;
    const decision = decide(failure, {
      attempt: attempts,
      maxAttempts,
      timeoutRetries,
      idempotent: this.#request.idempotent,
      leftMs: this.#leftMs === Number.POSITIVE_INFINITY ? null : this.#leftMs,
      retryAfterCapMs,
      now: clock.now(),
      random: clock.random(),
    });
    const error = this.#error(failure, answer, text, cause, decision);
    if (!decision.retry) throw error;
    const { method, path } = this.#request;
    onRetry({ attempt: attempts, maxAttempts, waitMs: decision.waitMs, error, method, path });
    if (isTimeout(failure)) this.progress.timeoutRetries += 1;
    await this.rest(decision.waitMs);
  }

  /** Waits. @throws AmazonScraperAPIError `cancelled` */
  async rest(waitMs: number): Promise<void> {
    const { signal } = this.#settings;
    try {
      await this.#connection.clock.sleep(waitMs, signal);
    } catch (reason) {
      throw this.#error({ kind: 'cancelled' }, null, '', reason);
    }
    if (signal?.aborted === true) throw this.#error({ kind: 'cancelled' }, null, '', signal.reason);
  }

  /** Something arrived: what fails from here on is counted anew. */
  renew(): void {
    this.progress.attempts = 1;
    this.progress.timeoutRetries = 0;
  }

  #error(
    failure: Failure,
    answer: Arrived | null,
    text: string,
    cause: unknown,
    decision?: Decision,
  ): AmazonScraperAPIError {
    const { attempts } = this.progress;
    const options = cause === undefined ? {} : { cause };
    if (failure.kind === 'response') {
      const facts = errorFacts({ ...failure, text }, attempts, this.#connection.clock.now());
      return makeError({ ...facts, message: `${facts.message}${this.#hint(decision)}` }, options);
    }
    const { method, path } = this.#request;
    const { timeoutMs, deadlineMs } = this.#settings;
    const { code, words } = MISSING[failure.kind];
    const isWhole = failure.kind === 'truncated' || failure.kind === 'not_json';
    const told = words({ timeoutMs, deadlineMs, cause, contentType: answer?.headers.get('content-type') ?? null });
    return clientError(code, `${method} ${this.#connection.baseUrl}${path} ${told}${this.#hint(decision)}`, attempts, {
      ...options,
      status: isWhole ? (answer?.status ?? null) : null,
      requestId: answer?.headers.get('x-request-id') ?? null,
    });
  }

  #hint(decision: Decision | undefined): string {
    if (decision === undefined || decision.retry || decision.reason !== 'deadline' || decision.waitMs === null)
      return '';
    const seconds = (ms: number): number => Math.max(0, Math.floor(ms / 1000));
    return ` (Not tried again: the wait would be ${seconds(decision.waitMs)} s and the deadline is in ${seconds(this.#leftMs)} s.)`;
  }
}

interface Told {
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly cause: unknown;
  readonly contentType: string | null;
}

/** The code and the words of each way in which no answer of the service came. */
const MISSING: Readonly<
  Record<
    Exclude<Failure['kind'], 'response'>,
    { readonly code: ClientErrorCode; readonly words: (told: Told) => string }
  >
> = {
  connection: { code: 'connection_failed', words: ({ cause }) => `failed: ${reasonOf(cause)}.` },
  timeout: { code: 'request_timeout', words: ({ timeoutMs }) => `brought no whole answer within ${timeoutMs} ms.` },
  deadline: {
    code: 'deadline_exceeded',
    words: ({ deadlineMs }) => `was not done within the ${deadlineMs} ms of the whole call.`,
  },
  cancelled: { code: 'cancelled', words: () => 'was cancelled by the caller.' },
  truncated: { code: 'invalid_response', words: () => 'answered with JSON that ends too early.' },
  not_json: {
    code: 'invalid_response',
    words: ({ contentType }) =>
      `answered with ${contentType ?? 'no content type'} in place of JSON; check the base URL, a proxy or a portal may stand between.`,
  },
};

/** The innermost reason of a failed fetch, in one line. */
function reasonOf(cause: unknown): string {
  let reason = cause;
  for (let depth = 0; depth < 5 && reason instanceof Error && reason.cause instanceof Error; depth += 1)
    reason = reason.cause;
  if (!(reason instanceof Error)) return 'unknown reason';
  const code = 'code' in reason && typeof reason.code === 'string' ? ` (${reason.code})` : '';
  return `${reason.message || reason.name}${code}`;
}
