import { z } from 'zod';
import { MAX_CREDITS } from '../plans.ts';
import { NextCursor, RequestId, Time } from './list.ts';

/** Credits bought automatically. */

const credits = z.int().max(MAX_CREDITS);

export const AutoTopUp = z.object({
  enabled: z.boolean(),
  threshold: credits.nonnegative().describe('A pack is bought when fewer credits than this are left.'),
  pack: credits.positive().describe('Credits of one pack. A request that costs more than a pack buys several at once.'),
  monthly_cap: credits
    .nonnegative()
    .describe('Most credits bought in one month of the workspace, from one reset of its allowance to the next.'),
});
export type AutoTopUp = z.infer<typeof AutoTopUp>;

export const TOP_UP_STATES = {
  open: 'the provider was asked, its answer is not known yet',
  paid: 'the credits are in the ledger',
  failed: 'nothing was paid',
} as const;
export type TopUpState = keyof typeof TOP_UP_STATES;

export const TopUp = z.object({
  id: z.string().describe('`top_` and 16 hex digits; the idempotency key of the payment.'),
  state: z.enum(Object.keys(TOP_UP_STATES) as [TopUpState, ...TopUpState[]]).describe(
    Object.entries(TOP_UP_STATES)
      .map(([state, means]) => `\`${state}\`: ${means}.`)
      .join(' '),
  ),
  provider: z.string(),
  credits: credits.positive(),
  cents: z.int().positive().describe('Price in US cents.'),
  reason: z.string().nullable().describe('Why it failed.'),
  created_at: Time,
  decided_at: Time.nullable(),
});
export type TopUp = z.infer<typeof TopUp>;

/** How the automatic top-up of a workspace stands. */
export const AutoTopUpState = AutoTopUp.extend({
  bought_this_month: credits.nonnegative().describe('Counts towards the cap; one that is open counts too.'),
  last: TopUp.nullable().describe('The latest one.'),
});
export type AutoTopUpState = z.infer<typeof AutoTopUpState>;

/** `GET /admin/v1/workspaces/{id}/top-ups` */
export const TopUpListAnswer = z.object({ request_id: RequestId, top_ups: z.array(TopUp), next_cursor: NextCursor });

/** `POST /webhooks/payments/{provider}` */
export const PaymentWebhookAnswer = z.object({
  request_id: RequestId,
  result: z
    .enum(['credited', 'already', 'failed', 'ignored'])
    .describe('What it changed. The same one again changes nothing.'),
});
