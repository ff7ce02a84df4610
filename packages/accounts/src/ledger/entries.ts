import { decodeCursor, encodeCursor, listPage, type LedgerEntry, type LedgerKind } from '@asa/contract';
import type { ListPage, ListQuery } from '@asa/contract';
import type { Store } from '@asa/store';
import { noWorkspace } from '../ids.ts';

export interface EntryRow {
  id: number;
  seq: number;
  kind: LedgerKind;
  amount: number;
  request_id: string | null;
  reason: string | null;
  created_at: Date;
}

const LIST = 'ledger.seq';

/** A page of the entries of a workspace, newest first, with the balance at the same moment. @see Ledger.entries */
export async function readEntries(
  store: Store,
  workspaceId: string,
  { limit, cursor }: ListQuery,
): Promise<ListPage<LedgerEntry> & { balance: number }> {
  const [before = null] = decodeCursor(LIST, ['number'], cursor) ?? [];
  const rows = await store.query<{ balance: number } & (EntryRow | { id: null })>(
    `SELECT b.allowance_left + b.topup_left AS balance, e.*
       FROM balances b LEFT JOIN LATERAL (
         SELECT id, seq, kind, amount, request_id, reason, created_at FROM ledger_entries
          WHERE workspace_id = b.workspace_id AND ($2::bigint IS NULL OR seq < $2) ORDER BY seq DESC LIMIT $3
       ) e ON true
      WHERE b.workspace_id = $1 ORDER BY e.seq DESC`,
    [workspaceId, before, limit + 1],
  );
  const [first] = rows;
  if (first === undefined) throw noWorkspace(workspaceId);
  const entries = rows.filter((row) => row.id !== null);
  return { balance: first.balance, ...listPage(entries, limit, toEntry, (row) => encodeCursor(LIST, [row.seq])) };
}

export const toEntry = (row: EntryRow): LedgerEntry => ({
  id: row.id,
  kind: row.kind,
  amount: row.amount,
  request_id: row.request_id,
  reason: row.reason,
  created_at: row.created_at.toISOString(),
});

/** @see Ledger.charged */
export async function chargedFor(store: Store, requestId: string): Promise<number> {
  const [row] = await store.query<{ charged: number }>(
    `SELECT COALESCE(-sum(amount), 0)::bigint AS charged FROM ledger_entries WHERE request_id = $1 AND kind IN ('capture', 'adjust')`,
    [requestId],
  );
  return row?.charged ?? 0;
}
