import { z } from 'zod';
import { NextCursor, RequestId } from './list.ts';
import { LedgerEntry } from './workspace.ts';

/** The ledger as its workspace sees it: every entry with its place in the chain (accounts/README.md says how to check one). */

const credits = z.int();
const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe(
    'SHA-256 in hex digits: of the hash of the entry before (64 zeros before the first) followed by the text of this one.',
  );

export const ChainEntry = LedgerEntry.omit({ id: true }).extend({
  seq: z.int().positive().describe('Counts from 1 within the workspace, without gaps.'),
  allowance: credits.describe("The amount's part of the monthly allowance."),
  topup: credits.describe("The amount's part of the topped-up credits."),
  period: credits
    .nonnegative()
    .describe('The month, counted from the beginning of the workspace, that the allowance belongs to.'),
  key_id: z.string().nullable().describe('The key that made the request.'),
  hash,
});
export type ChainEntry = z.infer<typeof ChainEntry>;

/** Where a chain stands: its last entry and what can be spent then. */
export const ChainEnd = z.object({
  seq: z.int().nonnegative(),
  hash,
  balance: credits.nonnegative().describe('The sum of all entries so far.'),
});
export type ChainEnd = z.infer<typeof ChainEnd>;

/** `GET /api/v1/ledger` */
export const LedgerPageAnswer = z.object({
  request_id: RequestId,
  workspace: z.string(),
  end: ChainEnd.describe('Where the chain ends now.'),
  entries: z.array(ChainEntry).describe('Newest first.'),
  next_cursor: NextCursor,
});

/** First line of `GET /api/v1/ledger?format=ndjson`. */
export const ExportHead = z.object({
  ledger: z.literal('asa-ledger-1'),
  workspace: z.string(),
  start: ChainEnd.describe('The end of the chain before the first entry that follows.'),
});
export type ExportHead = z.infer<typeof ExportHead>;

/** Its last line: an export without it is cut short. */
export const ExportTail = z.object({ end: ChainEnd });
export type ExportTail = z.infer<typeof ExportTail>;
