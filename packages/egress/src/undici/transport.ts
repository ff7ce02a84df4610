import { setImmediate as nextTurn } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { locationOf, MAX_REDIRECTS, redirectTarget } from '../redirect.ts';
import { openScope, type Scope } from '../scope.ts';
import type { Fetched, Transport, TransportFailure, TransportRequest, TransportResult } from '../transport.ts';
import { BoundedBytes } from './bytes.ts';
import { classifyError } from './failure.ts';

interface UndiciOptions {
  /** A connection that is not open after this time is given up, so that the attempt's time is not spent on it. */
  readonly connectTimeoutMs?: number;
  /** An idle connection is kept this long. */
  readonly keepAliveMs?: number;
  /** Certificates to trust in place of the usual ones, PEM. */
  readonly ca?: string;
}

/** Cookies and security policies make marketplace headers long, but never this long. */
const MAX_HEADER_BYTES = 64 * 1024;
/** What is read of the body of a redirect so that its connection can be used again. */
const REDIRECT_BODY_BYTES = 64 * 1024;
const HAPPY_EYEBALLS_MS = 250;

/**
 * The plain transport: undici over HTTP/1.1, keep-alive pools per origin, no proxy (also not the one of the environment).
 * HTTP/2 is off: an aborted request must free its socket, and one stream must not hold up the others of its connection.
 */
export function createUndiciTransport(options: UndiciOptions = {}): Transport {
  const agent = new Agent({
    allowH2: false,
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: options.keepAliveMs ?? 10_000,
    keepAliveMaxTimeout: 60_000,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: HAPPY_EYEBALLS_MS,
    connectTimeout: options.connectTimeoutMs ?? 10_000,
    // The scope of the attempt bounds both together.
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(options.ca === undefined ? {} : { connect: { ca: options.ca } }),
  });
  return {
    async fetch(request) {
      const scope = openScope(request.signal, request.timeoutMs);
      try {
        return await follow(agent, request, scope);
      } finally {
        scope.close();
      }
    },
    close: () => agent.destroy(),
  };
}

/** Where a request is; what a failure reports. */
interface Progress {
  url: URL;
  status: number | null;
  bytes: number;
}

async function follow(agent: Agent, request: TransportRequest, scope: Scope): Promise<TransportResult> {
  const start = new URL(request.url);
  start.username = '';
  start.password = '';
  start.hash = '';
  const at: Progress = { url: start, status: null, bytes: 0 };
  const failed = (verdict: TransportFailure['verdict'], reason: string): TransportResult => ({
    ok: false,
    failure: { verdict, reason, url: at.url.href, status: at.status, bytes: at.bytes },
  });
  const visited = new Set<string>();
  try {
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const cookie = request.session.cookieHeader(at.url);
      // A page that sets a cookie and asks to come again is no loop; the same URL with the same cookies is.
      const visit = `${at.url.href} ${cookie ?? ''}`;
      if (visited.has(visit)) return failed('redirect_loop', 'same_page_again');
      visited.add(visit);
      at.status = null;
      const response = await agent.request({
        origin: at.url.origin,
        path: at.url.pathname + at.url.search,
        method: 'GET',
        headers: cookie === null ? request.headers : { ...request.headers, cookie },
        signal: scope.signal,
      });
      at.status = response.statusCode;
      request.session.keepCookies(at.url, list(response.headers['set-cookie']));
      const location = locationOf(response.statusCode, list(response.headers['location'])[0]);
      if (location === null) return await page(response, request, at, failed);
      // To its end, so that the next hop can use the connection, which is free one turn later; cut when it is long.
      await response.body.dump({ limit: REDIRECT_BODY_BYTES, signal: scope.signal });
      await nextTurn();
      const next = redirectTarget(at.url, location);
      if (next === null) return failed('foreign_redirect', 'other_host');
      at.url = next;
    }
    return failed('redirect_loop', 'too_many_redirects');
  } catch (error) {
    if (scope.ended === 'parent') return failed('timeout', 'aborted');
    if (scope.ended === 'time') return failed('timeout', 'attempt_time');
    const known = classifyError(error);
    if (known === null) throw error;
    return failed(known.verdict, known.reason);
  }
}

async function page(
  response: Dispatcher.ResponseData,
  request: TransportRequest,
  at: Progress,
  failed: (verdict: TransportFailure['verdict'], reason: string) => TransportResult,
): Promise<TransportResult> {
  const { body } = response;
  // Errors reach us through the reading; after a cut there is no reading, and they say nothing new.
  body.on('error', () => {});
  const length = list(response.headers['content-length'])[0];
  const expected = length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null;
  if (expected !== null && expected > request.maxBytes) {
    body.destroy();
    return failed('too_large', 'content_length');
  }
  const bytes = new BoundedBytes(request.maxBytes, expected);
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (!bytes.add(chunk)) return failed('too_large', 'body_size');
    at.bytes = bytes.size;
  }
  const headers = plainHeaders(response.headers);
  const fetched: Fetched = {
    url: at.url.href,
    status: response.statusCode,
    headers,
    contentEncoding: headers['content-encoding'] ?? null,
    contentType: headers['content-type'] ?? null,
    body: bytes.take(),
  };
  return { ok: true, fetched };
}

const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

function plainHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const plain: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (name !== 'set-cookie' && value !== undefined) plain.push([name.toLowerCase(), list(value).join(', ')]);
  }
  return Object.fromEntries(plain);
}
