import { z } from 'zod';
import { MAX_CREDITS } from '../plans.ts';
import { decodeCursor, encodeCursor, NextCursor, RequestId, Time } from './list.ts';

/** Budgets, and what is told of them: how much a workspace or a key may spend in a day and in a calendar month of UTC. */

export const BUDGET_PERIODS = ['day', 'month'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

const limit = (period: string) =>
  z
    .int()
    .min(0)
    .max(MAX_CREDITS)
    .nullable()
    .describe(`Most credits that may be spent in a ${period} of UTC; null: no budget.`);

export const Budgets = z.object({ day: limit('day'), month: limit('calendar month') });
export type Budgets = z.infer<typeof Budgets>;
/** Budgets to be set; what is left out stays. */
export const BudgetsBody = Budgets.partial();
export type BudgetsChange = { readonly [K in BudgetPeriod]?: number | null | undefined };

export const BudgetState = z.object({
  scope: z.enum(['workspace', 'key']),
  key: z.string().nullable().describe('Short prefix of the key, the newest of its line; null for the workspace.'),
  period: z.enum(BUDGET_PERIODS),
  credits: z.int().nonnegative().describe('The budget.'),
  spent: z.int().nonnegative().describe('Taken for answers in this period.'),
  reserved: z.int().nonnegative().describe('What requests in flight may cost.'),
  resets_at: Time.describe('ISO 8601 time at which the next period begins.'),
});
export type BudgetState = z.infer<typeof BudgetState>;

export const Alert = z.object({
  id: z.string().describe('`alr_` and a number; the same in every delivery.'),
  type: z.literal('budget'),
  scope: z.enum(['workspace', 'key']),
  key: z.string().nullable(),
  period: z.enum(BUDGET_PERIODS),
  period_start: z.string().describe('First day of the period, `YYYY-MM-DD`.'),
  percent: z.int().describe('50, 80 or 100, once each in a period. At 100 no further request fits.'),
  budget: z.int().nonnegative(),
  spent: z.int().nonnegative(),
  created_at: Time,
  delivered_at: Time.nullable().describe(
    'When it was handed over for delivery; null: nowhere to deliver it to, or not yet.',
  ),
});
export type Alert = z.infer<typeof Alert>;

/** `GET /admin/v1/workspaces/{id}/alerts` */
export const AlertListAnswer = z.object({ request_id: RequestId, alerts: z.array(Alert), next_cursor: NextCursor });

/** `POST /admin/v1/workspaces/{id}/alert-webhook` */
export const AlertWebhookBody = z.object({
  url: z.string().min(1).max(2048).describe('Where alerts are sent to, signed as the events of batches are.'),
});
/** Answers of `/admin/v1/workspaces/{id}/alert-webhook` */
export const AlertWebhookAnswer = z.object({
  request_id: RequestId,
  url: z.string().nullable(),
  secret: z
    .string()
    .nullable()
    .describe('What deliveries are signed with: shown once, when it is made; otherwise null.'),
});

const ALERTS = 'alerts';
export const alertCursor = (id: number): string => encodeCursor(ALERTS, [id]);
export const readAlertCursor = (cursor: string | null): number | null =>
  decodeCursor(ALERTS, ['number'], cursor)?.[0] ?? null;
