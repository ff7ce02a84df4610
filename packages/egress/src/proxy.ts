/** Where a proxy listens and what it wants to know. Never shown. */
export interface Proxy {
  readonly protocol: ProxyProtocol;
  readonly host: string;
  readonly port: number;
  readonly user: string | null;
  readonly password: string | null;
}

export type ProxyProtocol = 'http' | 'https' | 'socks5';

/** Ports that a URL without one means. */
const PORTS: Readonly<Record<ProxyProtocol, number>> = { http: 80, https: 443, socks5: 1080 };

/** A proxy from its URL (`http`, `https` or `socks5`; user and password percent-encoded), or null when it is none. Pure. */
export function parseProxy(text: string): Proxy | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const protocol = url.protocol.slice(0, -1);
  if (protocol !== 'http' && protocol !== 'https' && protocol !== 'socks5') return null;
  const user = decoded(url.username);
  const password = decoded(url.password);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === '' || user === null || password === null) return null;
  return {
    protocol,
    host,
    port: url.port === '' ? PORTS[protocol] : Number(url.port),
    user: url.username === '' && url.password === '' ? null : user,
    password: url.username === '' && url.password === '' ? null : password,
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** A proxy that refused, failed or could not be reached. Holds a short reason and nothing of the proxy. */
export class ProxyError extends Error {
  /** undici takes an error with one of its own codes for something else. */
  readonly code = 'ASA_PROXY';
  /** `proxy_407`, `proxy_ECONNREFUSED`, `proxy_timeout`, `proxy_auth`, ... */
  readonly reason: string;

  constructor(what: string) {
    super(`proxy_${what}`);
    this.name = 'ProxyError';
    this.reason = `proxy_${what}`;
  }
}
