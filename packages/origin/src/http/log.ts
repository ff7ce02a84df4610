import type { IncomingMessage } from 'node:http';

/** One request as the origin saw it. */
export interface RequestLogEntry {
  /** Milliseconds of the origin's clock at arrival. */
  readonly at: number;
  readonly method: string;
  /** The request target as sent, cut when it is very long. */
  readonly target: string;
  /** Names in lower case; values cut when they are very long. */
  readonly headers: Readonly<Record<string, string>>;
  /** What was served, for example `product` or `captcha`; null while the answer is still open. */
  readonly served: string | null;
  /** Null while the answer is still open, or when none was sent. */
  readonly status: number | null;
  /** Bytes of the body as sent (encoded). */
  readonly bytes: number;
}

type Open = { -readonly [K in keyof RequestLogEntry]: RequestLogEntry[K] };

export interface RequestLog {
  /** Notes an arrival and returns its entry, to be completed. */
  open(request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>, at: number): Open;
  entries(): RequestLogEntry[];
}

const MAX_TEXT = 2000;

/** The last `size` requests, oldest first. */
export function createRequestLog(size: number): RequestLog {
  const kept: Open[] = [];
  return {
    open(request, at) {
      const headers = Object.entries(request.headers).map(
        ([name, value]) => [name, String(value).slice(0, MAX_TEXT)] as const,
      );
      const entry: Open = {
        at,
        method: request.method ?? '',
        target: (request.url ?? '').slice(0, MAX_TEXT),
        headers: Object.fromEntries(headers),
        served: null,
        status: null,
        bytes: 0,
      };
      kept.push(entry);
      if (kept.length > size) kept.shift();
      return entry;
    },
    entries: () => kept.map((entry) => ({ ...entry })),
  };
}
