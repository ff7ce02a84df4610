import { HoldLost } from '@asa/accounts';
import { ApiError } from '@asa/contract';

/** Admin bodies are small; making a batch has a limit of its own. In bytes. */
export const BODY_LIMIT = 1024 * 1024;

/**
 * An error of any kind as one of the table, and whether it was unforeseen (then its text reaches only the log).
 * @param bodyLimit of the route, in bytes
 */
export function toApiError(error: unknown, bodyLimit = BODY_LIMIT): { api: ApiError; isBug: boolean } {
  if (error instanceof ApiError) return { api: error, isBug: false };
  const fastify = fastifyProblem(error, bodyLimit);
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
function fastifyProblem(error: unknown, bodyLimit: number): string | null {
  const code = codeOf(error);
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return `The body is too large: at most ${bodyLimit} bytes are allowed.`;
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

/** SQLSTATE classes and codes of a database that is away, full, read-only or too slow, and the network's own. */
const AWAY =
  /^(?:08\w{3}|53\w{3}|57\w{3}|58\w{3}|25006|40P01|40001|ECONN\w+|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|ENOENT)$/;
const AWAY_TEXT =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|Cannot use a pool after calling end)/;

/**
 * Whether the database could not be used. Everything else that talks to a network (egress) answers outcomes and throws
 * nothing, so an error with such a code here is the store's.
 */
export function isStoreUnavailable(error: unknown): boolean {
  return AWAY.test(codeOf(error) ?? '') || (error instanceof Error && AWAY_TEXT.test(error.message));
}

function codeOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
