import { z } from 'zod';
import { Limits, Plan } from '../items/account.ts';
import { TICKET_STATES } from '../items/ticket.ts';
import { BudgetsBody } from '../items/budget.ts';
import { AutoTopUp } from '../items/top-up.ts';
import { KEY_MODES, KEY_OVERLAP } from '../keys.ts';
import { MAX_CREDITS } from '../plans.ts';

/** Bodies of the admin API (contract section 10). Unknown keys are ignored. */

/** Text that can be stored as it is. */
const wellFormed = (value: string): boolean => value.isWellFormed() && !value.includes('\0');
const storable = (max: number) =>
  z.string().refine(wellFormed, 'has a lone surrogate or a NUL character').trim().max(max);
const name = storable(200).min(1);
/** No ceiling of one key is above this; it keeps the arithmetic of the buckets exact. */
const MAX_CEILING = 1_000_000;
const LimitsBody = Limits.partial().refine(
  (limits) => Object.values(limits).every((value) => value === undefined || value <= MAX_CEILING),
  {
    message: `a ceiling is at most ${MAX_CEILING}`,
  },
);

/** Monthly allowance agreed for a workspace on `custom`, which is 0 unless given. */
const Allowance = z.int().min(0).max(MAX_CREDITS).describe('Credits of a month, on the plan `custom`.');

export const CreateWorkspaceBody = z.object({
  name,
  plan: Plan,
  /** Opening top-up. */
  credits: z.int().min(0).max(MAX_CREDITS).optional(),
  allowance: Allowance.optional(),
  limits: LimitsBody.optional(),
});
export const PatchWorkspaceBody = z
  .object({
    name,
    plan: Plan,
    allowance: Allowance,
    limits: LimitsBody,
    auto_top_up: AutoTopUp.partial(),
    budgets: BudgetsBody,
  })
  .partial();
export const CreditsBody = z.object({
  amount: z.int().min(-MAX_CREDITS).max(MAX_CREDITS),
  reason: storable(500).min(1),
});
export const CreateKeyBody = z.object({ name, mode: z.enum(KEY_MODES) });
export const PatchKeyBody = z.object({ name, budgets: BudgetsBody }).partial();
export const RotateKeyBody = z.object({
  overlap_seconds: z
    .int()
    .min(0)
    .max(KEY_OVERLAP.max)
    .optional()
    .describe(`How long the old key goes on working; ${KEY_OVERLAP.default} unless given.`),
});
export const PatchTicketBody = z.object({ state: z.enum(TICKET_STATES), note: storable(5000) }).partial();
