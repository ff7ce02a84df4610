import { z } from 'zod';
import { ERROR_CODES } from '../errors.ts';
import { NextCursor, RequestId, Time } from './list.ts';

/** Batches and their results (contract section 8). */

export const BATCH_ENDPOINTS = ['amazon.product', 'amazon.search'] as const;
export type BatchEndpoint = (typeof BATCH_ENDPOINTS)[number];
export const BATCH_STATUSES = ['pending', 'running', 'complete', 'failed', 'cancelled'] as const;
export type BatchStatus = (typeof BATCH_STATUSES)[number];
export const WEBHOOK_STATUSES = ['none', 'pending', 'delivered', 'failed'] as const;
export type WebhookStatus = (typeof WEBHOOK_STATUSES)[number];

const count = z.int().nonnegative();
const credits = z.int().nonnegative();

export const BatchResult = z.object({
  index: count.describe('Place of the item in `items`, from 0.'),
  input: z.record(z.string(), z.unknown()).describe('The item as it was sent.'),
  status: z.enum(['ok', 'error']),
  http_status: z.int().describe('What the same request would have been answered with on its own.'),
  data: z.record(z.string(), z.unknown()).nullable().describe('The answer of the endpoint; null on an error.'),
  error: z.enum(ERROR_CODES).nullable(),
  message: z.string().nullable(),
  request_id: z.string().describe('Its trace is at `/api/v1/requests/{request_id}`.'),
  duration_ms: z.number().nonnegative().describe('How long its last try took.'),
  credits_charged: credits,
});
export type BatchResult = z.infer<typeof BatchResult>;

/** A batch as lists show it: everything but its results. */
export const BatchSummary = z.object({
  id: z.string().describe('A UUID.'),
  status: z
    .enum(BATCH_STATUSES)
    .describe('`complete`: every item has a result, be it an error. `failed`: the time of the batch ran out first.'),
  endpoint: z.enum(BATCH_ENDPOINTS),
  total_count: count,
  processed_count: count.describe('Items with a result: `success_count` + `failure_count`.'),
  success_count: count,
  failure_count: count,
  credits_charged: credits,
  created_at: Time,
  started_at: Time.nullable(),
  completed_at: Time.nullable(),
  webhook_url: z.string().nullable(),
  webhook_delivered_at: Time.nullable(),
  webhook_delivery_status: z.enum(WEBHOOK_STATUSES),
  webhook_last_error: z.string().nullable(),
});
export type BatchSummary = z.infer<typeof BatchSummary>;

/** `GET /api/v1/amazon/batch/{id}` */
export const BatchAnswer = BatchSummary.extend({
  request_id: RequestId,
  results: z
    .array(BatchResult)
    .optional()
    .describe('Of the items that have one, in item order; left out with `results=false`.'),
});
export type BatchAnswer = z.infer<typeof BatchAnswer>;

/** `POST /api/v1/amazon/batch` */
export const NewBatchAnswer = z.object({
  request_id: RequestId,
  id: z.string().describe('A UUID.'),
  status: z.literal('pending'),
  endpoint: z.enum(BATCH_ENDPOINTS),
  total_count: count,
  created_at: Time,
  poll_url: z.string().describe('Where the status of the batch is.'),
  webhook_signature_secret: z
    .string()
    .optional()
    .describe('`whsec_` and base64: what the events are signed with. Only with a `webhook_url`, and only here.'),
});
export type NewBatchAnswer = z.infer<typeof NewBatchAnswer>;

/** `GET /api/v1/amazon/batch` */
export const BatchListAnswer = z.object({
  request_id: RequestId,
  batches: z.array(BatchSummary).describe('Newest first.'),
  next_cursor: NextCursor,
});
