import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyCache } from '../http/cache.ts';
import { chooseEncoding, encode } from '../http/encode.ts';
import type { RequestLog } from '../http/log.ts';

/** One request with everything that answering it needs. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: ReturnType<RequestLog['open']>;
  readonly cache: BodyCache;
  /** Waits; rejects when the client goes or the origin closes. */
  readonly delay: (ms: number) => Promise<void>;
  /** Aborted when the client goes or the origin closes. */
  readonly signal: AbortSignal;
}

export const HTML_TYPE = 'text/html;charset=UTF-8';

export interface Answer {
  readonly served: string;
  readonly status: number;
  /** A function is called only when the cache does not have the body. */
  readonly body: string | Buffer | (() => string);
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Names the body for the cache of encoded bodies; null when it is not worth keeping. */
  readonly cacheKey: string | null;
}

/** Sends a body in an encoding that the client accepts. */
export async function answer(
  exchange: Exchange,
  { served, status, body, contentType, headers, cacheKey }: Answer,
): Promise<void> {
  const { request, response, entry, cache } = exchange;
  const encoding = chooseEncoding(request.headers['accept-encoding']);
  const key = cacheKey === null ? null : `${encoding} ${cacheKey}`;
  let encoded = key === null ? undefined : cache.get(key);
  if (encoded === undefined) {
    const made = typeof body === 'function' ? body() : body;
    const bytes = typeof made === 'string' ? Buffer.from(made) : made;
    encoded = bytes.length === 0 ? bytes : await encode(bytes, encoding);
    if (key !== null) cache.set(key, encoded);
  }
  begin(exchange, served, status, {
    'content-type': contentType ?? HTML_TYPE,
    'content-length': String(encoded.length),
    vary: 'Accept-Encoding',
    ...(encoding === 'identity' || encoded.length === 0 ? {} : { 'content-encoding': encoding }),
    ...headers,
  });
  if (request.method !== 'HEAD') entry.bytes = encoded.length;
  response.end(request.method === 'HEAD' ? undefined : encoded);
}

/** Sends the head of an answer and notes what is served. */
export function begin(
  { response, entry }: Exchange,
  served: string,
  status: number,
  headers: Readonly<Record<string, string>>,
): void {
  entry.served = served;
  entry.status = status;
  response.writeHead(status, { server: 'Server', 'cache-control': 'no-cache', ...headers });
}
