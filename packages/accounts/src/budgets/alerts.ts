import {
  alertCursor,
  listPage,
  readAlertCursor,
  type Alert,
  type BudgetPeriod,
  type ListPage,
  type ListQuery,
} from '@asa/contract';
import type { Store } from '@asa/store';
import { createBatch } from '../batch.ts';
import { checkWorkspace } from '../ids.ts';
import type { Context } from '../types.ts';

/**
 * Hands an alert over for delivery, durably; answers whether its workspace wants it delivered anywhere. May be called again with the same
 * alert (its id is the same) when the process dies at the wrong moment.
 */
export type OnAlert = (workspaceId: string, alert: Alert) => Promise<boolean>;

export interface Alerts {
  /** There may be something to send. */
  poke: () => void;
  /** Hands over what no process has handed over yet. */
  deliver: () => Promise<void>;
  /** Newest first. @throws ApiError `not_found`, `invalid_params` for a bad cursor */
  list: (workspaceId: string, query: ListQuery) => Promise<ListPage<Alert>>;
  stop: () => void;
}

const POKE_MS = 50;

interface Row {
  id: number;
  workspace_id: string;
  of_workspace: boolean;
  short_prefix: string | null;
  period: BudgetPeriod;
  starts: string;
  percent: number;
  budget: number;
  spent: number;
  created_at: Date;
  handled_at: Date | null;
  delivered: boolean | null;
}

const SELECT = `
  SELECT a.id, a.workspace_id, a.owner_id = a.workspace_id AS of_workspace, a.period, a.starts, a.percent, a.budget, a.spent,
         a.created_at, a.handled_at, a.delivered,
         (SELECT short_prefix FROM api_keys WHERE workspace_id = a.workspace_id AND line = a.owner_id
           ORDER BY created_at DESC LIMIT 1) AS short_prefix
    FROM alerts a`;

const toAlert = (row: Row): Alert => ({
  id: `alr_${row.id}`,
  type: 'budget',
  scope: row.of_workspace ? 'workspace' : 'key',
  key: row.short_prefix,
  period: row.period,
  period_start: row.starts,
  percent: row.percent,
  budget: row.budget,
  spent: row.spent,
  created_at: row.created_at.toISOString(),
  delivered_at: (row.delivered === true ? row.handled_at?.toISOString() : null) ?? null,
});

/** @param onAlert null: nothing is sent, alerts are only listed. */
export function createAlerts(
  store: Store,
  { now, log }: Pick<Context, 'now' | 'log'>,
  onAlert: OnAlert | null,
): Alerts {
  const deliver = async (): Promise<void> => {
    if (onAlert === null) return;
    for (let sent = true; sent;) {
      // One at a time, each locked while it is handed over: two processes never send the same one at the same time.
      sent = await store.transaction(async (tx) => {
        const [next] = await tx.query<Row>(
          `${SELECT} WHERE a.handled_at IS NULL ORDER BY a.id LIMIT 1 FOR UPDATE OF a SKIP LOCKED`,
        );
        if (next === undefined) return false;
        const delivered = await onAlert(next.workspace_id, toAlert(next));
        await tx.query('UPDATE alerts SET handled_at = $2, delivered = $3 WHERE id = $1', [
          next.id,
          new Date(now()),
          delivered,
        ]);
        return true;
      });
    }
  };
  const batch = createBatch(POKE_MS, deliver, (error) =>
    log('Alerts could not be sent; it is tried again.', { error }),
  );

  return {
    poke: onAlert === null ? () => {} : batch.poke,
    deliver: batch.flush,
    async list(workspaceId, { limit, cursor }) {
      const before = readAlertCursor(cursor);
      const rows = await store.query<Row>(
        `${SELECT} WHERE a.workspace_id = $1 AND ($2::bigint IS NULL OR a.id < $2) ORDER BY a.id DESC LIMIT $3`,
        [workspaceId, before, limit + 1],
      );
      if (rows.length === 0) await checkWorkspace(store, workspaceId);
      return listPage(rows, limit, toAlert, (row) => alertCursor(row.id));
    },
    stop: batch.stop,
  };
}
