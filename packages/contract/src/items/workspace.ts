import { z } from 'zod';
import { Credits, Limits, Plan } from './account.ts';
import { Budgets } from './budget.ts';
import { NextCursor, RequestId, Time } from './list.ts';
import { AutoTopUp } from './top-up.ts';

/** Workspaces and their ledger (contract sections 6 and 10). */

const credits = z.int();

export const Workspace = z.object({
  id: z.string(),
  name: z.string(),
  plan: Plan,
  credits: Credits,
  limits: Limits,
  auto_top_up: AutoTopUp,
  budgets: Budgets,
  created_at: Time,
});
export type Workspace = z.infer<typeof Workspace>;

/** What an entry of the ledger can be, with the sign of its amount. */
export const LEDGER_KINDS = {
  grant: { sign: 1, means: "a month's allowance, or the rest of a larger one after a change of plan" },
  topup: { sign: 1, means: 'credits bought or given; they never expire' },
  hold: { sign: -1, means: 'credits set aside for a request in flight' },
  capture: { sign: -1, means: 'the cost of an answered request' },
  release: { sign: 1, means: 'a hold given back: when the request was settled, failed or was lost' },
  adjust: { sign: 0, means: 'a correction by hand, a refund, or an allowance that expired' },
} as const satisfies Record<string, { readonly sign: 1 | -1 | 0; readonly means: string }>;
export type LedgerKind = keyof typeof LEDGER_KINDS;

export const LedgerEntry = z.object({
  id: z.int().positive().describe('Rises with time within a workspace.'),
  kind: z.enum(Object.keys(LEDGER_KINDS) as [LedgerKind, ...LedgerKind[]]).describe(
    Object.entries(LEDGER_KINDS)
      .map(([kind, { means }]) => `\`${kind}\`: ${means}.`)
      .join(' '),
  ),
  amount: credits.describe('Credits; negative when they were taken.'),
  request_id: z.string().nullable().describe('The request it belongs to.'),
  reason: z.string().nullable(),
  created_at: Time,
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** `POST /admin/v1/workspaces`, `GET` and `PATCH /admin/v1/workspaces/{id}` */
export const WorkspaceAnswer = Workspace.extend({ request_id: RequestId });
/** `GET /admin/v1/workspaces` */
export const WorkspaceListAnswer = z.object({
  request_id: RequestId,
  workspaces: z.array(Workspace),
  next_cursor: NextCursor,
});
/** `POST /admin/v1/workspaces/{id}/credits`. Such an entry belongs to no request, so `request_id` is this call's. */
export const CreditsAnswer = LedgerEntry.extend({ request_id: RequestId });
/** `GET /admin/v1/workspaces/{id}/ledger` */
export const LedgerAnswer = z.object({
  request_id: RequestId,
  balance: credits.nonnegative().describe('The sum of all entries: what can be spent now.'),
  entries: z.array(LedgerEntry).describe('Newest first.'),
  next_cursor: NextCursor,
});
