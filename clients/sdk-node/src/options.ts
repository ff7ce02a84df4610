import { RETRY } from './generated/tables.ts';
import type { AmazonScraperAPIError } from './errors.ts';
import type { LimiterOptions } from './limiter.ts';

/** Where the service listens when nothing else is said: a server of one's own on this machine. */
export const DEFAULT_BASE_URL = 'http://localhost:8080';

/** Time and chance, which tests replace. */
export interface Clock {
  /** Milliseconds since the epoch, never going back. */
  now(): number;
  /** Waits; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number in [0, 1). */
  random(): number;
}

/** Told before each wait for another attempt. */
export interface RetryEvent {
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** How long the client waits now, in milliseconds. */
  readonly waitMs: number;
  /** What the attempt came to. */
  readonly error: AmazonScraperAPIError;
  readonly method: string;
  /** Path of the request, without its query. */
  readonly path: string;
}

/** What can be set for a client and for a single call. */
export interface CallSettings {
  /** Time for one attempt, in milliseconds. Default 60,000: the service may take 45 seconds. For streams: the longest silence. */
  readonly timeoutMs?: number;
  /** Time for the whole call with its waits, in milliseconds; `Infinity` for none. Default 300,000. A wait that would pass it is not begun. */
  readonly deadlineMs?: number;
  /** Attempts in all. Default 4; 1 turns retries off. */
  readonly maxAttempts?: number;
  /** A `Retry-After` above this is cut to it, in milliseconds. Default 120,000. */
  readonly retryAfterCapMs?: number;
  /** Told of each retry before its wait; for logs. What it throws ends the call. */
  readonly onRetry?: (event: RetryEvent) => void;
}

/** What can be set for a single call. */
export interface CallOptions extends CallSettings {
  /** Gives the call up: a running request, a wait, a stream. */
  readonly signal?: AbortSignal;
}

/** What can be set for a client. */
export interface ClientOptions extends CallSettings {
  /** Address of the service, a path before `/api` included. Default `http://localhost:8080`. */
  readonly baseUrl?: string;
  /** Replaces the platform's `fetch`, for example to go through a proxy. It must not follow redirects when told so. */
  readonly fetch?: typeof fetch;
  /** Stays below the key's ceilings by itself, which it learns from the answers. Default false. */
  readonly limiter?: boolean | LimiterOptions;
  /** Put after the client's own `User-Agent`, for example `my-shop/1.2`. */
  readonly userAgent?: string;
  /** Time and chance; for tests. */
  readonly clock?: Partial<Clock>;
}

/** The settings of one call, every one decided. */
export interface Settings {
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly maxAttempts: number;
  readonly retryAfterCapMs: number;
  readonly onRetry: (event: RetryEvent) => void;
  readonly signal: AbortSignal | undefined;
}

/** The call's settings over the client's over the policy's. @throws TypeError when a number makes no sense */
export function settle(client: CallSettings, call: CallOptions = {}): Settings {
  const number = (name: 'timeoutMs' | 'deadlineMs' | 'maxAttempts' | 'retryAfterCapMs', least: number): number => {
    const value = call[name] ?? client[name] ?? RETRY[name];
    if (typeof value === 'number' && value >= least) return value;
    throw new TypeError(`${name} ${String(value)} is not a number from ${least}`);
  };
  return {
    timeoutMs: number('timeoutMs', 1),
    deadlineMs: number('deadlineMs', 1),
    maxAttempts: number('maxAttempts', 1),
    retryAfterCapMs: number('retryAfterCapMs', 0),
    onRetry: call.onRetry ?? client.onRetry ?? (() => undefined),
    signal: call.signal,
  };
}

/** A timer of the platform holds no more than this; longer ones would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** The real clock. */
export const realClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
        Math.min(ms, MAX_TIMER_MS),
      );
      if (signal?.aborted === true) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    }),
};
