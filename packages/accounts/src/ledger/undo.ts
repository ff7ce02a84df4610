import type { Store } from '@asa/store';
import type { NewEntry } from './balance.ts';
import type { HoldId } from './ledger.ts';
import { withBalance } from './open-balance.ts';

interface CaptureRow {
  kind: 'capture' | 'adjust';
  allowance: number;
  topup: number;
  period: number;
}

/**
 * Gives back what was captured for a request that was not answered, to the pots it was taken from; nothing when nothing was captured or
 * when it was given back before (answers whether it was). An allowance of an earlier month expires at once.
 */
export async function refund(store: Store, { requestId, workspaceId }: HoldId, now: number): Promise<boolean> {
  return withBalance(store, workspaceId, now, async ({ tx, current, append }) => {
    const rows = await tx.query<CaptureRow>(
      `SELECT kind, allowance, topup, period FROM ledger_entries WHERE request_id = $1 AND kind IN ('capture', 'adjust')`,
      [requestId],
    );
    const captured = rows.find((row) => row.kind === 'capture');
    await tx.query('DELETE FROM answers_due WHERE request_id = $1', [requestId]);
    if (captured === undefined || rows.length > 1) return false;
    const { allowance, topup, period } = captured;
    const entries: NewEntry[] = [
      {
        kind: 'adjust',
        allowance: -allowance,
        topup: -topup,
        period,
        requestId,
        reason: 'refund: the request was not answered',
      },
    ];
    if (period < current().period && allowance < 0) {
      const reason = `unused allowance of an earlier month expired (${requestId})`;
      entries.push({ kind: 'adjust', allowance, topup: 0, period, reason });
    }
    await append(entries);
    // What was given back is not spent: the next sweep of the budgets counts it, not before a count that is due later anyway.
    await tx.query('UPDATE budgets SET recount_at = GREATEST(recount_at, $2) WHERE workspace_id = $1', [
      workspaceId,
      new Date(now),
    ]);
    return true;
  });
}
