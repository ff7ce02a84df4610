import { MAX_TIMER_MS, type Settings } from './options.ts';
import type { Failure } from './retry.ts';

/** An answer that arrived whole, or whose body is still to be read. */
export interface Arrived {
  readonly status: number;
  readonly headers: Headers;
}

/** What one attempt brought. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly answer: Arrived }
  | {
      readonly ok: false;
      readonly failure: Failure;
      readonly answer: Arrived | null;
      readonly text: string;
      readonly cause: unknown;
    };

/** An attempt that brought nothing. */
export type Failed = Extract<Outcome<never>, { ok: false }>;

export interface AttemptLimits {
  readonly timeoutMs: Settings['timeoutMs'];
  /** Milliseconds to the deadline of the whole call. */
  readonly leftMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Why an attempt was ended from our side. */
type Ended = 'timeout' | 'deadline' | 'cancelled';

/** The signal of one attempt: its own time, the deadline and the caller, and which of them it was. */
export class AttemptSignal {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #timeoutMs: number;
  readonly #deadline: NodeJS.Timeout;
  #timer: NodeJS.Timeout;
  #ended: Ended | null = null;

  constructor({ timeoutMs, leftMs, signal }: AttemptLimits) {
    this.#timeoutMs = timeoutMs;
    this.#caller = signal;
    this.#timer = setTimeout(() => this.#end('timeout'), Math.min(timeoutMs, MAX_TIMER_MS));
    this.#deadline = setTimeout(() => this.#end('deadline'), Math.min(leftMs, MAX_TIMER_MS));
    if (signal?.aborted === true) this.#cancel();
    signal?.addEventListener('abort', this.#cancel);
  }

  readonly #cancel = (): void => this.#end('cancelled');

  #end(why: Ended): void {
    this.#ended ??= why;
    this.#controller.abort(this.#caller?.aborted === true ? this.#caller.reason : undefined);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why it was ended; null when nobody of ours did. */
  get ended(): Ended | null {
    return this.#ended;
  }

  /** Stops the time of the attempt, while the caller is busy with what has arrived. For streams. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** The time of the attempt begins anew. For streams: it is the longest silence. */
  renew(): void {
    clearTimeout(this.#timer);
    if (this.#ended === null)
      this.#timer = setTimeout(() => this.#end('timeout'), Math.min(this.#timeoutMs, MAX_TIMER_MS));
  }

  /** Ends the attempt if it still runs, and forgets the timers and the caller. */
  close(): void {
    this.#controller.abort();
    clearTimeout(this.#timer);
    clearTimeout(this.#deadline);
    this.#caller?.removeEventListener('abort', this.#cancel);
  }
}

const isJson = (headers: Headers): boolean =>
  /^application\/(?:[\w.+-]+\+)?json\b/i.test(headers.get('content-type') ?? '');

/** Reads an answer as JSON. */
export async function readJson<T>(response: Response): Promise<Outcome<T>> {
  const { status, headers } = response;
  const answer = { status, headers };
  const text = await response.text();
  const failed = (failure: Failure): Outcome<T> => ({ ok: false, failure, answer, text, cause: undefined });
  if (!isJson(headers)) return failed({ kind: 'not_json' });
  try {
    return { ok: true, value: JSON.parse(text) as T, answer };
  } catch {
    return failed({ kind: 'truncated' });
  }
}

/** One attempt: sends the request, and reads a success with `read`. Never throws. */
export async function attempt<T>(
  fetchFn: typeof fetch,
  url: string,
  init: RequestInit,
  own: AttemptSignal,
  read: (response: Response) => Promise<Outcome<T>>,
  codeOf: (text: string) => string | null,
): Promise<Outcome<T>> {
  let answer: Arrived | null = null;
  try {
    const response = await fetchFn(url, { ...init, redirect: 'manual', signal: own.signal });
    const { status, headers } = response;
    answer = { status, headers };
    if (response.ok) return await read(response);
    const text = await response.text();
    const failure: Failure = { kind: 'response', status, code: codeOf(text), header: (name) => headers.get(name) };
    return { ok: false, failure, answer, text, cause: undefined };
  } catch (cause) {
    return { ok: false, failure: { kind: own.ended ?? 'connection' }, answer, text: '', cause };
  }
}
