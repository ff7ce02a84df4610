import { request as httpRequest } from 'node:http';
import { connect as tcpConnect, type LookupFunction, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { SocksClient } from 'socks';
import { ProxyError, type Proxy } from '../proxy.ts';

export interface Destination {
  readonly host: string;
  readonly port: number;
}

export interface TunnelOptions {
  /** For connecting to the proxy, its TLS and its answer together, in ms. */
  readonly timeoutMs: number;
  readonly lookup: LookupFunction;
  readonly happyEyeballsMs: number;
  /** Certificates to trust in place of the usual ones when the proxy speaks TLS, PEM. */
  readonly ca?: string | undefined;
}

/**
 * Opens a way through the proxy to the destination, whose name the proxy resolves. The socket is there at once, so that it can be
 * destroyed at any time; `open` resolves when it leads to the destination, and rejects with a `ProxyError` whatever goes wrong,
 * with the socket destroyed.
 */
export function openTunnel(
  proxy: Proxy,
  to: Destination,
  options: TunnelOptions,
): { readonly socket: Socket; readonly open: Promise<void> } {
  const socket = connectTo(proxy, options);
  return { socket, open: pass(socket, proxy, to, options) };
}

async function pass(socket: Socket, proxy: Proxy, to: Destination, { timeoutMs }: TunnelOptions): Promise<void> {
  const timer = setTimeout(() => socket.destroy(new ProxyError('timeout')), timeoutMs);
  try {
    await connected(socket, proxy);
    if (proxy.protocol === 'socks5') await passSocks(socket, proxy, to, timeoutMs);
    else await passConnect(socket, proxy, to);
  } catch (error) {
    socket.destroy();
    throw proxyError(error);
  } finally {
    clearTimeout(timer);
  }
}

function connectTo({ protocol, host, port }: Proxy, { lookup, happyEyeballsMs, ca }: TunnelOptions): Socket {
  const way = { host, port, lookup, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: happyEyeballsMs };
  const socket =
    protocol === 'https'
      ? tlsConnect({ ...way, ALPNProtocols: ['http/1.1'], ...(ca === undefined ? {} : { ca }) })
      : tcpConnect(way);
  socket.setNoDelay(true);
  // Between the steps nobody else listens; whoever waits next sees that it is destroyed.
  socket.on('error', () => {});
  return socket;
}

/** Until the connection (and its TLS) stands. */
function connected(socket: Socket, { protocol }: Proxy): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(protocol === 'https' ? 'secureConnect' : 'connect', () => resolve());
    socket.once('error', reject);
    socket.once('close', () => reject(new ProxyError('closed')));
  });
}

/** RFC 9110 9.3.6. */
function passConnect(socket: Socket, proxy: Proxy, { host, port }: Destination): Promise<void> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const headers = { host: authority, 'proxy-connection': 'keep-alive', ...authorization(proxy) };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ method: 'CONNECT', path: authority, headers, createConnection: () => socket });
    request.once('error', reject);
    // A socket that is destroyed before the answer ends the request without an error of its own.
    request.once('close', () => reject(socket.errored ?? new ProxyError('closed')));
    request.once('connect', (response, _, head) => {
      const status = response.statusCode ?? 0;
      if (status < 200 || status > 299) reject(new ProxyError(String(status)));
      // Nothing may come before we have spoken: a proxy that says more is not one.
      else if (head.length > 0) reject(new ProxyError('protocol'));
      else resolve();
    });
    request.once('response', (response) => reject(new ProxyError(String(response.statusCode ?? 0))));
    request.end();
  });
}

function authorization({ user, password }: Proxy): Record<string, string> {
  if (user === null) return {};
  return { 'proxy-authorization': `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
}

/** RFC 1928 and RFC 1929. */
async function passSocks(socket: Socket, proxy: Proxy, to: Destination, timeoutMs: number): Promise<void> {
  const login = proxy.user === null ? {} : { userId: proxy.user, password: proxy.password ?? '' };
  try {
    await SocksClient.createConnection({
      proxy: { host: proxy.host, port: proxy.port, type: 5, ...login },
      command: 'connect',
      destination: to,
      timeout: timeoutMs,
      existing_socket: socket,
    });
  } catch (error) {
    // The library's errors carry the login, so they go no further.
    if (socket.errored instanceof ProxyError) throw socket.errored;
    throw new ProxyError(socksReason(error instanceof Error ? error.message : ''));
  }
}

/** Texts of the library, which gives its errors no codes. */
const SOCKS_REASONS: readonly (readonly [RegExp, string])[] = [
  [/authentication|no accepted/i, 'auth'],
  [/timed out/i, 'timeout'],
  [/socket closed/i, 'closed'],
  [/HostUnreachable|NetworkUnreachable/i, 'unreachable'],
  [/ConnectionRefused/i, 'refused'],
  [/NotAllowed/i, 'forbidden'],
];

const socksReason = (message: string): string => SOCKS_REASONS.find(([text]) => text.test(message))?.[1] ?? 'protocol';

/** Any error on the way as one of the proxy, by its code alone: texts of errors may name the proxy. */
function proxyError(error: unknown): unknown {
  if (error instanceof ProxyError || !(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return code === null ? error : new ProxyError(code);
}
