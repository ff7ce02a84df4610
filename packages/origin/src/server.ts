import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DOMAINS, marketplace } from '@asa/contract';
import { notFoundPage } from './block/dog.ts';
import { createBodyCache } from './http/cache.ts';
import { createRequestLog, type RequestLogEntry } from './http/log.ts';
import { readRoute, type Route } from './http/route.ts';
import { behaviourOf } from './outcomes.ts';
import { openReplay, type Replay } from './replay/replay.ts';
import { describeSearch } from './search/describe.ts';
import { renderSearch } from './search/render.ts';
import { answer, type Exchange } from './serve/exchange.ts';
import { PAGES, productPage } from './serve/pages.ts';
import { TRICKS, type Attempts } from './serve/tricks.ts';
import { homePage } from './shelf.ts';

export interface OriginOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Folder with an `index.jsonl`: serve its saved pages in place of synthetic ones. */
  readonly replay?: string;
  /** Gets one line for each request and each failure. */
  readonly log?: (line: string) => void;
  /** How the origin waits where it is slow on purpose; rejects when the signal aborts. */
  readonly delay?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Clock of the request log, in milliseconds. */
  readonly now?: () => number;
}

export interface Origin {
  /** For example `http://127.0.0.1:9100`. */
  readonly url: string;
  /** Template for `ASA_ORIGIN_URL`: `url` + `/{domain}`. */
  readonly urlTemplate: string;
  /** The last requests, oldest first. */
  log(): RequestLogEntry[];
  /** Stops listening and cuts every open connection. */
  close(): Promise<void>;
}

const LOG_SIZE = 1000;
const CACHE_BYTES = 48 * 1024 * 1024;
const MAX_HEADER_BYTES = 256 * 1024;
/** Longer queries are answered but not kept in the cache. */
const MAX_CACHED_QUERY = 500;
const MAX_COUNTED_ASINS = 1000;

/**
 * Starts a server that plays the marketplace (contract section 13).
 * @throws when the port is taken, or when the replay folder has no readable index.
 */
export async function startOrigin(options: OriginOptions = {}): Promise<Origin> {
  const { port = 0, host = '127.0.0.1', now = Date.now } = options;
  const say = options.log ?? (() => undefined);
  const wait = options.delay ?? ((ms, signal) => sleep(ms, undefined, { signal }));
  const replay = options.replay === undefined ? null : openReplay(options.replay);
  const log = createRequestLog(LOG_SIZE);
  const cache = createBodyCache(CACHE_BYTES);
  const attempts = countAttempts();
  let sessions = 0;

  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const entry = log.open(request, now());
    const exchange: Exchange = {
      request,
      response,
      entry,
      cache,
      signal: gone.signal,
      delay: (ms) => wait(ms, gone.signal),
    };
    request.on('error', () => gone.abort());
    request.resume();
    serve(exchange, replay, attempts, () => ++sessions).then(
      () => say(`${entry.method} ${entry.target} ${entry.status ?? '-'} ${entry.served ?? '-'}`),
      (error: unknown) => {
        // The client went while the origin was waiting: that is what some pages are for.
        if (gone.signal.aborted) return;
        say(`${entry.method} ${entry.target} failed: ${error instanceof Error ? error.message : String(error)}`);
        fail(response);
      },
    );
  });
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  let closing: Promise<void> | null = null;
  return {
    url,
    urlTemplate: `${url}/{domain}`,
    log: () => log.entries(),
    close() {
      closing ??= new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

async function serve(
  exchange: Exchange,
  replay: Replay | null,
  attempts: Attempts,
  session: () => number,
): Promise<void> {
  const { request, response } = exchange;
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return answer(exchange, {
      served: 'method',
      status: 405,
      body: 'only GET and HEAD\n',
      contentType: 'text/plain;charset=UTF-8',
      // The body of the request is not awaited.
      headers: { allow: 'GET, HEAD', connection: 'close' },
      cacheKey: null,
    });
  const route = readRoute(request.url ?? '', request.headers.cookie);
  if (route.kind === 'unknown_marketplace')
    return answer(exchange, {
      served: 'unknown_marketplace',
      status: 404,
      body: `no such marketplace; the path begins with one of ${DOMAINS.join(', ')}, for example /com/dp/B000000000\n`,
      contentType: 'text/plain;charset=UTF-8',
      cacheKey: null,
    });
  greet(request, response, route, session);
  return replay === null ? serveSynthetic(exchange, route, attempts) : serveSaved(exchange, route, replay);
}

type ShopRoute = Exclude<Route, { kind: 'unknown_marketplace' }>;

/** A visitor without a session gets the cookies that the marketplace sets, for the marketplace's own domain. */
function greet(request: IncomingMessage, response: ServerResponse, route: ShopRoute, session: () => number): void {
  if (/(?:^|;\s*)session-id=/.test(request.headers.cookie ?? '')) return;
  const { host, currency } = marketplace(route.domain);
  const scope = `Domain=${host.replace(/^www/, '')}; Path=/; Max-Age=31536000`;
  const id = `000-0000000-${String(session() % 10_000_000).padStart(7, '0')}`;
  response.setHeader('set-cookie', [`session-id=${id}; ${scope}`, `i18n-prefs=${currency}; ${scope}`]);
}

async function serveSaved(exchange: Exchange, route: ShopRoute, replay: Replay): Promise<void> {
  const page = await replay.find(route);
  return page === null ? dog(exchange, route) : answer(exchange, page);
}

async function serveSynthetic(exchange: Exchange, route: ShopRoute, attempts: Attempts): Promise<void> {
  const { domain, language } = route;
  if (route.kind === 'other') return dog(exchange, route);
  if (route.kind === 'home')
    return answer(exchange, { served: 'home', status: 200, body: homePage(domain, language), cacheKey: null });
  if (route.kind === 'search') {
    const { query, page, sort } = route;
    const key = JSON.stringify(['search', domain, language, query, page, sort]);
    return answer(exchange, {
      served: 'search',
      status: 200,
      body: () => renderSearch(describeSearch({ domain, language, query, page, sort })),
      cacheKey: query.length > MAX_CACHED_QUERY ? null : key,
    });
  }
  const behaviour = behaviourOf(route.asin);
  const trick = TRICKS[behaviour];
  if (trick !== undefined) return trick(exchange, route, attempts);
  if (behaviour === 'product')
    return answer(exchange, {
      served: 'product',
      status: 200,
      body: () => productPage(domain, language, route.asin).html,
      cacheKey: JSON.stringify(['product', domain, language, route.asin]),
    });
  const made = PAGES[behaviour];
  if (made === undefined) throw new TypeError(`the behaviour ${behaviour} is declared and not played`);
  const { status, html } = made(route);
  return answer(exchange, { served: behaviour, status, body: html, cacheKey: null });
}

const dog = (exchange: Exchange, route: ShopRoute): Promise<void> =>
  answer(exchange, { served: 'not_found', status: 404, body: notFoundPage(route), cacheKey: null });

/** A failure of the origin itself must not look like an answer of the marketplace. */
function fail(response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'content-type': 'text/plain;charset=UTF-8' });
  response.end('the origin failed; its log says why\n');
}

function countAttempts(): Attempts {
  const counts = new Map<string, number>();
  return {
    next(key) {
      // Alternates: the first attempt of a pair, then the second.
      const attempt = ((counts.get(key) ?? 0) % 2) + 1;
      counts.delete(key);
      counts.set(key, attempt);
      const [oldest] = counts.keys();
      if (counts.size > MAX_COUNTED_ASINS && oldest !== undefined) counts.delete(oldest);
      return attempt;
    },
  };
}
