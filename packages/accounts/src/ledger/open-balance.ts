import type { PlanName } from '@asa/contract';
import type { Store, Tx } from '@asa/store';
import { anniversary, periodAt } from '../calendar.ts';
import { isId, noWorkspace } from '../ids.ts';
import { entryHash } from './chain.ts';
import type { EntryRef } from './decide.ts';
import { dueEntries, monthlyAllowance, withEntries, type Balance, type NewEntry } from './balance.ts';

const READ = {
  name: 'accounts_balance',
  text: `SELECT allowance_left, topup_left, held, period, period_granted, resets_at, seq, encode(hash, 'hex') AS hash FROM balances WHERE workspace_id = $1`,
};

interface BalanceRow {
  allowance_left: number;
  topup_left: number;
  held: number;
  period: number;
  period_granted: number;
  resets_at: Date;
  seq: number;
  hash: string;
}
const toBalance = (row: BalanceRow): Balance => ({
  pots: { allowance: row.allowance_left, topup: row.topup_left },
  held: row.held,
  period: row.period,
  granted: row.period_granted,
  resetsAt: row.resets_at.getTime(),
});

interface TermsRow {
  plan: PlanName;
  allowance_credits: number | null;
  created_at: Date;
}

/** A locked balance inside a transaction. */
export interface OpenBalance {
  readonly tx: Tx;
  /** As it is now, entries appended in this transaction included. */
  readonly current: () => Balance;
  /** Appends entries and changes the balance by them. Answers their ids. */
  readonly append: (entries: readonly NewEntry[]) => Promise<number[]>;
}

/**
 * Runs `fn` with the balance locked and its monthly reset done. Everything that is not a hold or its settlement goes through here: the
 * lock comes first, and the terms are read after it, so that a change of plan and a reset never miss each other.
 * @throws ApiError `not_found` for an unknown workspace
 */
export async function withBalance<T>(
  store: Store,
  workspaceId: string,
  now: number,
  fn: (open: OpenBalance) => Promise<T>,
): Promise<T> {
  if (!isId('ws', workspaceId)) throw noWorkspace(workspaceId);
  return store.transaction(async (tx) => {
    const [row] = await tx.query<BalanceRow>(`${READ.text} FOR UPDATE`, [workspaceId]);
    if (row === undefined) throw noWorkspace(workspaceId);
    let balance = toBalance(row);
    let end: EntryRef = { seq: row.seq, hash: row.hash };
    const append: OpenBalance['append'] = async (entries) => {
      balance = withEntries(balance, entries);
      const written = await writeEntries(tx, workspaceId, end, entries, now);
      ({ end } = written);
      await writeBalance(tx, workspaceId, balance, end);
      return written.ids;
    };
    if (now >= balance.resetsAt) {
      const terms = await readTerms(tx, workspaceId);
      const beganAt = terms.created_at.getTime();
      const due = dueEntries(balance, beganAt, monthlyAllowance(terms.plan, terms.allowance_credits), now);
      const period = periodAt(beganAt, now);
      balance = { ...balance, period, granted: 0, resetsAt: anniversary(beganAt, period + 1) };
      await append(due);
    }
    return fn({ tx, current: () => balance, append });
  });
}

/** How a workspace stands, read without a lock unless its monthly reset is due. @throws ApiError `not_found` */
export async function readBalance(store: Store, workspaceId: string, now: number): Promise<Balance> {
  if (!isId('ws', workspaceId)) throw noWorkspace(workspaceId);
  const { rows } = await store.pool.query<BalanceRow>({ ...READ, values: [workspaceId] });
  const [row] = rows;
  if (row === undefined) throw noWorkspace(workspaceId);
  const balance = toBalance(row);
  if (now < balance.resetsAt) return balance;
  return withBalance(store, workspaceId, now, (open) => Promise.resolve(open.current()));
}

async function readTerms(tx: Tx, workspaceId: string): Promise<TermsRow> {
  const [terms] = await tx.query<TermsRow>('SELECT plan, allowance_credits, created_at FROM workspaces WHERE id = $1', [
    workspaceId,
  ]);
  if (terms === undefined) throw noWorkspace(workspaceId);
  return terms;
}

async function writeBalance(tx: Tx, workspaceId: string, balance: Balance, end: EntryRef): Promise<void> {
  const { pots, period, granted, resetsAt } = balance;
  await tx.query(
    `UPDATE balances SET allowance_left = $2, topup_left = $3, period = $4, period_granted = $5, resets_at = $6,
            seq = $7, hash = decode($8, 'hex')
      WHERE workspace_id = $1`,
    [workspaceId, pots.allowance, pots.topup, period, granted, new Date(resetsAt), end.seq, end.hash],
  );
}

/**
 * Appends entries to the chain that ends with `end`, without changing a balance: only for one that is changed by the same entries in the
 * same transaction, and that notes the new end. Answers that and the entries' ids.
 */
export async function writeEntries(
  tx: Tx,
  workspaceId: string,
  end: EntryRef,
  entries: readonly NewEntry[],
  now: number,
): Promise<{ ids: number[]; end: EntryRef }> {
  const ids: number[] = [];
  let { seq, hash } = end;
  for (const { kind, allowance, topup, period, reason, requestId = null, idempotencyKey } of entries) {
    seq += 1;
    const createdAt = new Date(now).toISOString();
    const entry = { workspaceId, seq, kind, allowance, topup, period, requestId, keyId: null, reason, createdAt };
    hash = entryHash(hash, entry);
    const [row] = await tx.query<{ id: number }>(
      `INSERT INTO ledger_entries (workspace_id, kind, amount, allowance, topup, period, request_id, reason, idempotency_key, created_at, seq, hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, decode($12, 'hex')) RETURNING id`,
      [
        workspaceId,
        kind,
        allowance + topup,
        allowance,
        topup,
        period,
        requestId,
        reason,
        idempotencyKey ?? null,
        createdAt,
        seq,
        hash,
      ],
    );
    if (row === undefined) throw new Error('an entry was not written');
    ids.push(row.id);
  }
  return { ids, end: { seq, hash } };
}
