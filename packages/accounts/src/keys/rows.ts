import type { ApiKey, Budgets, KeyMode } from '@asa/contract';

/** A key as lists show it. */
export interface KeyRow {
  id: string;
  short_prefix: string;
  mode: KeyMode;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
  revokes_at: Date | null;
  day: number | null;
  month: number | null;
}

/** Everything a key is, with the budgets of its line; to be followed by a condition on `k`. */
export const SELECT_KEY = `
  SELECT k.id, k.short_prefix, k.mode, k.name, k.created_at, k.last_used_at, k.revoked_at, k.revokes_at,
         (SELECT credits FROM budgets WHERE owner_id = k.line AND period = 'day') AS day,
         (SELECT credits FROM budgets WHERE owner_id = k.line AND period = 'month') AS month
    FROM api_keys k`;

export const budgetsOf = (row: { day: number | null; month: number | null }): Budgets => ({
  day: row.day,
  month: row.month,
});

/** A key whose time is over was revoked then, whether or not anybody noted it. @param at milliseconds */
export function toKey(row: KeyRow, at: number): ApiKey {
  const over = row.revokes_at !== null && row.revokes_at.getTime() <= at;
  const revokedAt = row.revoked_at ?? (over ? row.revokes_at : null);
  return {
    id: row.id,
    short_prefix: row.short_prefix,
    mode: row.mode,
    name: row.name,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    revoked_at: revokedAt?.toISOString() ?? null,
    revokes_at: row.revokes_at?.toISOString() ?? null,
    budgets: budgetsOf(row),
  };
}
