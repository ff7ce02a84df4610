import { ApiError, quote } from '@asa/contract';
import type { Store } from '@asa/store';
import { checkText } from '../ids.ts';
import type { Balance, NewEntry } from '../ledger/balance.ts';
import { toEntry, type EntryRow } from '../ledger/entries.ts';
import { withBalance } from '../ledger/open-balance.ts';
import { take, totalOf } from '../ledger/pots.ts';
import type { LedgerEntry } from '@asa/contract';

export interface CreditsChange {
  /** Positive: a top-up. Negative: taken out of the allowance first, then the top-up. */
  readonly amount: number;
  readonly reason: string;
  /** The same key with the same change answers the entry that it made the first time. */
  readonly idempotencyKey: string | null;
}

/** An entry that belongs to no request. */
export type CreditsEntry = Omit<LedgerEntry, 'request_id'>;

/** The database's bound of a top-up pot: far below what JavaScript counts exactly. */
export const MOST_CREDITS = 4_000_000_000_000_000;

/** @see Workspaces.credits */
export async function changeCredits(
  store: Store,
  workspaceId: string,
  change: CreditsChange,
  now: number,
): Promise<CreditsEntry> {
  const { amount, reason, idempotencyKey } = change;
  checkText('reason', reason);
  if (idempotencyKey !== null && !/^[\x20-\x7e]{1,255}$/.test(idempotencyKey)) {
    throw new ApiError('invalid_params', 'Idempotency-Key must be 1 to 255 printable ASCII characters.');
  }
  return withBalance(store, workspaceId, now, async ({ tx, current, append }) => {
    if (idempotencyKey !== null) {
      const [earlier] = await tx.query<EntryRow>(
        'SELECT * FROM ledger_entries WHERE workspace_id = $1 AND idempotency_key = $2',
        [workspaceId, idempotencyKey],
      );
      if (earlier !== undefined) return repeated(earlier, change, idempotencyKey);
    }
    const entry = entryFor(current(), amount, reason);
    const [id] = await append([idempotencyKey === null ? entry : { ...entry, idempotencyKey }]);
    if (id === undefined) throw new Error('an entry was not written');
    return { id, kind: entry.kind, amount, reason, created_at: new Date(now).toISOString() };
  });
}

function repeated(earlier: EntryRow, { amount, reason }: CreditsChange, key: string): CreditsEntry {
  if (earlier.amount !== amount || earlier.reason !== reason) {
    throw new ApiError(
      'invalid_params',
      `Idempotency-Key ${quote(key)} was used before with another body: amount ${earlier.amount}, reason ${quote(earlier.reason ?? '')}.`,
    );
  }
  const { request_id: _none, ...entry } = toEntry(earlier);
  return entry;
}

function entryFor({ pots, period }: Balance, amount: number, reason: string): NewEntry {
  if (!Number.isSafeInteger(amount) || amount === 0) {
    throw new ApiError('invalid_params', `amount ${amount} is not a whole number of credits other than 0.`);
  }
  if (amount > 0) {
    if (pots.topup + amount > MOST_CREDITS) {
      throw new ApiError(
        'invalid_params',
        `amount ${amount}: a workspace has at most ${MOST_CREDITS} topped-up credits.`,
      );
    }
    return { kind: 'topup', allowance: 0, topup: amount, period, reason };
  }
  const taken = take(pots, -amount);
  if (taken === null) {
    throw new ApiError('invalid_params', `amount ${amount}: the workspace has only ${totalOf(pots)} credits to take.`);
  }
  // 0 - x instead of -x: no negative zero.
  return { kind: 'adjust', allowance: 0 - taken.allowance, topup: 0 - taken.topup, period, reason };
}
