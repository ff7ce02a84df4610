import { z } from 'zod';
import { PLANS, type PlanName } from '../plans.ts';
import { ApiError } from '../errors.ts';
import { quote } from './params.ts';

/** Bodies of the admin API (contract section 10). Unknown keys are ignored. */

const PLAN_NAMES = Object.keys(PLANS) as [PlanName, ...PlanName[]];
const name = z.string().trim().min(1).max(200);
const plan = z.enum(PLAN_NAMES);
/** Large enough for any plan, small enough for exact arithmetic. */
const MAX_CREDITS = 1_000_000_000_000;
const positive = z.int().min(1).max(1_000_000);

export const LimitsBody = z.object({ rps: positive, burst_rps: positive, concurrency: positive }).partial();

export const AutoTopUpBody = z
  .object({
    enabled: z.boolean(),
    /** Below this many credits a pack is bought. */
    threshold: z.int().min(0).max(MAX_CREDITS),
    /** Credits of one pack. */
    pack: z.int().min(1).max(MAX_CREDITS),
    /** Most credits bought in one month. */
    monthly_cap: z.int().min(0).max(MAX_CREDITS),
  })
  .partial();

export const CreateWorkspaceBody = z.object({
  name,
  plan,
  credits: z.int().min(0).max(MAX_CREDITS).optional(),
  limits: LimitsBody.optional(),
});
export const PatchWorkspaceBody = z.object({ name, plan, limits: LimitsBody, auto_top_up: AutoTopUpBody }).partial();
export const CreditsBody = z.object({
  amount: z.int().min(-MAX_CREDITS).max(MAX_CREDITS),
  reason: z.string().trim().min(1).max(500),
});
export const CreateKeyBody = z.object({ name, mode: z.enum(['live', 'test']) });
export const PatchTicketBody = z.object({ state: z.enum(['open', 'closed']), note: z.string().max(5000) }).partial();

/** Reads a JSON body or throws `invalid_params` naming every problem with its place and value. */
export function parseBody<T>(schema: z.ZodType<T>, contentType: string | undefined, body: unknown): T {
  if (!/^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i.test(contentType ?? '')) {
    throw new ApiError(
      'invalid_params',
      `The Content-Type is ${contentType === undefined ? 'missing' : quote(contentType)}; it must be application/json.`,
    );
  }
  const result = schema.safeParse(parseJson(body), { reportInput: true });
  if (result.success) return result.data;
  throw new ApiError('invalid_params', `${result.error.issues.map((issue) => problemOf(issue)).join('; ')}.`);
}

function parseJson(body: unknown): unknown {
  const text = body instanceof Uint8Array ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }) : null;
  try {
    return JSON.parse(text === null ? '' : text.decode(body as Uint8Array));
  } catch (error) {
    throw new ApiError(
      'invalid_params',
      `The body is not valid JSON (${error instanceof Error ? error.message.slice(0, 120) : 'unreadable'}).`,
    );
  }
}

function problemOf(issue: z.core.$ZodIssue): string {
  const path = issue.path.length === 0 ? 'the body' : issue.path.join('.');
  const value = issue.input === undefined ? '' : ` ${quote(JSON.stringify(issue.input) ?? '')}`;
  return `${path}${value}: ${issue.message}`;
}
