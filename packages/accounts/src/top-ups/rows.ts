import { topUpCents, type AutoTopUp, type TopUp, type TopUpState } from '@asa/contract';
import type { Store, Tx } from '@asa/store';
import { totalOf } from '../ledger/pots.ts';
import { withBalance, type OpenBalance } from '../ledger/open-balance.ts';
import { MOST_CREDITS } from '../workspaces/adjust.ts';
import type { Payment } from './provider.ts';

export interface TopUpRow {
  id: string;
  workspace_id: string;
  provider: string;
  credits: number;
  cents: number;
  state: TopUpState;
  reason: string | null;
  created_at: Date;
  asked_at: Date;
  decided_at: Date | null;
}

export const toTopUp = (row: TopUpRow): TopUp => ({
  id: row.id,
  state: row.state,
  provider: row.provider,
  credits: row.credits,
  cents: row.cents,
  reason: row.reason,
  created_at: row.created_at.toISOString(),
  decided_at: row.decided_at?.toISOString() ?? null,
});

/** After a payment that was declined the provider is left alone: this long, twice as long after each further one, up to the longest. */
const PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 900_000;
const COUNTED_FAILURES = 8;

export type Opened =
  /** There is enough now: nothing is to be bought. */
  | { readonly status: 'enough' }
  /** It was opened just now, and is to be charged by whoever got this. */
  | { readonly status: 'opened'; readonly row: TopUpRow }
  /** Somebody else opened it. */
  | { readonly status: 'waiting'; readonly row: TopUpRow }
  /** `why`: a sentence without its end. */
  | { readonly status: 'refused'; readonly why: string };

/**
 * Decides, with the balance locked, whether credits are to be bought, and opens the top-up: of all who decide at the same time, on however many
 * nodes, one opens it. It is durable before the provider hears of it.
 * @param needed what a request wants to spend; null: no request waits, the threshold decides.
 */
export function openTopUp(
  store: Store,
  {
    id,
    workspaceId,
    needed,
    provider,
    now,
  }: { id: string; workspaceId: string; needed: number | null; provider: string; now: number },
): Promise<Opened> {
  return withBalance(store, workspaceId, now, async ({ tx, current }) => {
    const [terms] = await tx.query<{ auto_top_up: AutoTopUp }>('SELECT auto_top_up FROM workspaces WHERE id = $1', [
      workspaceId,
    ]);
    if (terms?.auto_top_up.enabled !== true) return { status: 'refused', why: 'automatic top-up is off' };
    const { threshold, pack, monthly_cap: cap } = terms.auto_top_up;
    const { pots, period } = current();
    const missing = (needed ?? threshold) - totalOf(pots);
    if (missing <= 0) return { status: 'enough' };
    const rows = await tx.query<TopUpRow>(
      `SELECT * FROM top_ups WHERE workspace_id = $1 ORDER BY created_at DESC, id LIMIT ${COUNTED_FAILURES}`,
      [workspaceId],
    );
    const open = rows.find((row) => row.state === 'open');
    if (open !== undefined) return { status: 'waiting', row: open };
    const pause = pauseAfter(rows, now);
    if (pause !== null) return { status: 'refused', why: pause };
    // For a request as many packs as it needs; for the threshold one: what is still missing is bought after the next request.
    const credits = pack * (needed === null ? 1 : Math.ceil(missing / pack));
    const bought = await boughtInMonth(tx, workspaceId, period);
    if (bought + credits > cap) {
      return {
        status: 'refused',
        why: `automatic top-up would buy ${credits} credits, but is capped at ${cap} a month, of which ${bought} are used`,
      };
    }
    // Nothing is paid for that could not be credited.
    if (pots.topup + credits > MOST_CREDITS)
      return { status: 'refused', why: `a workspace has at most ${MOST_CREDITS} topped-up credits` };
    const [row] = await tx.query<TopUpRow>(
      `INSERT INTO top_ups (id, workspace_id, provider, credits, cents, period, state, created_at, asked_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $7) RETURNING *`,
      [id, workspaceId, provider, credits, topUpCents(credits), period, new Date(now)],
    );
    if (row === undefined) throw new Error('a top-up was not opened');
    return { status: 'opened', row };
  });
}

/** Why the provider is not asked again yet; null when it may be. Newest rows first. */
function pauseAfter(rows: readonly TopUpRow[], now: number): string | null {
  const [last] = rows;
  if (last?.state !== 'failed' || last.decided_at === null) return null;
  const paid = rows.findIndex((row) => row.state === 'paid');
  const failures = paid < 0 ? rows.length : paid;
  const until = last.decided_at.getTime() + Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** (failures - 1));
  if (now >= until) return null;
  return `the last automatic top-up failed (${last.reason ?? 'no reason was given'}); the next one is tried after ${new Date(until).toISOString()}`;
}

/** Credits bought in a month of the workspace; what is open counts, as it may come. */
export async function boughtInMonth(
  tx: Pick<Store, 'query'> | Tx,
  workspaceId: string,
  period: number,
): Promise<number> {
  const [row] = await tx.query<{ bought: number }>(
    `SELECT COALESCE(sum(credits), 0)::bigint AS bought FROM top_ups WHERE workspace_id = $1 AND period = $2 AND state <> 'failed'`,
    [workspaceId, period],
  );
  return row?.bought ?? 0;
}

export type Decided = 'credited' | 'already' | 'failed' | 'ignored';

/**
 * Writes down what became of a top-up. Paid: the credits and the end of the top-up are one transaction, so that it is credited once however
 * often and from wherever it is told; also one that was given up, for then the money was taken after all.
 */
export async function decideTopUp(store: Store, id: string, payment: Payment, now: number): Promise<Decided> {
  if (payment.status === 'pending') return 'ignored';
  const [found] = await store.query<{ workspace_id: string }>('SELECT workspace_id FROM top_ups WHERE id = $1', [id]);
  if (found === undefined) return 'ignored';
  return withBalance(store, found.workspace_id, now, async (open) => {
    const [row] = await open.tx.query<TopUpRow>('SELECT * FROM top_ups WHERE id = $1 FOR UPDATE', [id]);
    if (row === undefined) return 'ignored';
    if (payment.status === 'paid') {
      if (row.state === 'paid') return 'already';
      await credit(open, row, payment.paymentId, now);
      return 'credited';
    }
    if (row.state !== 'open') return 'already';
    await open.tx.query(`UPDATE top_ups SET state = 'failed', reason = $2, decided_at = $3 WHERE id = $1`, [
      id,
      payment.reason.slice(0, 500),
      new Date(now),
    ]);
    return 'failed';
  });
}

async function credit(
  { tx, current, append }: OpenBalance,
  row: TopUpRow,
  paymentId: string,
  now: number,
): Promise<void> {
  const { period } = current();
  await append([
    {
      kind: 'topup',
      allowance: 0,
      topup: row.credits,
      period,
      reason: `automatic top-up ${row.id} (${row.provider}, ${paymentId.slice(0, 200)})`,
    },
  ]);
  await tx.query(`UPDATE top_ups SET state = 'paid', reason = NULL, payment_id = $2, decided_at = $3 WHERE id = $1`, [
    row.id,
    paymentId,
    new Date(now),
  ]);
}
