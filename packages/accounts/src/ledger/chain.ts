import { hash } from 'node:crypto';
import type { LedgerKind } from '@asa/contract';

/** An entry as its hash covers it. */
export interface ChainedEntry {
  readonly workspaceId: string;
  /** 1 for the first entry of a workspace, one more for each further one. */
  readonly seq: number;
  readonly kind: LedgerKind;
  /** Credits out of (negative) or into the two pots; their sum is the amount. */
  readonly allowance: number;
  readonly topup: number;
  /** The month its allowance belongs to. */
  readonly period: number;
  readonly requestId: string | null;
  readonly keyId: string | null;
  readonly reason: string | null;
  /** ISO 8601, UTC, with milliseconds. */
  readonly createdAt: string;
}

/** What the first entry of a workspace follows on. */
export const GENESIS = '0'.repeat(64);

/**
 * The text of an entry: a JSON array without spaces. Its order and form are permanent; migration 000004 wrote the same with SQL.
 */
export const entryText = (entry: ChainedEntry): string =>
  `["${entry.workspaceId}",${entry.seq},"${entry.kind}",${entry.allowance + entry.topup},${entry.allowance},${entry.topup},${entry.period},${textOf(
    entry.requestId,
  )},${textOf(entry.keyId)},${textOf(entry.reason)},"${entry.createdAt}"]`;

const textOf = (text: string | null): string => (text === null ? 'null' : JSON.stringify(text));

/** SHA-256, in hex digits, of the hash before (its 64 hex digits) followed by the text of the entry. */
export const entryHash = (before: string, entry: ChainedEntry): string =>
  hash('sha256', before + entryText(entry), 'hex');
