import { decodeCursor, encodeCursor, listPage } from '@asa/contract';
import type { ChainEnd, ChainEntry, ExportHead, ExportTail, LedgerKind, ListPage, ListQuery } from '@asa/contract';
import type { Store } from '@asa/store';
import { noWorkspace } from '../ids.ts';
import { GENESIS } from './chain.ts';

const LIST = 'ledger.chain';
const ENTRIES_AT_ONCE = 2000;

interface Row {
  seq: number;
  kind: LedgerKind;
  amount: number;
  allowance: number;
  topup: number;
  period: number;
  request_id: string | null;
  key_id: string | null;
  reason: string | null;
  created_at: Date;
  hash: string;
}

const COLUMNS = `seq, kind, amount, allowance, topup, period, request_id, key_id, reason, created_at, encode(hash, 'hex') AS hash`;

const toEntry = ({ created_at: at, ...row }: Row): ChainEntry => ({
  seq: row.seq,
  kind: row.kind,
  amount: row.amount,
  allowance: row.allowance,
  topup: row.topup,
  period: row.period,
  request_id: row.request_id,
  key_id: row.key_id,
  reason: row.reason,
  created_at: at.toISOString(),
  hash: row.hash,
});

/** Where the chain of a workspace ends now. @throws ApiError `not_found` */
async function chainEnd(store: Store, workspaceId: string): Promise<ChainEnd> {
  const [end] = await store.query<ChainEnd>(
    `SELECT seq, encode(hash, 'hex') AS hash, allowance_left + topup_left AS balance FROM balances WHERE workspace_id = $1`,
    [workspaceId],
  );
  if (end === undefined) throw noWorkspace(workspaceId);
  return end;
}

/** A page of the chain, newest first, up to where it ended at the first look. @see Ledger.chain */
export async function readChain(
  store: Store,
  workspaceId: string,
  { limit, cursor }: ListQuery,
): Promise<ListPage<ChainEntry> & { end: ChainEnd }> {
  const end = await chainEnd(store, workspaceId);
  const [before = null] = decodeCursor(LIST, ['number'], cursor) ?? [];
  const rows = await store.query<Row>(
    `SELECT ${COLUMNS} FROM ledger_entries WHERE workspace_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3`,
    [workspaceId, before ?? end.seq + 1, limit + 1],
  );
  return { end, ...listPage(rows, limit, toEntry, (row) => encodeCursor(LIST, [row.seq])) };
}

/**
 * The chain after entry number `after` as lines of JSON without their ends, oldest first, as it stands when the first line is asked for.
 * Entries that are written meanwhile are not in it.
 */
export async function* exportChain(store: Store, workspaceId: string, after: number): AsyncGenerator<string> {
  const end = await chainEnd(store, workspaceId);
  const from = Math.min(after, end.seq);
  yield JSON.stringify({
    ledger: 'asa-ledger-1',
    workspace: workspaceId,
    start: await endAt(store, workspaceId, from),
  } satisfies ExportHead);
  for (let last = from; last < end.seq;) {
    const rows = await store.query<Row>(
      `SELECT ${COLUMNS} FROM ledger_entries WHERE workspace_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT ${ENTRIES_AT_ONCE}`,
      [workspaceId, last, end.seq],
    );
    if (rows.length === 0) break;
    for (const row of rows) yield JSON.stringify(toEntry(row));
    last = rows.at(-1)?.seq ?? end.seq;
  }
  yield JSON.stringify({ end } satisfies ExportTail);
}

async function endAt(store: Store, workspaceId: string, seq: number): Promise<ChainEnd> {
  if (seq === 0) return { seq: 0, hash: GENESIS, balance: 0 };
  const [row] = await store.query<{ hash: string; balance: number }>(
    `SELECT (SELECT encode(hash, 'hex') FROM ledger_entries WHERE workspace_id = $1 AND seq = $2) AS hash,
            (SELECT sum(amount)::bigint FROM ledger_entries WHERE workspace_id = $1 AND seq <= $2) AS balance`,
    [workspaceId, seq],
  );
  return { seq, hash: row?.hash ?? GENESIS, balance: row?.balance ?? 0 };
}
