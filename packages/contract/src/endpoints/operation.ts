import type { z } from 'zod';
import type { ErrorCode } from '../errors.ts';
import type { HEADERS } from '../headers.ts';
import type { ParamSpec } from './params.ts';

/** One operation of the HTTP API as the documents describe it. */
export interface Operation {
  /** Permanent name; also the operationId. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With `{name}` for path parameters. */
  readonly path: string;
  readonly auth: 'key' | 'admin' | 'none';
  readonly summary: string;
  readonly params?: Readonly<Record<string, ParamSpec<unknown>>>;
  /** Path parameter -> what it is. */
  readonly pathParams?: Readonly<Record<string, string>>;
  /** Header -> what it does, of those that the operation reads. */
  readonly headerParams?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  readonly success: { readonly status: 200 | 201; readonly schema: z.ZodType | null; readonly contentType?: string };
  /** When it answers 204 instead. */
  readonly empty?: string;
  readonly headers?: readonly (keyof typeof HEADERS)[];
  /** Every error it can answer. */
  readonly errors: readonly ErrorCode[];
}

/** Errors that every operation with this kind of key can answer. */
export const WITH_KEY: readonly ErrorCode[] = [
  'invalid_params',
  'unauthorized',
  'revoked',
  'rate_limited',
  'internal_error',
  'capacity',
];
export const WITH_ADMIN_TOKEN: readonly ErrorCode[] = ['invalid_params', 'unauthorized', 'internal_error', 'capacity'];

/** Errors of a request that fetches pages. */
export const OF_A_FETCH: readonly ErrorCode[] = [
  'not_implemented',
  'forbidden_region',
  'insufficient_credits',
  'product_not_found',
  'upstream_timeout',
  'blocked_by_amazon',
  'target_unreachable',
  'extraction_failed',
];

/** Headers of a page's answer (contract section 7). */
export const PAGE_HEADERS: readonly (keyof typeof HEADERS)[] = [
  'requestId',
  'cost',
  'attempts',
  'extractorVersion',
  'resolvedUrl',
  'sourceStatus',
  'concurrency',
  'rps',
  'creditsRemaining',
  'receipt',
  'rateLimit',
  'rateLimitPolicy',
];

/** Headers of all other answers to a key. */
export const RATE_HEADERS = ['requestId', 'rps', 'rateLimit', 'rateLimitPolicy'] as const;
