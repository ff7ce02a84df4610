import { HoldLost } from '@asa/accounts';
import { ApiError } from '@asa/contract';

/** An error of any kind as one of the table, and whether it was unforeseen (then its text reaches only the log). */
export function toApiError(error: unknown): { api: ApiError; isBug: boolean } {
  if (error instanceof ApiError) return { api: error, isBug: false };
  const fastify = fastifyProblem(error);
  if (fastify !== null) return { api: new ApiError('invalid_params', fastify), isBug: false };
  // The process was taken for dead while the database did not answer: the hold is gone, so the answer must not be a 2xx.
  if (isStoreUnavailable(error) || error instanceof HoldLost) {
    return {
      api: new ApiError('capacity', 'The request was not taken: the database is not ready.', {
        retryAfterSeconds: 2,
        cause: error,
      }),
      isBug: true,
    };
  }
  return {
    api: new ApiError('internal_error', 'Something failed on our side. It was logged under this request id.', {
      cause: error,
    }),
    isBug: true,
  };
}

/** What the framework refuses before a handler runs: every one of these is a problem of the request. */
function fastifyProblem(error: unknown): string | null {
  const code = codeOf(error);
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return 'The body is too large.';
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return 'The body does not have the length that its Content-Length header states.';
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return 'The Content-Type is not application/json.';
    case 'FST_ERR_BAD_URL':
      return 'The path is not a valid URL path.';
    default:
      return null;
  }
}

/** Connection errors of the driver and PostgreSQL's own "going away" and "too many connections" classes. */
export function isStoreUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== null && /^(?:08|57P|53)/.test(code)) return true;
  if (
    code !== null &&
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT'].includes(code) &&
    isFromDriver(error)
  )
    return true;
  return (
    error instanceof Error &&
    /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      error.message,
    )
  );
}

const isFromDriver = (error: unknown): boolean =>
  error instanceof Error && /node_modules\/(?:pg|pg-pool)\//.test(error.stack ?? '');

function codeOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
