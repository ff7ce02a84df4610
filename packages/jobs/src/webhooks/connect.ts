import type { LookupAddress, LookupOptions } from 'node:dns';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { callbackify } from 'node:util';
import type { buildConnector } from 'undici';
import { addressAllowed } from './address.ts';
import type { Resolve } from './resolve.ts';
import type { TargetPolicy } from './target.ts';

/** The target is not one that events may be sent to. Its text names no address. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** Addresses that one connection may try. */
const MAX_ADDRESSES = 8;

export interface GuardOptions {
  readonly policy: TargetPolicy;
  readonly resolve: Resolve;
  /** Certificates of authorities to trust instead of the usual ones. */
  readonly ca?: string;
  /** Opens the connection itself; for tests that play a network which leads elsewhere. */
  readonly tcp?: typeof connectTcp;
  /** Addresses of this very machine, which may be public ones. */
  readonly own?: () => ReadonlySet<string>;
}

/**
 * Makes connections for undici that lead only to allowed addresses. A name is resolved once, by the connection itself, and refused when any of its
 * addresses is not allowed; so there is no moment between check and connection at which it could change. What the socket is really connected to is checked
 * again before the first byte is written, TLS included.
 * @param signal destroys what is being connected
 */
export function guardedConnector(options: GuardOptions, signal: AbortSignal): buildConnector.connector {
  const { policy, resolve, tcp = connectTcp, own = ownAddresses } = options;
  const allowed = (address: string): boolean =>
    addressAllowed(address, policy) && (policy.allowPrivate || !own().has(address));

  return ({ hostname, port, protocol, servername }, callback) => {
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(host) !== 0 && !allowed(host)) {
      callback(refused(), null);
      return;
    }
    const socket = tcp({
      host,
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
      lookup: guardedLookup((name) => resolve(name, signal), allowed),
      autoSelectFamily: true,
      noDelay: true,
      signal,
    });
    let settled = false;
    const fail = (error: Error): void => {
      socket.destroy();
      if (settled) return;
      settled = true;
      callback(error, null);
    };
    const done = (ready: Socket): void => {
      settled = true;
      callback(null, ready);
    };
    // They stay: an error that nobody hears ends the process.
    socket.on('error', fail);
    socket.once('connect', () => {
      if (socket.remoteAddress === undefined || !allowed(socket.remoteAddress)) {
        fail(refused());
        return;
      }
      if (protocol !== 'https:') {
        done(socket);
        return;
      }
      const name = servername ?? (isIP(host) === 0 ? host : '');
      const secure = connectTls({
        socket,
        host,
        ...(name === '' ? {} : { servername: name }),
        ALPNProtocols: ['http/1.1'],
        ...(options.ca === undefined ? {} : { ca: options.ca }),
      });
      secure.on('error', fail);
      secure.once('secureConnect', () => done(secure));
    });
  };
}

function guardedLookup(
  resolve: (hostname: string) => ReturnType<Resolve>,
  allowed: (address: string) => boolean,
): LookupFunction {
  return callbackify(async (hostname: string, _options: LookupOptions): Promise<LookupAddress[]> => {
    const addresses = await resolve(hostname);
    // One bad address makes the name bad: which of them is tried first is chance.
    if (!addresses.every(allowed)) throw refused();
    return addresses.slice(0, MAX_ADDRESSES).map((address) => ({ address, family: isIP(address) }));
  });
}

const refused = (): RefusedError => new RefusedError('its address is not a public one');

const ownAddresses = (): ReadonlySet<string> =>
  new Set(Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)));
