import { lookup, Resolver } from 'node:dns/promises';

/** The addresses of a name, all of them; rejects when there is none. Text form, IPv4 and IPv6. The signal ends the questions. */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<readonly string[]>;

/** A name server has this long, twice; the whole attempt is bounded besides. */
const TIMEOUT_MS = 2500;
const TRIES = 2;

/**
 * Asks the name servers and nobody else: no hosts file and no search list, so no name of an inner network is completed, and no thread of the
 * process is held by a name server that never answers.
 */
export function dnsResolve(servers?: readonly string[]): Resolve {
  return async (hostname, signal) => {
    // One resolver each: an answer is never shared between the attempts.
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
    if (servers !== undefined) resolver.setServers(servers);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel);
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    signal.removeEventListener('abort', cancel);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length > 0) return addresses;
    throw answers[0].status === 'rejected' ? answers[0].reason : new Error('No address.');
  };
}

/** As the machine itself resolves names, hosts file included: for those who send events to neighbours. */
export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);
