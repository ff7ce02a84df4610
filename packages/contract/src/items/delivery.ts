import { z } from 'zod';
import { NextCursor, RequestId, Time } from './list.ts';

/** Events that are sent to a webhook, and how that went (contract section 8). */

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;

export const DeliveryAttempt = z.object({
  n: z.int().positive().describe('Counts from 1, over redeliveries too. The newest 50 are kept.'),
  started_at: Time,
  duration_ms: z.number().nonnegative(),
  http_status: z.int().nullable().describe('What your server answered; null when it did not.'),
  error: z.string().nullable().describe('Why the attempt failed; null when it did not.'),
  response: z.string().describe('The first 1 KB of what your server answered.'),
  manual: z.boolean().describe('Asked for with `redeliver`.'),
});
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>;

export const WebhookDelivery = z.object({
  id: z.string().describe('The `webhook-id` header: the same in every attempt of this event.'),
  event: z.string().describe('The `X-ASA-Event` header.'),
  index: z.int().nonnegative().nullable().describe('Of the item, for `batch.item`; null otherwise.'),
  status: z.enum(DELIVERY_STATUSES).describe('`failed`: the last attempt failed and there will be no other by itself.'),
  created_at: Time,
  delivered_at: Time.nullable(),
  next_attempt_at: Time.nullable().describe('Null when there will be none.'),
  last_error: z.string().nullable(),
  attempts: z.array(DeliveryAttempt).describe('Newest first.'),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

/** `GET /api/v1/amazon/batch/{id}/deliveries` */
export const DeliveryListAnswer = z.object({
  request_id: RequestId,
  deliveries: z.array(WebhookDelivery).describe('Newest first.'),
  next_cursor: NextCursor,
});

/** `POST /api/v1/amazon/batch/{id}/redeliver` */
export const RedeliverAnswer = z.object({ request_id: RequestId, delivery: WebhookDelivery });
