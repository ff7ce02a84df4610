import { RefusedError } from './connect.ts';

/** What the owner of a webhook is told about an attempt without an answer. No address, no name of a machine, nothing of ours. */
const TEXTS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name does not resolve',
  ENODATA: 'its name does not resolve',
  ENODOMAIN: 'its name does not resolve',
  EAI_AGAIN: 'its name does not resolve at the moment',
  ESERVFAIL: 'its name does not resolve at the moment',
  ETIMEOUT: 'its name servers do not answer',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'it cannot be reached',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of its answer are too long',
};
const TIMEOUTS: ReadonlySet<string> = new Set([
  'ABORT_ERR',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
/** Codes of OpenSSL about certificates; they name what is wrong and nothing else. */
const CERTIFICATE = /^(?:[A-Z_]*CERT[A-Z_]*|UNABLE_TO_[A-Z_]+|HOSTNAME_MISMATCH)$/;

/** Why an attempt failed, in words that can be shown. */
export function failureText(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'the connection failed';
  if (error instanceof RefusedError) return error.message;
  const code = codeOf(error);
  if (error.name === 'TimeoutError' || TIMEOUTS.has(code)) return `no answer within ${timeoutMs / 1000} s`;
  const known = TEXTS[code];
  if (known !== undefined) return known;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is for another name';
  if (CERTIFICATE.test(code)) return `its certificate is not valid (${code})`;
  if (/^(?:ERR_SSL_|ERR_TLS_|EPROTO)/.test(code)) return 'it does not speak TLS as it should';
  if (error.name === 'HTTPParserError') return 'its answer is not HTTP';
  return 'the connection failed';
}

/** When several addresses were tried, the first failure speaks for all. */
function codeOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) {
    const [first] = error.errors as readonly unknown[];
    if (first instanceof Error) return codeOf(first);
  }
  return error.cause instanceof Error ? codeOf(error.cause) : '';
}
