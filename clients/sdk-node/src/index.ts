/** The Node client of the ASA Amazon scraper API. Start with `AmazonScraperAPI`. */
export {
  AmazonScraperAPI,
  type Batch,
  type BatchEndpoint,
  type BatchItem,
  type BatchItemResult,
  type Estimated,
  type NewBatch,
} from './client.ts';
export type { AdminAPI } from './admin.ts';
export type { Call } from './promise.ts';
export type { AnswerMeta, Gauge } from './meta.ts';
export { DEFAULT_BASE_URL } from './options.ts';
export type { CallOptions, CallSettings, ClientOptions, Clock, RetryEvent } from './options.ts';
export type { LimiterOptions } from './limiter.ts';
export type { SearchPagesParams } from './pages.ts';
export type { WaitOptions } from './wait.ts';
export {
  AmazonScraperAPIError,
  APIConnectionError,
  AuthenticationError,
  CancelledError,
  ForbiddenRegionError,
  InsufficientCreditsError,
  InvalidRequestError,
  InvalidResponseError,
  NotFoundError,
  PageError,
  RateLimitError,
  ServerError,
  UpstreamError,
  UpstreamTimeoutError,
  type ClientErrorCode,
  type ErrorCode,
  type ErrorFacts,
  type ErrorFamily,
  type ServiceErrorCode,
} from './errors.ts';
export type { BatchEvent, BatchEventsOptions } from './events.ts';
export type { LedgerLine } from './ledger-export.ts';
export { createLedgerVerifier, type LedgerProblem, type LedgerVerifier, type LedgerWhole } from './ledger.ts';
export { decide, type Circumstances, type Decision, type Failure } from './retry.ts';
export {
  checkWebhook,
  verifyWebhookSignature,
  type ReceivedHeaders,
  type ReceivedWebhook,
  type WebhookVerdict,
} from './webhooks.ts';
export { CLIENT_CODES, CODES, CREDITS_PER_UNIT, FAMILIES, FIELDS } from './generated/tables.ts';
export type * from './generated/types.ts';
export { VERSION } from './version.ts';
