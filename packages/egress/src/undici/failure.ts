import type { TransportVerdict } from '@asa/contract';
import { ProxyError } from '../proxy.ts';

interface Rule {
  readonly matches: RegExp;
  readonly verdict: TransportVerdict;
}

/**
 * Error codes of sockets, TLS, DNS and undici, and what they mean; the first row that matches decides. Certificate codes are
 * those of OpenSSL's `X509_V_ERR_*` as Node names them.
 */
const RULES: readonly Rule[] = [
  { matches: /^(UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT)$/, verdict: 'timeout' },
  { matches: /^(UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_EXCEEDED_MAX_SIZE)$/, verdict: 'too_large' },
  { matches: /^(EPROTO$|ERR_TLS_|ERR_SSL_)|CERT|CRL_|_CRL|HOSTNAME_MISMATCH/, verdict: 'tls' },
  { matches: /^(INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/, verdict: 'tls' },
  { matches: /^(E(?!RR_)[A-Z_]+|ERR_STREAM_PREMATURE_CLOSE|ERR_SOCKET_[A-Z_]+)$/, verdict: 'connection' },
  {
    matches: /^UND_ERR_(SOCKET|RES_CONTENT_LENGTH_MISMATCH|DESTROYED|CLOSED|INFO|ABORTED)$/,
    verdict: 'connection',
  },
];

/** Node reports a peer that hangs up in the middle of the handshake as a plain reset; only its text tells. */
const HANDSHAKE_CUT = /before secure TLS connection/;

/** undici gives its parser's errors no code. */
const NOT_HTTP = 'HTTPParserError';

/** What an error of the client means, or null when it is no fault of the network or the server but a bug. Pure. */
export function classifyError(error: unknown): { verdict: TransportVerdict; reason: string } | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof ProxyError) return { verdict: 'proxy', reason: error.reason };
  if (error.name === NOT_HTTP) return { verdict: 'connection', reason: 'not_http' };
  const code = codeOf(error);
  if (code === null) return null;
  if (HANDSHAKE_CUT.test(error.message)) return { verdict: 'tls', reason: code };
  const rule = RULES.find(({ matches }) => matches.test(code));
  return rule === undefined ? null : { verdict: rule.verdict, reason: code };
}

/** The code of an error, or of the socket error that undici wraps in it. */
function codeOf(error: Error): string | null {
  const { cause } = error;
  const own = 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (cause instanceof Error && (own === null || own === 'UND_ERR_SOCKET' || own === 'UND_ERR_ABORTED')) {
    return codeOf(cause) ?? own;
  }
  return own;
}
