import { z } from 'zod';
import { ERROR_CODES } from '../errors.ts';
import type { AttemptRecord } from '../target.ts';
import { VERDICTS, type Verdict } from '../verdicts.ts';
import { NextCursor, RequestId, Time } from './list.ts';

/** The trace of one request (contract section 9). It has no place for a key, a cookie or a credential of a proxy. */

const text = z.string();
const ms = z.number().nonnegative();
const names = z.array(text);

export const Attempt = z.object({
  n: z.int().positive().describe('From 1.'),
  tier: text,
  exit_country: text.nullable().describe('Country of the exit, when it is known.'),
  url: text.describe('Final URL of this attempt.'),
  started_at: Time,
  status: z.int().nullable().describe("The marketplace's HTTP status; null when no answer came."),
  bytes: z.int().nonnegative().describe('Bytes of the body as received.'),
  duration_ms: ms,
  wait_ms: ms.describe(
    'How long it waited before it began: after a failure, for its turn at the exit, for a free place.',
  ),
  hedge: z.boolean().describe('Whether it raced an attempt that was slow.'),
  shared: z
    .boolean()
    .describe('Whether it was made for another request that asked for the same page at the same time.'),
  verdict: z.enum(Object.keys(VERDICTS) as [Verdict, ...Verdict[]]).describe('What the attempt brought.'),
  error: text.nullable().describe('Short reason when no page arrived.'),
}) satisfies z.ZodType<AttemptRecord>;

/** A trace without what only the trace of one request shows. */
export const TraceSummary = z.object({
  request_id: text,
  workspace: text.describe('Id of the workspace.'),
  key: text.describe('Short prefix of the key.'),
  endpoint: text.describe('For example `amazon.product`.'),
  params: z.record(text, z.unknown()).describe('Parameters as understood; empty when they could not be read.'),
  received_at: Time,
  status: z.int().describe('HTTP status of the answer; 499 when the caller hung up before it.'),
  error: z.enum(ERROR_CODES).nullable().describe('The error code, or null.'),
  credits: z.int().nonnegative().describe('Credits taken.'),
  duration_ms: ms,
  resolved_url: text.nullable().describe('Final URL of the page.'),
});
export type TraceSummary = z.infer<typeof TraceSummary>;

export const Trace = TraceSummary.extend({
  extractor: z.object({
    version: text,
    kind: text,
    fields_found: names,
    fields_missing: names.describe('Fields that the page does not show.'),
    fields_failed: names.describe('Fields whose extraction failed by a bug.'),
  }),
  attempts: z.array(Attempt),
  stages: z.array(z.object({ name: text, ms })).describe('The stages in their order, with the time each took.'),
});
export type Trace = z.infer<typeof Trace>;

/** `GET /api/v1/requests`, `GET /admin/v1/requests` */
export const TraceListAnswer = z.object({
  request_id: RequestId,
  requests: z.array(TraceSummary).describe('Newest first.'),
  next_cursor: NextCursor,
});
