import type { TransportVerdict } from '@asa/contract';

interface Rule {
  /** Name of the error's class. */
  readonly name?: RegExp;
  /** Text of the native error below. */
  readonly text?: RegExp;
  /** Only for requests through a proxy. */
  readonly proxied?: true;
  readonly verdict: TransportVerdict;
  readonly reason: string;
}

/**
 * What the errors of impit mean; the first row that matches decides. Errors while a body is read come without a class, and certificate
 * errors as failed connections: only the text of the native error tells.
 */
const RULES: readonly Rule[] = [
  { name: /^ProxyAuthRequired$/, verdict: 'proxy', reason: 'proxy_407' },
  { name: /^Proxy/, verdict: 'proxy', reason: 'proxy_tunnel' },
  { proxied: true, text: /socks|tunnel|proxy/i, verdict: 'proxy', reason: 'proxy_tunnel' },
  { text: /certificate|handshake|TlsError|tls error|InvalidCertificate|AlertReceived/i, verdict: 'tls', reason: 'tls' },
  { proxied: true, name: /^ConnectError$/, verdict: 'proxy', reason: 'proxy_connect' },
  { name: /Timeout/, verdict: 'timeout', reason: 'timeout' },
  { text: /TimedOut|operation timed out/, verdict: 'timeout', reason: 'timeout' },
  { name: /^DecodingError$/, verdict: 'undecodable', reason: 'body' },
  { text: /kind: Decode(?!.*hyper::)/s, verdict: 'undecodable', reason: 'body' },
  { text: /kind: (?:Body|Decode|Request)/, verdict: 'connection', reason: 'body' },
  { name: /^ConnectError$/, verdict: 'connection', reason: 'connect' },
  {
    name: /^(?:Read|Write|Close|Network|Transport|Request|Protocol|LocalProtocol|RemoteProtocol)Error$/,
    verdict: 'connection',
    reason: 'protocol',
  },
];

/**
 * What an error of impit means, or null when it is a bug. Only our words come out: the texts of impit may show the proxy. Pure.
 */
export function classifyImpitError(
  error: unknown,
  isProxied: boolean,
): { readonly verdict: TransportVerdict; readonly reason: string } | null {
  if (!(error instanceof Error)) return null;
  const rule = RULES.find(
    ({ name, text, proxied }) =>
      (name === undefined || name.test(error.name)) &&
      (text === undefined || text.test(error.message)) &&
      (proxied !== true || isProxied),
  );
  if (rule === undefined) return null;
  const status = rule.reason === 'proxy_tunnel' && 'status' in error ? String(error.status) : null;
  return { verdict: rule.verdict, reason: status === null ? rule.reason : `proxy_${status}` };
}
