import { CLIENT_CODES, CODES, FAMILIES } from './generated/tables.ts';
import { codeRow, fixedWaitMs, retryAfterMs, retryability, statusRow } from './retry.ts';

/** A family of errors: one subclass of `AmazonScraperAPIError` each. */
export type ErrorFamily = keyof typeof FAMILIES;
/** A code of the service. */
export type ServiceErrorCode = keyof typeof CODES;
/** A code that only this client says. */
export type ClientErrorCode = keyof typeof CLIENT_CODES;
/** Any code: of the service, of the client, `http_<status>` for an answer without a code, or one that a newer service sends. */
export type ErrorCode = ServiceErrorCode | ClientErrorCode | `http_${number}` | (string & {});

/** What an error is made of. */
export interface ErrorFacts {
  readonly family: ErrorFamily;
  readonly code: ErrorCode;
  readonly message: string;
  readonly status: number | null;
  readonly docsUrl: string | null;
  readonly requestId: string | null;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  readonly attempts: number;
}

/**
 * Whatever can go wrong with a call. `code` says what it was; the subclass, what to do about it.
 * Only mistakes in the use of this client itself (a missing key, a broken base URL) throw a `TypeError` instead.
 */
export class AmazonScraperAPIError extends Error {
  override name = 'AmazonScraperAPIError';
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** What can be done about it, roughly; the same as the subclass. */
  readonly family: ErrorFamily;
  /** HTTP status of the last answer; null when none came. */
  readonly status: number | null;
  /** Where the documentation explains the code; null when the answer did not say. */
  readonly docsUrl: string | null;
  /** Id of the request, for its trace and for support; null when no answer came. */
  readonly requestId: string | null;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** How long to wait before the next try, in milliseconds; null when nothing is known. */
  readonly retryAfterMs: number | null;
  /** How often this client sent the request. */
  readonly attempts: number;

  /** @internal made by the client */
  constructor(facts: ErrorFacts, options?: ErrorOptions) {
    super(facts.message, options);
    this.code = facts.code;
    this.family = facts.family;
    this.status = facts.status;
    this.docsUrl = facts.docsUrl;
    this.requestId = facts.requestId;
    this.retryable = facts.retryable;
    this.retryAfterMs = facts.retryAfterMs;
    this.attempts = facts.attempts;
  }

  /** What is safe and useful in a log: everything but the stack. */
  toJSON(): Record<string, unknown> {
    return { ...(this as object), message: this.message };
  }
}

/** `invalid_params`, `not_implemented`: the request is wrong; correct it. */
export class InvalidRequestError extends AmazonScraperAPIError {
  override name = 'InvalidRequestError';
}
/** `unauthorized`, `revoked`: the key is missing, unknown or revoked. */
export class AuthenticationError extends AmazonScraperAPIError {
  override name = 'AuthenticationError';
}
/** `insufficient_credits`: top up, or wait for the monthly reset. */
export class InsufficientCreditsError extends AmazonScraperAPIError {
  override name = 'InsufficientCreditsError';
}
/** `forbidden_region`: the exit country is not on the plan, or not available. */
export class ForbiddenRegionError extends AmazonScraperAPIError {
  override name = 'ForbiddenRegionError';
}
/** `not_found`, `product_not_found`: there is no such product, path or id. */
export class NotFoundError extends AmazonScraperAPIError {
  override name = 'NotFoundError';
}
/** `rate_limited`: over the rate or concurrency ceiling of the key. */
export class RateLimitError extends AmazonScraperAPIError {
  override name = 'RateLimitError';
}
/** `upstream_timeout`: the marketplace was too slow. */
export class UpstreamTimeoutError extends AmazonScraperAPIError {
  override name = 'UpstreamTimeoutError';
}
/** `blocked_by_amazon`, `target_unreachable`: the marketplace refused, or no usable page came. */
export class UpstreamError extends AmazonScraperAPIError {
  override name = 'UpstreamError';
}
/** `extraction_failed`, `asin_mismatch`, `generic_gallery_page`: the page is not the one asked for, or cannot be read. */
export class PageError extends AmazonScraperAPIError {
  override name = 'PageError';
}
/** `internal_error`, `capacity`: the service failed, or is at its limit. */
export class ServerError extends AmazonScraperAPIError {
  override name = 'ServerError';
}
/** `connection_failed`, `request_timeout`, `deadline_exceeded`: no answer of the service arrived in time. */
export class APIConnectionError extends AmazonScraperAPIError {
  override name = 'APIConnectionError';
}
/** `invalid_response`, a redirect: an answer that is not the service's. */
export class InvalidResponseError extends AmazonScraperAPIError {
  override name = 'InvalidResponseError';
}
/** `cancelled`: by the caller's signal; its reason is the `cause`. */
export class CancelledError extends AmazonScraperAPIError {
  override name = 'CancelledError';
}

const CLASSES: Readonly<Record<ErrorFamily, typeof AmazonScraperAPIError>> = {
  request: InvalidRequestError,
  auth: AuthenticationError,
  billing: InsufficientCreditsError,
  region: ForbiddenRegionError,
  not_found: NotFoundError,
  rate_limit: RateLimitError,
  timeout: UpstreamTimeoutError,
  upstream: UpstreamError,
  page: PageError,
  server: ServerError,
  connection: APIConnectionError,
  response: InvalidResponseError,
  cancelled: CancelledError,
};

/** Makes the error of the right class. */
export const makeError = (facts: ErrorFacts, options?: ErrorOptions): AmazonScraperAPIError =>
  new CLASSES[facts.family](facts, options);

/** An error that this client itself states. */
export function clientError(
  code: ClientErrorCode,
  message: string,
  attempts: number,
  options: ErrorOptions & { readonly status?: number | null; readonly requestId?: string | null } = {},
): AmazonScraperAPIError {
  const { status = null, requestId = null, ...rest } = options;
  const { family, retryable } = CLIENT_CODES[code];
  return makeError(
    { family, code, message, status, docsUrl: null, requestId, retryable, retryAfterMs: null, attempts },
    rest,
  );
}

/** An answer that is an error, as it came. */
export interface ErrorAnswer {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly text: string;
}

/** The code of an error body; null when the body is not one of the service's. */
export const codeOf = (text: string): string | null => serviceBody(text)?.error ?? null;

/** The typed error of an error answer. `now` in milliseconds, for a `Retry-After` that is a date. Pure. */
export function errorFacts({ status, header, text }: ErrorAnswer, attempts: number, now: number): ErrorFacts {
  const body = serviceBody(text);
  const code = body?.error ?? null;
  const { family } = codeRow(code) ?? statusRow(status);
  const { retryable } = retryability(status, code, header);
  const asked = retryAfterMs(header('retry-after'), now);
  return {
    family,
    code: code ?? `http_${status}`,
    message: body?.message ?? foreignMessage(status, header('location'), text),
    status,
    docsUrl: textOf(body?.docs_url),
    requestId: textOf(body?.request_id) ?? header('x-request-id'),
    retryable,
    retryAfterMs: asked ?? (retryable ? fixedWaitMs(status, code) : null),
    attempts,
  };
}

/** Characters of a foreign answer that the message shows. */
const SHOWN = 200;

function foreignMessage(status: number, location: string | null, text: string): string {
  const shown = text
    .replaceAll(/<(script|style)\b[^>]*>.*?<\/\1>|<[^>]*>/gis, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const where = location === null ? '' : `: a redirect to ${location}, which is not followed; check the base URL`;
  const what = shown === '' ? '' : `: ${shown.slice(0, SHOWN)}`;
  return `HTTP ${status}, not an answer of the service${where}${what}`;
}

interface ServiceBody {
  readonly error: string;
  readonly message: string;
  readonly docs_url?: unknown;
  readonly request_id?: unknown;
}

function serviceBody(text: string): ServiceBody | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('error' in value) || !('message' in value)) return null;
    return typeof value.error === 'string' && typeof value.message === 'string' ? (value as ServiceBody) : null;
  } catch {
    return null; // Not JSON: somebody between has answered.
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
