import { z } from 'zod';
import { BATCH_ENDPOINTS } from '../items/batch.ts';
import { RequestId } from '../items/list.ts';
import { parseBatchBody, parseItem, unitsOf, type BatchItem } from './batch.ts';
import { parseBody } from './body.ts';
import { creditsOfUnits } from './max-credits.ts';

/** `POST /api/v1/estimate`: what a request would cost, without making it. Free. */

export const ESTIMATE_ENDPOINTS = [...BATCH_ENDPOINTS, 'amazon.batch'] as const;
export type EstimateEndpoint = (typeof ESTIMATE_ENDPOINTS)[number];

export const EstimateBody = z.object({
  endpoint: z.enum(ESTIMATE_ENDPOINTS),
  params: z
    .record(z.string(), z.unknown())
    .describe('What would be sent: the query parameters as an object, or, for `amazon.batch`, the body.'),
});

const credits = z.int().nonnegative();

export const EstimateAnswer = z.object({
  request_id: RequestId,
  endpoint: z.enum(ESTIMATE_ENDPOINTS),
  units: z.int().positive().describe('Product requests and search pages that it may be charged for at most.'),
  credits: credits.describe('What it costs at most with a live key. Failures and pages past the end cost nothing.'),
  charged_at_most: credits.describe('What this key would be charged at most: 0 for a test key.'),
  credits_left: credits.describe('What the workspace can spend now.'),
  budget_left: credits
    .nullable()
    .describe('What the budgets of the workspace and the key leave now; null: there are none.'),
  sufficient: z.boolean().describe('Whether it could be paid for whole now.'),
  auto_top_up: z.boolean().describe('Whether missing credits would be bought automatically.'),
  problem: z.string().nullable().describe('Why it could not be paid for whole now.'),
});
export type EstimateAnswer = z.infer<typeof EstimateAnswer>;

/** A request as it would be understood. */
export interface Estimated {
  readonly endpoint: EstimateEndpoint;
  /** One, or those of a batch. */
  readonly items: readonly BatchItem[];
  readonly units: number;
  readonly credits: number;
}

/**
 * Reads an estimate; what the request itself would be refused for is refused here, in the same words.
 * @param urlProblems as for `parseBatchBody`
 * @throws ApiError `invalid_params`, `not_implemented`
 */
export function parseEstimate(
  contentType: string | undefined,
  body: unknown,
  urlProblems: (webhookUrl: string) => readonly string[],
): Estimated {
  const { endpoint, params } = parseBody(EstimateBody, contentType, body);
  const items = endpoint === 'amazon.batch' ? batchItems(params, urlProblems) : [parseItem(endpoint, params)];
  const units = items.reduce((sum, item) => sum + unitsOf(item.params), 0);
  return { endpoint, items, units, credits: creditsOfUnits(units) };
}

const batchItems = (
  params: Readonly<Record<string, unknown>>,
  urlProblems: (webhookUrl: string) => readonly string[],
): readonly BatchItem[] => parseBatchBody('application/json', Buffer.from(JSON.stringify(params)), urlProblems).items;
