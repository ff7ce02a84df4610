import type { Difference } from '@asa/contract';
import type { Store } from '@asa/store';

const ENTRIES_AT_ONCE = 5000;

interface WalkedRow {
  id: number;
  kind: string;
  request_id: string | null;
  workspace_id: string;
  amount: number;
  created_at: Date;
  status: number | null;
  charged: number | null;
}

/**
 * Captures since a moment beside the traces of the same requests, both ways: every capture that was not refunded belongs to a 2xx that
 * says the same price, every 2xx that cost something has its capture.
 * @param young captures of this time or later may not have their trace yet: it is written after the capture, before the answer.
 * @param doubtful request ids that are reported otherwise
 */
export async function compare(
  store: Store,
  { since, young }: { readonly since: Date; readonly young: Date },
  doubtful: ReadonlySet<string>,
): Promise<{ differences: Difference[]; captures: number; refunded: number }> {
  const differences: Difference[] = [];
  const refunded = new Set<string>();
  let [captures, before] = [0, null as number | null];
  // Newest first, by the primary key: there is no index by time, and a refund always comes after its capture.
  for (;;) {
    const rows = await store.query<WalkedRow>(
      `SELECT e.*, t.status, t.credits AS charged
         FROM (SELECT id, kind, request_id, workspace_id, amount, created_at FROM ledger_entries
                WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT ${ENTRIES_AT_ONCE}) e
         LEFT JOIN traces t ON e.kind = 'capture' AND t.request_id = e.request_id
        ORDER BY e.id DESC`,
      [before],
    );
    for (const { kind, request_id: id, workspace_id: workspace, amount, created_at: at, status, charged } of rows) {
      if (at < since || id === null) continue;
      if (kind === 'adjust') refunded.add(id);
      if (kind !== 'capture') continue;
      captures += 1;
      if (refunded.has(id) || doubtful.has(id) || (status === null && at >= young)) continue;
      const what =
        status === null
          ? 'captured_without_trace'
          : status !== 200
            ? 'captured_without_success'
            : charged === -amount
              ? null
              : 'other_cost';
      if (what !== null)
        differences.push({
          request_id: id,
          workspace,
          what,
          captured: -amount,
          traced_status: status,
          traced_credits: charged,
        });
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < ENTRIES_AT_ONCE || last.created_at < since) break;
    before = last.id;
  }
  const free = await store.query<{ request_id: string; workspace_id: string; credits: number; status: number }>(
    `SELECT t.request_id, t.workspace_id, t.credits, t.status FROM traces t
      WHERE t.received_at >= $1 AND t.credits > 0
        AND NOT EXISTS (SELECT FROM ledger_entries e WHERE e.request_id = t.request_id AND e.kind = 'capture')`,
    [since],
  );
  for (const { request_id, workspace_id: workspace, credits, status } of free) {
    const what = 'success_without_capture';
    differences.push({ request_id, workspace, what, captured: 0, traced_status: status, traced_credits: credits });
  }
  return { differences, captures, refunded: refunded.size };
}
