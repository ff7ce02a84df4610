import type { Socket } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { follow, type Hop, type HopRequest } from '../follow.ts';
import { parseProxy } from '../proxy.ts';
import type { Transport } from '../transport.ts';
import { Agents } from './agents.ts';
import { createConnector } from './connect.ts';
import { createDnsCache } from './dns-cache.ts';
import { classifyError } from './failure.ts';

interface UndiciOptions {
  /** A connection that is not open after this time is given up, so that the attempt's time is not spent on it. */
  readonly connectTimeoutMs?: number;
  /** An idle connection is kept this long. */
  readonly keepAliveMs?: number;
  /** Certificates to trust in place of the usual ones, for targets and for proxies that speak TLS, PEM. */
  readonly ca?: string;
}

/** Cookies and security policies make marketplace headers long, but never this long. */
const MAX_HEADER_BYTES = 64 * 1024;
/** What is read of the body of a redirect so that its connection can be used again. */
const REDIRECT_BODY_BYTES = 64 * 1024;
const DIRECT = '';

/**
 * The plain transport: undici over HTTP/1.1, keep-alive pools per proxy and origin, the proxy that the request names (http, https
 * or socks5) and never one of the environment. Every target is reached through a tunnel, plain http too, so that a proxy sees
 * nothing of it. HTTP/2 is off: an aborted request must free its socket, and one stream must not hold up the others of its
 * connection. Bodies come as the server encoded them.
 */
export function createUndiciTransport(options: UndiciOptions = {}): Transport {
  const sockets = new Set<Socket>();
  const connecting = {
    timeoutMs: options.connectTimeoutMs ?? 10_000,
    lookup: createDnsCache(),
    ca: options.ca,
  };
  const make = (proxyUrl: string): Agent => {
    const proxy = proxyUrl === DIRECT ? null : parseProxy(proxyUrl);
    // The settings have been checked; its text is not repeated, for the credentials in it.
    if (proxyUrl !== DIRECT && proxy === null) throw new TypeError('a proxy URL that is none');
    return new Agent({
      pipelining: 1,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: options.keepAliveMs ?? 10_000,
      keepAliveMaxTimeout: 60_000,
      // The scope of the attempt bounds both together.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: createConnector(proxy, connecting, sockets),
    });
  };
  const agents = new Agents({ make, now: () => performance.now() });
  return {
    async fetch(request) {
      const { agent, leave } = agents.enter(request.proxy ?? DIRECT);
      try {
        return await follow({ open: (hop) => open(agent, hop), classify: classifyError }, request);
      } finally {
        leave();
      }
    },
    openSockets: () => sockets.size,
    async close() {
      await agents.destroy();
      // Those that are still on their way through a proxy belong to no pool yet.
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function open(agent: Agent, { url, headers, signal }: HopRequest): Promise<Hop> {
  const response = await agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'GET',
    headers: { ...headers },
    signal,
  });
  const { body } = response;
  // Errors reach us through the reading; after a cut there is no reading, and they say nothing new.
  body.on('error', () => {});
  const length = list(response.headers['content-length'])[0];
  return {
    status: response.statusCode,
    headers: plainHeaders(response.headers),
    setCookie: list(response.headers['set-cookie']),
    location: list(response.headers['location'])[0],
    length: length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null,
    body: body as AsyncIterable<Buffer>,
    drain: () => body.dump({ limit: REDIRECT_BODY_BYTES, signal }),
    cut: () => body.destroy(),
  };
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
