import { setImmediate as nextTurn } from 'node:timers/promises';
import { BoundedBytes } from './bytes.ts';
import { locationOf, MAX_REDIRECTS, redirectTarget } from './redirect.ts';
import { openScope, type Scope } from './scope.ts';
import type { Fetched, TransportFailure, TransportRequest, TransportResult } from './transport.ts';

/** One answer, its body not read yet. */
export interface Hop {
  readonly status: number;
  /** Lower-case names, without `set-cookie`, as the body will be handed over. */
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookie: readonly string[];
  readonly location: string | undefined;
  /** Length of the body as it will be handed over, when that is known. */
  readonly length: number | null;
  readonly body: AsyncIterable<Uint8Array>;
  /** Reads the rest of a body that nobody wants, when it is short, so that its connection can be used again. */
  drain(): Promise<void>;
  /** Cuts the body. */
  cut(): void;
}

export interface HopRequest {
  readonly url: URL;
  /** In the order in which they are sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** What is left of the attempt's time, in ms. */
  readonly timeoutMs: number;
}

export interface Client {
  /** One request without redirects. Whatever goes wrong rejects. */
  open(request: HopRequest): Promise<Hop>;
  /** What a rejection means, or null when it is no fault of a network, a server or a proxy but a bug. */
  classify(error: unknown): Pick<TransportFailure, 'verdict' | 'reason'> | null;
}

/** Where a request is; what a failure reports. */
interface Progress {
  url: URL;
  status: number | null;
  bytes: number;
}

/** One page over any client: redirects within the host, cookies over the hops, bounds of time and size. */
export async function follow(client: Client, request: TransportRequest): Promise<TransportResult> {
  const started = performance.now();
  const scope = openScope(request.signal, request.timeoutMs);
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
      const hop = await client.open({
        url: at.url,
        headers: withCookie(request.headers, cookie),
        signal: scope.signal,
        timeoutMs: Math.max(1, request.timeoutMs - (performance.now() - started)),
      });
      at.status = hop.status;
      request.session.keepCookies(at.url, hop.setCookie);
      const location = locationOf(hop.status, hop.location);
      if (location === null) return await page(hop, request.maxBytes, at, failed);
      // To its end, so that the next hop can use the connection, which is free one turn later; cut when it is long.
      await hop.drain();
      await nextTurn();
      const next = redirectTarget(at.url, location);
      if (next === null) return failed('foreign_redirect', 'other_host');
      at.url = next;
    }
    return failed('redirect_loop', 'too_many_redirects');
  } catch (error) {
    const cut = cutBy(scope);
    if (cut !== null) return failed('timeout', cut);
    const known = client.classify(error);
    if (known === null) throw error;
    return failed(known.verdict, known.reason);
  } finally {
    scope.close();
  }
}

const cutBy = ({ ended }: Scope): string | null =>
  ended === null ? null : ended === 'parent' ? 'aborted' : 'attempt_time';

/** An empty `cookie` holds the place where the browser sends its cookies; without one they come last. */
function withCookie(headers: Readonly<Record<string, string>>, cookie: string | null): Record<string, string> {
  if (cookie !== null) return { ...headers, cookie };
  const { cookie: _, ...others } = headers;
  return others;
}

async function page(
  hop: Hop,
  maxBytes: number,
  at: Progress,
  failed: (verdict: TransportFailure['verdict'], reason: string) => TransportResult,
): Promise<TransportResult> {
  if (hop.length !== null && hop.length > maxBytes) {
    hop.cut();
    return failed('too_large', 'content_length');
  }
  const bytes = new BoundedBytes(maxBytes, hop.length);
  for await (const chunk of hop.body) {
    // Leaving the loop cuts the body.
    if (!bytes.add(chunk)) return failed('too_large', 'body_size');
    at.bytes = bytes.size;
  }
  const fetched: Fetched = {
    url: at.url.href,
    status: hop.status,
    headers: hop.headers,
    contentEncoding: hop.headers['content-encoding'] ?? null,
    contentType: hop.headers['content-type'] ?? null,
    body: bytes.take(),
  };
  return { ok: true, fetched };
}
