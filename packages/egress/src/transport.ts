import type { TransportVerdict } from '@asa/contract';

/** A page as it came over the wire. Decoding is the reader's work (`decodeBody`), in its own thread. */
export interface Fetched {
  /** Final URL, after redirects; without user info. */
  readonly url: string;
  readonly status: number;
  /** Lower-case names; several values joined with `, `; without `set-cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentEncoding: string | null;
  readonly contentType: string | null;
  /** Still encoded as `contentEncoding` says, as far as the transport can leave it so. Owns its whole buffer, so a reader may transfer it. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Why no page arrived. */
export interface TransportFailure {
  readonly verdict: TransportVerdict;
  /** Short code for the trace (ECONNRESET, attempt_time, content_length, ...); never a proxy or a secret. */
  readonly reason: string;
  /** URL of the hop that failed. */
  readonly url: string;
  /** HTTP status when one arrived. */
  readonly status: number | null;
  /** Bytes of the body received before it failed. */
  readonly bytes: number;
}

/** The cookies of one session, as a transport needs them. */
export interface CookieKeeper {
  /** Value of the `Cookie` header for this URL, or null when there is none. */
  cookieHeader(url: URL): string | null;
  /** Takes the `Set-Cookie` values of an answer. Never throws: a bad cookie is left out. */
  keepCookies(url: URL, setCookie: readonly string[]): void;
}

export interface TransportRequest {
  readonly url: string;
  /** In the order in which they are sent; without `Cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborts at once; the answer is then a `timeout` with reason `aborted`. */
  readonly signal: AbortSignal;
  /** Time for connecting, headers and body over all hops together, in ms. */
  readonly timeoutMs: number;
  /** Limit of the encoded body, in bytes. */
  readonly maxBytes: number;
  readonly session: CookieKeeper;
  /** Proxy URL with its credentials, or null (the default) for none. */
  readonly proxy?: string | null;
  /** The browser to be below HTTP, one of the transport's `fingerprints`; null (the default): the transport's own. */
  readonly fingerprint?: string | null;
}

export type TransportResult =
  | { readonly ok: true; readonly fetched: Fetched }
  | { readonly ok: false; readonly failure: TransportFailure };

/**
 * One way to bring a page. Whatever a server or a network does is an ordinary result; only a bug rejects.
 * Follows redirects within the host, keeps cookies over the hops and frees every socket of an aborted request.
 */
export interface Transport {
  fetch(request: TransportRequest): Promise<TransportResult>;
  /** Browsers whose TLS and HTTP/2 it can imitate. Absent: it speaks as itself. */
  readonly fingerprints?: readonly string[];
  /** Sockets open now, those still connecting included. Absent: it cannot tell. */
  openSockets?(): number;
  /** Cuts what is in flight and frees every socket. Idempotent. */
  close(): Promise<void>;
}
