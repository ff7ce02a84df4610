import { BATCH_LIMITS } from '../batches.ts';
import { BatchAnswer, BatchListAnswer, NewBatchAnswer } from '../items/batch.ts';
import { DeliveryListAnswer, RedeliverAnswer } from '../items/delivery.ts';
import { BATCH_PARAMS, BatchBody } from './batch.ts';
import { REDELIVER_PARAMS } from './delivery.ts';
import { LIST_PARAMS } from './lists.ts';
import { RATE_HEADERS, WITH_KEY, type Operation } from './operation.ts';

const ID = { id: 'Id of the batch.' };

/** The operations about batches (contract section 8). */
export const BATCH_OPERATIONS: readonly Operation[] = [
  {
    id: 'createBatch',
    method: 'POST',
    path: '/api/v1/amazon/batch',
    auth: 'key',
    summary: `Queue 1 to ${BATCH_LIMITS.items} product or search requests; they are carried out at once, in the background.`,
    headerParams: {
      'Idempotency-Key':
        'The same key with the same body within 24 hours answers what the first request was answered, the secret included; with another body it is 400.',
    },
    body: BatchBody,
    success: { status: 201, schema: NewBatchAnswer },
    headers: [...RATE_HEADERS, 'concurrency'],
    errors: [...WITH_KEY, 'not_implemented', 'forbidden_region', 'insufficient_credits'],
  },
  {
    id: 'listBatches',
    method: 'GET',
    path: '/api/v1/amazon/batch',
    auth: 'key',
    summary: "The workspace's batches, newest first, without results.",
    params: LIST_PARAMS,
    success: { status: 200, schema: BatchListAnswer },
    headers: RATE_HEADERS,
    errors: WITH_KEY,
  },
  {
    id: 'getBatch',
    method: 'GET',
    path: '/api/v1/amazon/batch/{id}',
    auth: 'key',
    summary: 'Status of a batch, and the results so far.',
    pathParams: ID,
    params: BATCH_PARAMS,
    success: { status: 200, schema: BatchAnswer },
    headers: RATE_HEADERS,
    errors: [...WITH_KEY, 'not_found'],
  },
  {
    id: 'cancelBatch',
    method: 'DELETE',
    path: '/api/v1/amazon/batch/{id}',
    auth: 'key',
    summary: 'Cancel what has not started; what has goes on to its result. A batch that has ended stays as it is.',
    pathParams: ID,
    success: { status: 200, schema: BatchAnswer },
    headers: RATE_HEADERS,
    errors: [...WITH_KEY, 'not_found'],
  },
  {
    id: 'getBatchResults',
    method: 'GET',
    path: '/api/v1/amazon/batch/{id}/results',
    auth: 'key',
    summary: 'The results so far as NDJSON: one result a line, in item order.',
    pathParams: ID,
    success: { status: 200, schema: null, contentType: 'application/x-ndjson' },
    headers: RATE_HEADERS,
    errors: [...WITH_KEY, 'not_found'],
  },
  {
    id: 'getBatchEvents',
    method: 'GET',
    path: '/api/v1/amazon/batch/{id}/events',
    auth: 'key',
    summary: 'Server-sent events: `item` as each result is there, `end` with the status when the batch has ended.',
    pathParams: ID,
    headerParams: { 'Last-Event-ID': 'Id of the last event that was received; only later ones are sent.' },
    success: { status: 200, schema: null, contentType: 'text/event-stream' },
    empty: 'The batch has ended and `Last-Event-ID` is its last event: there is nothing more to come.',
    headers: RATE_HEADERS,
    errors: [...WITH_KEY, 'not_found'],
  },
  {
    id: 'listDeliveries',
    method: 'GET',
    path: '/api/v1/amazon/batch/{id}/deliveries',
    auth: 'key',
    summary: 'What was sent to the webhook of a batch, newest first, with every attempt and what was answered.',
    pathParams: ID,
    params: LIST_PARAMS,
    success: { status: 200, schema: DeliveryListAnswer },
    headers: RATE_HEADERS,
    errors: [...WITH_KEY, 'not_found'],
  },
  {
    id: 'redeliver',
    method: 'POST',
    path: '/api/v1/amazon/batch/{id}/redeliver',
    auth: 'key',
    summary:
      'Send an event of a batch again, at once and, if need be, on the schedule from its beginning. The `webhook-id` stays.',
    pathParams: ID,
    params: REDELIVER_PARAMS,
    success: { status: 200, schema: RedeliverAnswer },
    headers: RATE_HEADERS,
    errors: [...WITH_KEY, 'not_found'],
  },
];
