import type { LookupFunction, Socket } from 'node:net';
import { callbackify } from 'node:util';
import { buildConnector } from 'undici';
import type { Proxy } from '../proxy.ts';
import { openTunnel } from './tunnel.ts';

export interface ConnectOptions {
  /** A connection that is not open after this time is given up. Through a proxy: each of the proxy and the target's TLS. */
  readonly timeoutMs: number;
  readonly lookup: LookupFunction;
  /** Certificates to trust in place of the usual ones, PEM. */
  readonly ca?: string | undefined;
}

/** How long one address may take before the next is tried beside it. Source: RFC 8305 section 5. */
const HAPPY_EYEBALLS_MS = 250;
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** How sockets to targets are opened: directly, or through one proxy. Each is kept in `sockets` while it is open. */
export function createConnector(
  proxy: Proxy | null,
  { timeoutMs, lookup, ca }: ConnectOptions,
  sockets: Set<Socket>,
): buildConnector.connector {
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (socket.closed) sockets.delete(socket);
  };
  const direct = buildConnector({
    timeout: timeoutMs,
    // An aborted request must free its socket, and one stream must not hold up the others of its connection.
    allowH2: false,
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: HAPPY_EYEBALLS_MS,
    ...(ca === undefined ? {} : { ca }),
  });
  // Both give undici the socket at once, so that it can cut a connection that nobody waits for any more.
  const open = (options: buildConnector.Options, callback: buildConnector.Callback): unknown => {
    const socket: unknown = direct(options, callback);
    if (isSocket(socket)) keep(socket);
    return socket;
  };
  if (proxy === null) return open;
  return (options, callback): Socket => {
    const to = { host: options.hostname, port: Number(options.port) || (PORTS[options.protocol] ?? 443) };
    const tunnel = openTunnel(proxy, to, { timeoutMs, lookup, happyEyeballsMs: HAPPY_EYEBALLS_MS, ca });
    keep(tunnel.socket);
    // In callback style, so that an error thrown by undici's callback is not taken for a failed tunnel.
    callbackify(() => tunnel.open)((error) => {
      if (error !== null) callback(error, null);
      else if (options.protocol === 'https:') open({ ...options, httpSocket: tunnel.socket }, callback);
      else callback(null, tunnel.socket);
    });
    return tunnel.socket;
  };
}

const isSocket = (value: unknown): value is Socket =>
  typeof value === 'object' && value !== null && 'destroy' in value && 'closed' in value;
