import type { Browser, Impit, ImpitOptions, ImpitResponse } from 'impit';
import { follow, type Hop, type HopRequest } from '../follow.ts';
import type { Transport } from '../transport.ts';
import { classifyImpitError } from './failure.ts';

interface Options {
  /** For tests: take any certificate. */
  readonly ignoreTlsErrors?: boolean;
}

/** The presets of impit that our identities are; an identity names its own. */
const FINGERPRINTS = ['chrome151', 'firefox144'] as const satisfies readonly Browser[];
/** The native client of one proxy and browser keeps its connections until it is collected, so there are not many. */
const MAX_CLIENTS = 200;
/** Codings that impit has undone, whatever the headers still say. */
const UNDONE = /^(?:gzip|deflate|br|zstd)$/i;
/** Our clock decides; the native one only ends what we can no longer reach. */
const NATIVE_MARGIN_MS = 100;
const REDIRECT_BODY_BYTES = 64 * 1024;

/**
 * The transport that is a browser below HTTP: its TLS, its HTTP/2 settings and order of pseudo-headers, by the npm package `impit`, an
 * optional dependency with a native part. Rejects when that cannot be loaded on this machine.
 *
 * What impit does not give, and what follows from it:
 * - Bodies come decoded, so the size limit is that of the decoded page (a bomb ends there while it is being read), and decoding is work
 *   of impit's own threads, at some twenty times the CPU of the plain transport.
 * - A request that is cut ends at once for its caller. Its connection is let go when the engine collects impit's objects (within seconds
 *   on a busy server, later on an idle one); before its headers have come, not before they do or the time of the attempt is over.
 * - It does not tell how many sockets it has, and takes no certificates of our own.
 * - Without a proxy it obeys `HTTP_PROXY` and its like: the caller has to clear them.
 */
export async function createImpitTransport({ ignoreTlsErrors = false }: Options = {}): Promise<Transport> {
  const { Impit: Client } = await import('impit');
  const clients = new Map<string, Impit>();
  const clientFor = (browser: Browser, proxy: string | null): Impit => {
    const key = `${browser} ${proxy ?? ''}`;
    const options: ImpitOptions = { browser, ignoreTlsErrors, followRedirects: false };
    const client = clients.get(key) ?? new Client(proxy === null ? options : { ...options, proxyUrl: proxy });
    clients.delete(key);
    clients.set(key, client);
    const [oldest] = clients.keys();
    if (clients.size > MAX_CLIENTS && oldest !== undefined) clients.delete(oldest);
    return client;
  };
  const closing = new AbortController();
  return {
    fingerprints: FINGERPRINTS,
    async fetch(request) {
      const browser = FINGERPRINTS.find((name) => name === request.fingerprint) ?? FINGERPRINTS[0];
      const proxy = request.proxy ?? null;
      const client = clientFor(browser, proxy);
      const classify = (error: unknown): ReturnType<typeof classifyImpitError> =>
        error instanceof Cut ? { verdict: 'connection', reason: 'closed' } : classifyImpitError(error, proxy !== null);
      return follow({ open: (hop) => open(client, hop, closing.signal), classify }, request);
    },
    async close() {
      closing.abort();
      clients.clear();
    },
  };
}

/** The request was cut from outside: by its own signal, or because the transport was closed. */
class Cut extends Error {}

async function open(
  client: Impit,
  { url, headers, signal, timeoutMs }: HopRequest,
  closing: AbortSignal,
): Promise<Hop> {
  const cut = AbortSignal.any([signal, closing]);
  if (cut.aborted) throw new Cut();
  const native = new AbortController();
  const pending = client.fetch(url.href, {
    headers: Object.entries(headers),
    redirect: 'manual',
    timeout: Math.ceil(timeoutMs) + NATIVE_MARGIN_MS,
    signal: native.signal,
  });
  // Aborting it now would lose the answer that still comes, and with it the only hold on its connection.
  const response = await orCut(pending, cut, (late) => late.body.cancel());
  const encoding = response.headers.get('content-encoding');
  const isUndone = encoding !== null && UNDONE.test(encoding.trim());
  const length = response.headers.get('content-length');
  const own = new Set(isUndone ? ['set-cookie', 'content-encoding', 'content-length'] : ['set-cookie']);
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !own.has(name))),
    setCookie: response.headers.getSetCookie(),
    location: response.headers.get('location') ?? undefined,
    length: !isUndone && length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null,
    body: chunks(response, native, cut),
    drain: () => drain(chunks(response, native, cut)),
    cut: () => void response.body.cancel(),
  };
}

/** The chunks of a body. Leaving the loop cuts it, and so does the signal. */
async function* chunks(
  response: ImpitResponse,
  native: AbortController,
  cut: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const reader = response.body.getReader();
  let isOver = false;
  try {
    while (!isOver) {
      const { done, value } = await orCut(reader.read(), cut, nothing);
      isOver = done;
      if (value !== undefined) yield value;
    }
  } finally {
    if (!isOver) {
      // Both, one right after the other, free a connection that a reading waits on: at the latest when the engine collects
      // the response, which is what impit waits for. What failed has been reported.
      native.abort();
      await reader.cancel().catch(() => {});
    }
  }
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > REDIRECT_BODY_BYTES) return;
  }
}

const nothing = async (): Promise<void> => {};

/** What `work` brings, or a rejection with `Cut` as soon as the signal aborts; what it still brings then is put away by `release`. */
async function orCut<T>(work: Promise<T>, signal: AbortSignal, release: (late: T) => Promise<void>): Promise<T> {
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      reject(new Cut());
      // Nobody waits for it any more: what it fails with says nothing new.
      work.then(release).catch(() => {});
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
