import { ERROR_CODES, ERRORS, type ErrorCode, type ErrorFamily } from './errors.ts';

/**
 * What every official client does alike, in whatever language: how it groups errors, names them, and retries. `npm run generate` writes it to
 * `spec/clients.json`; the clients' own tables come from there.
 */

interface FamilyRow {
  /** Class of the error in clients that have classes; a subclass of the client's one error class. */
  readonly className: string;
  /** Exit code of the `asa` command. */
  readonly exitCode: number;
  /** Who has to do something, in a few words. */
  readonly about: string;
}

/** Families of errors: one class of every client and one exit code of the command each. Names and exit codes are permanent. */
export const FAMILIES = {
  request: { className: 'InvalidRequestError', exitCode: 3, about: 'The request is wrong; correct it.' },
  auth: { className: 'AuthenticationError', exitCode: 4, about: 'The key is missing, unknown or revoked.' },
  billing: { className: 'InsufficientCreditsError', exitCode: 5, about: 'The credits are used up; top up.' },
  region: { className: 'ForbiddenRegionError', exitCode: 6, about: 'The exit country is not available.' },
  not_found: { className: 'NotFoundError', exitCode: 7, about: 'There is no such product, path or id.' },
  rate_limit: { className: 'RateLimitError', exitCode: 8, about: 'A ceiling of the key was reached; slow down.' },
  timeout: { className: 'UpstreamTimeoutError', exitCode: 9, about: 'The marketplace was too slow; again later.' },
  upstream: { className: 'UpstreamError', exitCode: 10, about: 'The marketplace refused or broke; again in a minute.' },
  page: { className: 'PageError', exitCode: 11, about: 'The page that came is not the one asked for, or unreadable.' },
  server: { className: 'ServerError', exitCode: 12, about: 'The service failed or is at its limit; again later.' },
  connection: { className: 'APIConnectionError', exitCode: 13, about: 'No answer of the service arrived in time.' },
  response: { className: 'InvalidResponseError', exitCode: 14, about: "An answer arrived that is not the service's." },
  cancelled: { className: 'CancelledError', exitCode: 130, about: 'The caller gave the call up.' },
} as const satisfies Record<ErrorFamily | 'connection' | 'response' | 'cancelled', FamilyRow>;
export type ClientFamily = keyof typeof FAMILIES;

/** Codes that no server sends: what a client itself says. */
export const CLIENT_CODES = {
  connection_failed: {
    family: 'connection',
    retryable: true,
    title: 'The connection failed',
    remedy: 'Check the base URL and the network.',
  },
  request_timeout: {
    family: 'connection',
    retryable: true,
    title: 'No complete answer within the time of one attempt',
    remedy: 'Raise the timeout of one attempt; the service itself may take 45 seconds.',
  },
  deadline_exceeded: {
    family: 'connection',
    retryable: false,
    title: 'The deadline of the whole call ran out',
    remedy: 'Raise the deadline, or call again.',
  },
  invalid_response: {
    family: 'response',
    retryable: false,
    title: "An answer that is not the service's",
    remedy: 'Check the base URL; a proxy or a portal may stand between.',
  },
  cancelled: { family: 'cancelled', retryable: false, title: 'The caller cancelled', remedy: 'Nothing to do.' },
} as const satisfies Record<
  string,
  { readonly family: ClientFamily; readonly retryable: boolean; readonly title: string; readonly remedy: string }
>;

/** An HTTP status that came without a code of the table: from a proxy, or from a newer service. */
interface StatusRow {
  readonly family: ClientFamily;
  readonly retryable: boolean;
  /** Wait before the next attempt when no `Retry-After` came; null: exponential. */
  readonly waitSeconds: number | null;
}
const never = (family: ClientFamily): StatusRow => ({ family, retryable: false, waitSeconds: null });
const again = (family: ClientFamily, waitSeconds: number | null): StatusRow => ({
  family,
  retryable: true,
  waitSeconds,
});
const STATUSES: Readonly<Record<string, StatusRow>> = {
  '3xx': never('response'),
  '400': never('request'),
  '401': never('auth'),
  '402': never('billing'),
  '403': never('auth'),
  '404': never('not_found'),
  '408': again('timeout', 2),
  '422': again('upstream', 60),
  '429': again('rate_limit', null),
  '4xx': never('request'),
  '500': again('server', 5),
  '501': never('request'),
  '5xx': again('server', null),
};

/** The retry policy of the clients: how often, how long. Times in milliseconds unless the name says otherwise. */
const RETRY = {
  /** Attempts in all, the first included. */
  maxAttempts: 4,
  /** Retries after a 408, whatever `maxAttempts` is. */
  maxTimeoutRetries: 3,
  /** Exponential wait after attempt n: min(2^n * baseMs, maxMs). */
  baseMs: 1000,
  maxMs: 30_000,
  /** Added to every wait: 0 to this, by chance. */
  jitterMs: 1000,
  /** A `Retry-After` above this is cut to it. */
  retryAfterCapMs: 120_000,
  /** One attempt; above the 45 s that the service allows itself. */
  timeoutMs: 60_000,
  /** The whole call, its waits included. A wait that would pass it is not begun: the call fails at once and tells the wait. */
  deadlineMs: 300_000,
} as const;

/** How `waitForBatch` asks: the wait doubles from `firstMs` to `maxMs`; no jitter. */
const POLL = { firstMs: 1000, maxMs: 10_000 } as const;

/** `spec/clients.json`. */
export const clientSpec = () => ({
  retry: RETRY,
  poll: POLL,
  families: FAMILIES,
  codes: Object.fromEntries(
    ERROR_CODES.map((code: ErrorCode) => {
      const { status, family, retryable, retryAfter, title, when, remedy } = ERRORS[code];
      const waitSeconds = retryAfter.kind === 'fixed' ? retryAfter.seconds : null;
      return [code, { status, family, retryable, waitSeconds, title, when, remedy }];
    }),
  ),
  clientCodes: CLIENT_CODES,
  statuses: STATUSES,
});
