import type { Store } from '@asa/store';
import type { HoldId } from './ledger.ts';

/** A hold that is being opened is not yet known to be in use on this side of the connection; this is more than a statement may take. */
const YOUNG_MS = 30_000;
const HOLDS_AT_ONCE = 500;
const HOLDS_PER_SWEEP = 20_000;

/**
 * Releases holds that nobody will settle: of processes that are gone, and those of this process that none of its requests has (the
 * connection broke after the hold was written and before that was known). Whether a hold is still open is decided by the settlement, so
 * two sweeps, or a sweep and a capture, never both settle one.
 */
export async function sweepHolds(
  store: Store,
  {
    now,
    inUse,
    release,
  }: {
    now: number;
    inUse: ReadonlySet<string>;
    /** Answers whether it was still open. */
    release: (hold: HoldId) => Promise<boolean>;
  },
): Promise<number> {
  const nodes = await store.query<{ node_id: string }>('SELECT DISTINCT node_id FROM holds');
  const dead = await store.deadNodes(nodes.map((row) => row.node_id));
  const rows = await store.query<{ workspace_id: string; request_id: string }>(
    `SELECT workspace_id, request_id FROM holds
      WHERE (node_id = ANY($1) OR node_id = $2 AND opened_at < $3) AND request_id <> ALL($4)
      ORDER BY opened_at LIMIT ${HOLDS_PER_SWEEP}`,
    [dead, store.node.id, new Date(now - YOUNG_MS), [...inUse]],
  );
  let released = 0;
  for (let from = 0; from < rows.length; from += HOLDS_AT_ONCE) {
    const holds = rows.slice(from, from + HOLDS_AT_ONCE);
    const open = await Promise.all(
      holds.map((row) => release({ workspaceId: row.workspace_id, requestId: row.request_id })),
    );
    released += open.filter(Boolean).length;
  }
  return released;
}
