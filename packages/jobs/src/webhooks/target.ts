import { isIP } from 'node:net';
import { addressAllowed } from './address.ts';

/** Where events may go. */
export interface TargetPolicy {
  /** True for those who host the service for themselves: plain http, any port, and addresses of their own networks. */
  readonly allowPrivate: boolean;
}

const MAX_URL = 2048;
/** Ports of public targets: those of https. */
const PORTS: ReadonlySet<string> = new Set(['', '443', '8443']);
/** Ends of names that belong to one network, never to the internet (RFC 6761, 6762, 7686, 8375, ICANN's `internal`, and habit). */
const INNER_NAMES = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|onion)$/;
const AUTHORITY = /^https?:\/\/([^/?#]*)/i;

export type Target =
  | { readonly url: URL; readonly problems: readonly [] }
  | { readonly url: null; readonly problems: readonly string[] };

/**
 * Reads the address of a webhook as a caller wrote it. Pure: names are not resolved here but when an event is sent, on the very connection it goes
 * over.
 * @param name of the parameter, for the messages
 * @returns the URL to send to, or everything that is wrong with it, each with what to do
 */
export function readTarget(raw: unknown, policy: TargetPolicy, name = 'webhook_url'): Target {
  const { url, problems } = check(raw, policy);
  return url !== null && problems.length === 0
    ? { url, problems: [] }
    : { url: null, problems: problems.map((problem) => `${name} ${problem}`) };
}

type Checked = { readonly url: URL | null; readonly problems: readonly string[] };
const wrong = (problem: string): Checked => ({ url: null, problems: [problem] });

function check(raw: unknown, policy: TargetPolicy): Checked {
  const schemes = policy.allowPrivate ? 'https or http' : 'https';
  if (typeof raw !== 'string') return wrong('must be a text, the URL that events are sent to');
  if (raw.length > MAX_URL) return wrong(`has ${raw.length} characters; ${MAX_URL} are allowed`);
  // Parsers differ in what they make of these, and that is what they are used for.
  if (/[^\x21-\x7e]|\\/.test(raw))
    return wrong(
      'has a space, a backslash, a control character or a letter beyond ASCII in it; write names in their ASCII form (xn--...) and encode the rest with %',
    );
  const authority = AUTHORITY.exec(raw)?.[1];
  if (authority === undefined || !URL.canParse(raw)) return wrong(`is not an absolute ${schemes} URL`);
  const url = new URL(raw);
  const problems = [...problemsOf(url, policy, schemes)];
  // The parser makes 127.0.0.1 of 0x7f.1, 2130706433, %31%32%37... A host that is honestly meant is written as it is read.
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  if (host.toLowerCase() !== url.hostname)
    problems.push(`writes its host in another form than ${url.hostname}; use that`);
  if (raw.includes('#')) problems.push('has a fragment (#...), which is never sent; leave it out');
  return { url, problems };
}

function* problemsOf(url: URL, policy: TargetPolicy, schemes: string): Iterable<string> {
  if (url.protocol === 'http:' && !policy.allowPrivate) yield 'starts with http; only https is allowed';
  else if (!/^https?:$/.test(url.protocol)) yield `is not an absolute ${schemes} URL`;
  if (url.username !== '' || url.password !== '')
    yield 'has credentials in it; check the signature of what you receive instead';
  if (!policy.allowPrivate && !PORTS.has(url.port)) yield `uses port ${url.port}; 443 and 8443 are allowed`;
  yield* problemsOfHost(url.hostname, policy);
}

function* problemsOfHost(hostname: string, policy: TargetPolicy): Iterable<string> {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0) {
    if (!addressAllowed(address, policy)) yield `points at ${hostname}, which is not a public address`;
    return;
  }
  if (hostname.endsWith('.')) yield `has a full stop at the end of its host ${hostname}; leave it out`;
  const bare = hostname.replace(/\.+$/, '');
  if (!policy.allowPrivate && (!bare.includes('.') || INNER_NAMES.test(bare)))
    yield `points at ${hostname}, which is a name of a private network; use a public one`;
}
