import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';

/** The system's resolver does not say how long an answer is good for; half a minute follows a change soon enough. */
const TTL_MS = 30_000;
const MAX_NAMES = 1000;

type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

interface Entry {
  readonly until: number;
  readonly addresses: Promise<readonly LookupAddress[]>;
}

interface Options {
  readonly now?: () => number;
  readonly resolve?: Resolve;
}

/**
 * A `lookup` for sockets that remembers addresses (both families, in the resolver's order, so that happy eyeballs can choose), asks
 * once for a name that many want, forgets failures at once and the oldest names first.
 */
export function createDnsCache({ now = Date.now, resolve = resolveAll }: Options = {}): LookupFunction {
  const entries = new Map<string, Entry>();

  const ask = (name: string): Promise<readonly LookupAddress[]> => {
    const known = entries.get(name);
    if (known !== undefined && known.until > now()) return known.addresses;
    const entry: Entry = { until: now() + TTL_MS, addresses: resolve(name) };
    entries.delete(name);
    entries.set(name, entry);
    entry.addresses.catch(() => {
      if (entries.get(name) === entry) entries.delete(name);
    });
    const [oldest] = entries.keys();
    if (entries.size > MAX_NAMES && oldest !== undefined) entries.delete(oldest);
    return entry.addresses;
  };

  return (name, options, callback) => {
    const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0);
    // In callback style, so that an error thrown by the socket's callback is not taken for a failed lookup.
    callbackify(ask)(name, (error, all) => {
      const fitting = all?.filter((address) => family === 0 || address.family === family) ?? [];
      const [first] = fitting;
      const failure = error ?? (first === undefined ? notFound(name) : null);
      if (failure !== null || first === undefined) callback(failure, options.all === true ? [] : '');
      else if (options.all === true) callback(null, fitting);
      else callback(null, first.address, first.family);
    });
  };
}

const resolveAll: Resolve = (name) =>
  new Promise((resolve, reject) => {
    systemLookup(name, { all: true, order: 'verbatim' }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });

function notFound(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address of the family asked for: ${name}`), { code: 'ENOTFOUND' });
}
