import { z } from 'zod';
import { RequestId, Time } from './list.ts';

/** The comparison of what was paid with what was answered (contract section 6). */

const credits = z.int();
const status = z.int().nullable().describe("The status in the request's trace; null when there is none.");

export const Doubtful = z.object({
  request_id: RequestId,
  workspace: z.string(),
  credits: credits.positive().describe('What was captured.'),
  captured_at: Time,
  why: z
    .enum(['process_died', 'connection_broke'])
    .describe(
      "`process_died`: the process ended before it had noted that the answer left. `connection_broke`: the caller's connection broke while the answer was on its way.",
    ),
  traced_status: status,
});
export type Doubtful = z.infer<typeof Doubtful>;

export const Difference = z.object({
  request_id: RequestId,
  workspace: z.string(),
  what: z
    .enum(['captured_without_trace', 'captured_without_success', 'other_cost', 'success_without_capture'])
    .describe(
      '`captured_without_trace`: no trace was kept (they are written best-effort). `captured_without_success`: paid for, but the trace shows no 200. `other_cost`: ledger and trace name different prices. `success_without_capture`: the trace names a price that nobody paid.',
    ),
  captured: credits.nonnegative(),
  traced_status: status,
  traced_credits: credits.nullable(),
});
export type Difference = z.infer<typeof Difference>;

export const Reconciliation = z.object({
  at: Time,
  since: Time.describe('Captures from then on are compared with traces.'),
  captures: credits.nonnegative().describe('Captures since then.'),
  refunded: credits.nonnegative().describe('Refunds since then.'),
  answers_on_their_way: credits.nonnegative().describe('Paid for, and being sent by processes that are alive.'),
  doubtful: z
    .array(Doubtful)
    .describe('Paid for, and not known to have been received; refunded on request. Oldest first, at most 1,000.'),
  doubtful_count: credits.nonnegative(),
  doubtful_credits: credits.nonnegative(),
  differences: z.array(Difference).describe('At most 1,000.'),
  differences_count: credits.nonnegative(),
  balances: z.object({
    checked: credits.nonnegative(),
    wrong: z.array(z.string()).describe('Workspaces whose balance is not the sum of their entries and open holds.'),
  }),
  holds_of_dead_processes: credits.nonnegative().describe('They are released within seconds.'),
});
export type Reconciliation = z.infer<typeof Reconciliation>;

/** `GET /admin/v1/reconciliation` */
export const ReconciliationAnswer = Reconciliation.extend({ request_id: RequestId });

/** `POST /admin/v1/reconciliation/refunds` */
export const RefundsBody = z.object({
  request_ids: z
    .union([z.array(z.string().max(100)).min(1).max(1000), z.literal('all')])
    .describe('Doubtful requests of the report, or `all` of them.'),
});
export const RefundsAnswer = z.object({
  request_id: RequestId,
  refunded: z.array(z.object({ refunded_request_id: RequestId, workspace: z.string(), credits: credits.positive() })),
  not_refunded: z.array(z.string()).describe('Named, but not doubtful, or refunded before.'),
});
export type RefundsAnswer = z.infer<typeof RefundsAnswer>;
