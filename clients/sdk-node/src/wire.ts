import { VERSION } from './version.ts';

/** One request as it goes over the wire, whatever attempt it is. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path below the base URL, encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly accept?: string;
  /** Further headers, their names in lower case. Read anew for each attempt. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes a POST safe to send again. */
  readonly idempotencyKey?: string;
  /** Whether doing it twice is the same as doing it once. */
  readonly idempotent: boolean;
  /** Whether it takes one of the key's places for requests in flight. */
  readonly takesPlace: boolean;
}

const DEFAULTS = { query: {}, idempotent: true, takesPlace: false } as const;

/** A request that only reads. */
export const get = (path: string, query: object = {}, over: Partial<WireRequest> = {}): WireRequest => ({
  ...DEFAULTS,
  method: 'GET',
  path,
  query: { ...query },
  ...over,
});

/** A request that changes something. */
export const send = (
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  over: Partial<WireRequest> = {},
): WireRequest => ({
  ...DEFAULTS,
  method,
  path,
  ...(body === undefined ? {} : { body }),
  idempotent: method !== 'POST' || over.idempotencyKey !== undefined,
  ...over,
});

/**
 * One part of a path, encoded. An id of another kind stays one part, and the service says what is wrong with it.
 * @throws TypeError for what no URL can hold as one part
 */
export function part(name: string, value: string): string {
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..')
    throw new TypeError(`${name} ${JSON.stringify(value)} is not an id`);
  return encodeURIComponent(value);
}

/** Reads the address of the service. @throws TypeError when it is none */
export function readBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new TypeError(
      `baseUrl ${JSON.stringify(baseUrl)} is not the http or https address of a service, such as https://asa.example`,
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** The whole URL. What is null or undefined is not sent; lists are not part of the contract. */
export function urlOf(baseUrl: string, { path, query }: WireRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === null || value === undefined ? [] : [[name, String(value as string | number | boolean)]],
  );
  const text = new URLSearchParams(pairs).toString();
  return `${baseUrl}${path}${text === '' ? '' : `?${text}`}`;
}

/** Node's own version, where it is Node. */
const RUNTIME = typeof process === 'object' && process.version ? ` node/${process.version.slice(1)}` : '';

/** The headers of every request. */
export const headersOf = (apiKey: string, userAgent: string, request: WireRequest): Record<string, string> => ({
  authorization: `Bearer ${apiKey}`,
  accept: request.accept ?? 'application/json',
  'user-agent': userAgent,
  ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
  ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
  ...request.headers,
});

/** `asa-node/<version>`, after the caller's own. */
export const userAgentOf = (own: string | undefined): string =>
  `asa-node/${VERSION}${RUNTIME}${own === undefined ? '' : ` ${own}`}`;
