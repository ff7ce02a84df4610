/**
 * The error catalogue (contract section 4). One row per code; the server's answers, `spec/errors.json`, the OpenAPI
 * document, the docs page with its anchors, the clients' retry tables and the metrics labels all come from it.
 * Codes are permanent: never rename or reuse one.
 */

/** How `Retry-After` is decided: never sent, a fixed number of seconds, or computed where the error is raised. */
type RetryAfter =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly seconds: number }
  | { readonly kind: 'computed' };

/** What a caller can do about it, roughly: errors of one family share a class in the clients and an exit code of the command. */
export type ErrorFamily =
  | 'request'
  | 'auth'
  | 'billing'
  | 'region'
  | 'not_found'
  | 'rate_limit'
  | 'timeout'
  | 'upstream'
  | 'page'
  | 'server';

interface ErrorRow {
  readonly status: number;
  readonly family: ErrorFamily;
  /** The room that raises it. */
  readonly owner: 'gateway' | 'accounts' | 'contract' | 'scrape' | 'egress' | 'extract';
  /** The stage of a request's life that raises it (see ARCHITECTURE.md). */
  readonly stage: 'route' | 'identify' | 'limit' | 'parse' | 'reserve' | 'fetch' | 'judge' | 'extract' | 'any';
  readonly retryable: boolean;
  readonly retryAfter: RetryAfter;
  /** One line for tables. */
  readonly title: string;
  /** When it happens. */
  readonly when: string;
  /** What the caller should do. */
  readonly remedy: string;
}

const NONE: RetryAfter = { kind: 'none' };
const COMPUTED: RetryAfter = { kind: 'computed' };
const seconds = (n: number): RetryAfter => ({ kind: 'fixed', seconds: n });

export const ERRORS = {
  invalid_params: {
    status: 400,
    family: 'request',
    owner: 'contract',
    stage: 'parse',
    retryable: false,
    retryAfter: NONE,
    title: 'A parameter or the body is wrong',
    when: 'A parameter or the request body has a problem. The message names every problem at once.',
    remedy: 'Correct the request; the same request will fail again.',
  },
  unauthorized: {
    status: 401,
    family: 'auth',
    owner: 'accounts',
    stage: 'identify',
    retryable: false,
    retryAfter: NONE,
    title: 'No valid API key',
    when: 'No key was sent, the key is malformed or unknown, or two different keys were sent.',
    remedy: 'Send one valid key as `Authorization: Bearer`, `X-API-Key` or `?api_key=`.',
  },
  revoked: {
    status: 401,
    family: 'auth',
    owner: 'accounts',
    stage: 'identify',
    retryable: false,
    retryAfter: NONE,
    title: 'The API key was revoked',
    when: 'The key existed and was revoked.',
    remedy: 'Use another key of the workspace, or make a new one.',
  },
  insufficient_credits: {
    status: 402,
    family: 'billing',
    owner: 'accounts',
    stage: 'reserve',
    retryable: false,
    retryAfter: NONE,
    title: 'Not enough credits',
    when: 'The allowance and the top-up together are less than the request costs, and auto-top-up is off or failed.',
    remedy: 'Top up or wait for the monthly reset, then send the request again.',
  },
  forbidden_region: {
    status: 403,
    family: 'region',
    owner: 'gateway',
    stage: 'parse',
    retryable: false,
    retryAfter: NONE,
    title: 'The exit country is not available',
    when: '`country` is not part of the plan, or there is no exit in that country.',
    remedy: 'Leave `country` out, choose another one, or change the plan.',
  },
  not_found: {
    status: 404,
    family: 'not_found',
    owner: 'gateway',
    stage: 'route',
    retryable: false,
    retryAfter: NONE,
    title: 'Unknown path or id',
    when: 'The path is unknown, the method is not one of the path, or an id is unknown or belongs to another workspace.',
    remedy: 'Check the path, the method (see `Allow`) and the id.',
  },
  product_not_found: {
    status: 404,
    family: 'not_found',
    owner: 'extract',
    stage: 'judge',
    retryable: false,
    retryAfter: NONE,
    title: 'The marketplace has no such page',
    when: 'The marketplace says that the page does not exist, by status 404 or by its not-found page under another status.',
    remedy: 'Check the ASIN and the domain; remove the ASIN from your set when it is gone.',
  },
  upstream_timeout: {
    status: 408,
    family: 'timeout',
    owner: 'egress',
    stage: 'fetch',
    retryable: true,
    retryAfter: seconds(2),
    title: 'The marketplace was too slow',
    when: 'The time for all upstream work ran out, or the attempts are used up and the last one timed out.',
    remedy: 'Send it again after 2 seconds, at most three times.',
  },
  blocked_by_amazon: {
    status: 422,
    family: 'upstream',
    owner: 'extract',
    stage: 'judge',
    retryable: true,
    retryAfter: seconds(60),
    title: 'The marketplace answered with a challenge',
    when: 'The attempts are used up and the last one brought a challenge page, a sign-in page or an Amazon 503.',
    remedy: 'Send it again after a minute or more; slow down when it happens often.',
  },
  rate_limited: {
    status: 429,
    family: 'rate_limit',
    owner: 'accounts',
    stage: 'limit',
    retryable: true,
    retryAfter: COMPUTED,
    title: 'Over the rate or concurrency ceiling',
    when: "The key's request rate or its number of requests in flight is over its ceiling. The message says which.",
    remedy: 'Wait for `Retry-After` seconds, then send it again.',
  },
  internal_error: {
    status: 500,
    family: 'server',
    owner: 'gateway',
    stage: 'any',
    retryable: true,
    retryAfter: seconds(5),
    title: 'A bug of ours',
    when: 'Something unforeseen failed in the service. It is logged with its stack under the request id.',
    remedy: 'Send it again after 5 seconds; when it stays, report the request id.',
  },
  not_implemented: {
    status: 501,
    family: 'request',
    owner: 'contract',
    stage: 'parse',
    retryable: false,
    retryAfter: NONE,
    title: 'A reserved parameter',
    when: '`render_js` or `screenshot` was sent; both names are reserved for later.',
    remedy: 'Leave the parameter out.',
  },
  target_unreachable: {
    status: 502,
    family: 'upstream',
    owner: 'egress',
    stage: 'fetch',
    retryable: true,
    retryAfter: seconds(60),
    title: 'No usable page arrived',
    when: 'The attempts are used up and the last one brought no usable page: a failed connection, TLS or proxy, a refusal without a recognised challenge, a redirect loop or a redirect to another host, a body cut short, undecodable or over the size limit.',
    remedy: 'Send it again after a minute or more.',
  },
  extraction_failed: {
    status: 502,
    family: 'page',
    owner: 'extract',
    stage: 'extract',
    retryable: true,
    retryAfter: seconds(2),
    title: 'A page arrived that could not be read',
    when: 'A page that is no block page showed no product or no result list, also in one more try with a fresh session. A ticket with the page was filed.',
    remedy: 'Send it again after 2 seconds; another layout is often served then.',
  },
  asin_mismatch: {
    status: 502,
    family: 'page',
    owner: 'extract',
    stage: 'judge',
    retryable: false,
    retryAfter: NONE,
    title: "Another product's page was served",
    when: 'The page is of another product than the one asked for. The message names both ASINs.',
    remedy: 'Replace the ASIN by the one in the message if that is the product you mean.',
  },
  generic_gallery_page: {
    status: 502,
    family: 'page',
    owner: 'extract',
    stage: 'judge',
    retryable: false,
    retryAfter: NONE,
    title: 'A shelf of other products was served',
    when: 'The product URL was answered by a shelf of other products, usually because the product is delisted.',
    remedy: 'Remove the ASIN from your set.',
  },
  capacity: {
    status: 503,
    family: 'server',
    owner: 'gateway',
    stage: 'reserve',
    retryable: true,
    retryAfter: COMPUTED,
    title: 'The service is at its limit',
    when: 'The service sheds load: too many requests in flight, a busy event loop, or a store that is not ready.',
    remedy: 'Wait for `Retry-After` seconds, then send it again.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;
export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];
export const errorRow = (code: ErrorCode): ErrorRow => ERRORS[code];

/** Where the docs page of the errors lives, below the public URL. */
export const ERRORS_PAGE = '/docs/guides/errors';

/**
 * An error of the table, with the text for the caller.
 * `message` is public: what was wrong, the offending value, what is allowed; never a stack, a proxy, a host of ours or a secret.
 * What only the log may see goes into `cause`.
 */
export class ApiError extends Error {
  readonly code: ErrorCode;
  /** Seconds for `Retry-After`; required where the table says `computed`, ignored where it says `none`. */
  readonly retryAfterSeconds: number | null;
  /** Methods for the `Allow` header (only `not_found` on a known path). */
  readonly allow: readonly string[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { retryAfterSeconds?: number; allow?: readonly string[]; cause?: unknown } = {},
  ) {
    // An outcome of the table is no bug: where it was thrown is read by nobody, and to find it out costs more than a whole rejection.
    const frames = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    Error.stackTraceLimit = frames;
    this.name = 'ApiError';
    this.code = code;
    this.allow = options.allow ?? [];
    this.retryAfterSeconds = secondsFor(code, options.retryAfterSeconds);
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}

function secondsFor(code: ErrorCode, computed = 1): number | null {
  const { retryAfter } = errorRow(code);
  if (retryAfter.kind === 'none') return null;
  return retryAfter.kind === 'fixed' ? retryAfter.seconds : Math.max(1, Math.ceil(computed));
}

/** What an error answer tells. */
export type Told = Pick<ApiError, 'code' | 'message' | 'status' | 'retryable' | 'retryAfterSeconds' | 'allow'>;

const NO_METHODS: readonly string[] = [];

/**
 * An error of the table that is handed back instead of thrown, where callers that are refused may come in their thousands: an `Error` costs more
 * than finding out that they are.
 */
export class Refusal implements Told {
  readonly code: ErrorCode;
  /** As an `ApiError`'s: for the caller. */
  readonly message: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | null;
  readonly allow = NO_METHODS;

  /** @param retryAfterSeconds required where the table says `computed`, ignored elsewhere. */
  constructor(code: ErrorCode, message: string, retryAfterSeconds?: number) {
    const { status, retryable } = ERRORS[code];
    this.code = code;
    this.message = message;
    this.status = status;
    this.retryable = retryable;
    this.retryAfterSeconds = secondsFor(code, retryAfterSeconds);
  }

  /** The same for those who throw. */
  toError(): ApiError {
    return new ApiError(this.code, this.message, { retryAfterSeconds: this.retryAfterSeconds ?? 1 });
  }
}

/** The exact body of every error answer: four strings. */
export interface ErrorBody {
  readonly error: ErrorCode;
  readonly message: string;
  readonly docs_url: string;
  readonly request_id: string;
}

/** Builds the body of an error answer. `publicUrl` has no trailing slash. */
export function errorBody(code: ErrorCode, message: string, publicUrl: string, requestId: string): ErrorBody {
  return { error: code, message, docs_url: `${publicUrl}${ERRORS_PAGE}#${code}`, request_id: requestId };
}
