import type { TestContext } from 'node:test';
import { createUndiciTransport, type CookieKeeper, type Transport, type TransportRequest } from '../../src/index.ts';

/** Keeps no cookies. */
export const noCookies: CookieKeeper = { cookieHeader: () => null, keepCookies: () => {} };

/** An undici transport that ends with its test. */
export function openTransport(
  t: TestContext,
  options: Parameters<typeof createUndiciTransport>[0] = {},
): Transport & { get(url: string, more?: Partial<TransportRequest>): ReturnType<Transport['fetch']> } {
  const transport = createUndiciTransport(options);
  t.after(() => transport.close());
  return { ...transport, get: getWith(transport) };
}

/** Requests with usual limits. */
export function getWith(
  transport: Transport,
): (url: string, more?: Partial<TransportRequest>) => ReturnType<Transport['fetch']> {
  return (url, more = {}) =>
    transport.fetch({
      url,
      headers: { 'user-agent': 'test' },
      signal: new AbortController().signal,
      timeoutMs: 5000,
      maxBytes: 1024 * 1024,
      session: noCookies,
      ...more,
    });
}

type Result = Awaited<ReturnType<Transport['fetch']>>;

/** The failure of a result; throws when a page arrived. */
export function failureOf(result: Result): Extract<Result, { ok: false }>['failure'] {
  if (result.ok) throw new Error(`a page arrived with status ${result.fetched.status}`);
  return result.failure;
}

/** The page of a result; throws when none arrived. */
export function pageOf(result: Result): Extract<Result, { ok: true }>['fetched'] {
  if (!result.ok) throw new Error(`no page arrived: ${result.failure.verdict} ${result.failure.reason}`);
  return result.fetched;
}
