import { z } from 'zod';
import { BATCH_LIMITS } from '../batches.ts';
import { ApiError } from '../errors.ts';
import { BATCH_ENDPOINTS, type BatchEndpoint } from '../items/batch.ts';
import { bodyProblems, readJson } from './body.ts';
import { MaxCredits, overMaxCredits } from './max-credits.ts';
import { flag, quote, type RawParams } from './params.ts';
import { parseProductParams, type ProductParams } from './product.ts';
import { parseSearchParams, type SearchParams } from './search.ts';

/** Requests about batches (contract section 8). */

export const WEBHOOK_EVENTS = ['batch.completed', 'batch.item'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

const MAX_URL_CHARACTERS = 2048;

export const BatchBody = z.object({
  endpoint: z.enum(BATCH_ENDPOINTS).describe('What every item asks for.'),
  items: z
    .array(z.record(z.string(), z.unknown()))
    .min(1)
    .max(BATCH_LIMITS.items)
    .describe(
      'Each an object with the parameters of the endpoint, as text, numbers or booleans. Items that ask for the same are fetched once and billed each.',
    ),
  max_credits: MaxCredits.optional(),
  webhook_url: z
    .string()
    .min(1)
    .max(MAX_URL_CHARACTERS)
    .optional()
    .describe(
      'An https URL at a public address (port 443 or 8443) that signed events are sent to. Redirects are not followed.',
    ),
  webhook_events: z
    .array(z.enum(WEBHOOK_EVENTS))
    .min(1)
    .max(WEBHOOK_EVENTS.length)
    .optional()
    .describe(
      'Which events are wanted. `batch.completed`, when every item has its result, is always sent; `batch.item` adds one for each item. Default: `batch.completed` alone.',
    ),
});

/** `GET /api/v1/amazon/batch/{id}` */
export const BATCH_PARAMS = {
  results: flag('results', {
    about: '`false` leaves the results out. Default `true`.',
    example: 'false',
  }),
} as const;

/** One item as understood, and as it was sent. */
export interface BatchItem {
  readonly input: Readonly<Record<string, unknown>>;
  readonly params: ProductParams | SearchParams;
}

export interface NewBatch {
  readonly endpoint: BatchEndpoint;
  readonly items: readonly BatchItem[];
  /** What the batch may cost at most, or null; it cannot cost more, as its items were counted. */
  readonly maxCredits: number | null;
  readonly webhookUrl: string | null;
  readonly webhookEvents: readonly WebhookEvent[];
  /** The body as one text, whatever its white space: what an `Idempotency-Key` stands for. */
  readonly canonical: string;
}

/** Problems of items that are told in full; of the others only the indices. */
const TOLD = 20;

/**
 * Reads the body of a new batch.
 * @param urlProblems what is wrong with the address of a webhook, beyond its being a text
 * @throws ApiError `invalid_params` naming every problem, of items with their index; `not_implemented` when reserved parameters are all that is wrong
 */
export function parseBatchBody(
  contentType: string | undefined,
  body: unknown,
  urlProblems: (webhookUrl: string) => readonly string[],
): NewBatch {
  const json = readJson(contentType, body);
  const result = BatchBody.safeParse(json, { reportInput: true });
  const problems = result.success ? [] : bodyProblems(result.error);
  const url = fieldOf(json, 'webhook_url');
  if (typeof url === 'string' && url.length > 0 && url.length <= MAX_URL_CHARACTERS) problems.push(...urlProblems(url));
  if (url === undefined && fieldOf(json, 'webhook_events') !== undefined)
    problems.push('webhook_events was given without a webhook_url');
  const endpoint = BATCH_ENDPOINTS.find((name) => name === fieldOf(json, 'endpoint'));
  const sent = fieldOf(json, 'items');
  const items: BatchItem[] = [];
  const wrong: { index: number; error: ApiError }[] = [];
  if (endpoint !== undefined && Array.isArray(sent) && sent.length <= BATCH_LIMITS.items) {
    for (const [index, input] of sent.entries()) {
      // What is no object is among the problems already.
      if (typeof input !== 'object' || input === null || Array.isArray(input)) continue;
      try {
        items.push(parseItem(endpoint, input as Record<string, unknown>));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        wrong.push({ index, error });
      }
    }
  }
  const units = items.reduce((sum, { params }) => sum + unitsOf(params), 0);
  if (wrong.length === 0 && result.success) {
    const tooDear = overMaxCredits(units, result.data.max_credits, 'page');
    if (tooDear !== null) problems.push(tooDear);
  }
  if (problems.length > 0 || wrong.length > 0) throw refusal(problems, wrong);
  if (!result.success) throw new Error('a body without problems that does not fit');
  const { max_credits, webhook_url, webhook_events } = result.data;
  return {
    endpoint: result.data.endpoint,
    items,
    maxCredits: max_credits ?? null,
    webhookUrl: webhook_url ?? null,
    webhookEvents: webhook_events ?? ['batch.completed'],
    canonical: JSON.stringify(json),
  };
}

/** One item of a batch. @throws ApiError as the endpoint itself would */
export function parseItem(endpoint: BatchEndpoint, sent: Readonly<Record<string, unknown>>): BatchItem {
  // A key that somebody put into an item is stored nowhere.
  const { api_key: _key, ...input } = sent;
  const raw = new Map<string, readonly string[]>();
  const problems: string[] = [];
  for (const [name, value] of Object.entries(input)) {
    if (value === null) continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      raw.set(name, [String(value)]);
    else problems.push(`${name} is ${Array.isArray(value) ? 'a list' : 'an object'}, not a text, number or boolean`);
  }
  if (problems.length > 0) throw new ApiError('invalid_params', `${problems.join('; ')}.`);
  return { input, params: parseOf(endpoint, raw) };
}

const parseOf = (endpoint: BatchEndpoint, raw: RawParams): ProductParams | SearchParams =>
  endpoint === 'amazon.product' ? parseProductParams(raw) : parseSearchParams(raw);

/** What an item may cost at most, in units: a page each. */
export const unitsOf = (params: ProductParams | SearchParams): number => ('pages' in params ? params.pages : 1);

const fieldOf = (json: unknown, name: string): unknown =>
  typeof json === 'object' && json !== null && name in json ? (json as Record<string, unknown>)[name] : undefined;

function refusal(problems: readonly string[], wrong: readonly { index: number; error: ApiError }[]): ApiError {
  const told = wrong.slice(0, TOLD).map(({ index, error }) => `items[${index}]: ${error.message.replace(/\.$/, '')}`);
  const rest = wrong.slice(TOLD).map(({ index }) => index);
  const more = rest.length === 0 ? [] : [`and ${rest.length} more items with problems: ${rest.join(', ')}`];
  const onlyReserved = problems.length === 0 && wrong.every(({ error }) => error.code === 'not_implemented');
  return new ApiError(
    onlyReserved ? 'not_implemented' : 'invalid_params',
    `${[...problems, ...told, ...more].join('; ')}.`,
  );
}

/**
 * Checks an `Idempotency-Key`: 1 to 255 printable ASCII characters.
 * @throws ApiError `invalid_params`
 */
export function readIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (header.length <= BATCH_LIMITS.idempotencyKeyCharacters && /^[\x21-\x7e]+(?: +[\x21-\x7e]+)*$/.test(header))
    return header;
  throw new ApiError(
    'invalid_params',
    `The header Idempotency-Key ${quote(header)} is not 1 to ${BATCH_LIMITS.idempotencyKeyCharacters} printable ASCII characters.`,
  );
}
