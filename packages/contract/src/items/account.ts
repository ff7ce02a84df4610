import { z } from 'zod';
import { KEY_MODES } from '../keys.ts';
import { PLAN_NAMES } from '../plans.ts';
import { Alert, BudgetState, Budgets } from './budget.ts';
import { NextCursor, RequestId, Time } from './list.ts';
import { AutoTopUpState } from './top-up.ts';

/** What an account is made of (contract sections 1 and 10). */

const credits = z.int();

export const Plan = z.enum(PLAN_NAMES).describe('Name of the plan.');

export const Credits = z.object({
  allowance_left: credits.nonnegative().describe("What is left of this month's allowance; spent first."),
  topup_left: credits.nonnegative().describe('Topped-up credits that are left; they never expire.'),
  held: credits.nonnegative().describe('Held for requests that are in flight.'),
  total: credits
    .nonnegative()
    .describe('What can be spent now: allowance and top-up together, and the sum of all ledger entries.'),
});
export type Credits = z.infer<typeof Credits>;

export const Limits = z.object({
  rps: z.int().positive().describe('Sustained requests a second, per key.'),
  burst_rps: z.int().positive().describe('Requests a second for 3 seconds from rest, per key.'),
  concurrency: z.int().positive().describe('Product and search requests in flight, per key.'),
});

export const ApiKey = z.object({
  id: z.string(),
  short_prefix: z.string().describe('The start of the key, as dashboards and logs show it.'),
  mode: z.enum(KEY_MODES).describe('`test` keys answer from the sandbox and never bill.'),
  name: z.string(),
  created_at: Time,
  last_used_at: Time.nullable().describe(
    'ISO 8601 time of the last use, written with a delay of seconds; null when never used.',
  ),
  revoked_at: Time.nullable().describe('ISO 8601 time of the revocation; null for an active key.'),
  revokes_at: Time.nullable().describe('ISO 8601 time at which a key that was replaced is revoked; null: at none.'),
  budgets: Budgets.describe('Of the key and of those that it replaces or is replaced by, together.'),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** A new key: the only answer that ever shows one in full. */
export const NewApiKey = ApiKey.omit({ last_used_at: true, revoked_at: true, revokes_at: true, budgets: true }).extend({
  key: z.string().describe('The whole key. It is shown only here.'),
});
export type NewApiKey = z.infer<typeof NewApiKey>;

export const UsageRow = z.object({
  date: z.string().describe('Day in UTC, `YYYY-MM-DD`.'),
  key: z.string().describe('Short prefix of the key.'),
  requests: z.int().nonnegative().describe('Calls with a valid key.'),
  succeeded: z.int().nonnegative().describe('Those answered with 200.'),
  credits: credits.nonnegative().describe('Credits taken for them.'),
});
export type UsageRow = z.infer<typeof UsageRow>;

export const Account = z.object({
  workspace: z.string().describe('Id of the workspace.'),
  plan: Plan,
  credits: Credits.extend({ resets_at: Time.describe('ISO 8601 time at which the next allowance is granted.') }),
  limits: Limits,
  budgets: z.array(BudgetState).describe('The budgets of the workspace and of its active keys.'),
  auto_top_up: AutoTopUpState,
  alerts: z.array(Alert).describe('The latest 20.'),
  keys: z.array(ApiKey).describe('Active keys, and those revoked in the last 90 days; newest first.'),
  usage: z.array(UsageRow).describe('The last 30 days, by day and key; newest day first.'),
});
export type Account = z.infer<typeof Account>;

/** `GET /api/v1/account` */
export const AccountAnswer = Account.extend({ request_id: RequestId });
/** `POST /admin/v1/workspaces/{id}/keys` */
export const NewKeyAnswer = NewApiKey.extend({ request_id: RequestId });
/** `POST /admin/v1/keys/{id}/rotate` */
export const RotatedKeyAnswer = NewKeyAnswer.extend({
  replaces: ApiKey.describe('The old key; it works until `revokes_at`, or was revoked at once.'),
});
/** `DELETE /admin/v1/keys/{id}`, `PATCH /admin/v1/keys/{id}` */
export const KeyAnswer = ApiKey.extend({ request_id: RequestId });
/** `GET /admin/v1/workspaces/{id}/keys` */
export const KeyListAnswer = z.object({ request_id: RequestId, keys: z.array(ApiKey), next_cursor: NextCursor });
