import { planRow, type Credits, type LedgerKind, type PlanName } from '@asa/contract';
import { anniversary, periodAt } from '../calendar.ts';
import { totalOf, type Pots } from './pots.ts';

/** A workspace's balance as its row says, with what decides its allowance. Times are ms. */
export interface Balance {
  readonly pots: Pots;
  readonly held: number;
  /** The month it is in, counted from the workspace's beginning. */
  readonly period: number;
  /** Allowance granted in this month so far. */
  readonly granted: number;
  readonly resetsAt: number;
}

/** An entry to be written; the pots it changes are its amount. */
export interface NewEntry extends Pots {
  readonly kind: LedgerKind;
  /** The month its allowance belongs to. */
  readonly period: number;
  readonly reason: string;
  readonly requestId?: string;
  readonly idempotencyKey?: string;
}

/** What a workspace is granted each month: the plan's allowance, or the one agreed with it where the plan leaves that open. */
export function monthlyAllowance(plan: PlanName, agreed: number | null): number {
  const row = planRow(plan);
  return row.agreed === null ? row.allowance.credits : (agreed ?? row.allowance.credits);
}

/** What a workspace has from its beginning. */
export const firstBalance = (beganAt: number): Balance => ({
  pots: { allowance: 0, topup: 0 },
  held: 0,
  period: 0,
  granted: 0,
  resetsAt: anniversary(beganAt, 1),
});

/**
 * The entries that are due at `now`: nothing before the reset; then what is left of the old allowance expires and one new one is granted,
 * however many months went by. Pure.
 */
export function dueEntries(balance: Balance, beganAt: number, allowance: number, now: number): NewEntry[] {
  if (now < balance.resetsAt) return [];
  const period = periodAt(beganAt, now);
  const left = balance.pots.allowance;
  const since = new Date(anniversary(beganAt, period)).toISOString();
  return [
    ...(left > 0
      ? [
          {
            kind: 'adjust',
            allowance: -left,
            topup: 0,
            period: balance.period,
            reason: 'unused allowance expired',
          } as const,
        ]
      : []),
    ...(allowance > 0
      ? [{ kind: 'grant', allowance, topup: 0, period, reason: `allowance of the month from ${since}` } as const]
      : []),
  ];
}

/**
 * The rest of a larger allowance, granted at once: the difference to what was granted this month already, so that changing plans back and
 * forth grants nothing twice. A smaller allowance takes nothing back; it starts with the next month.
 */
export function upgradeEntries(balance: Balance, allowance: number, reason: string): NewEntry[] {
  const more = allowance - balance.granted;
  return more > 0 ? [{ kind: 'grant', allowance: more, topup: 0, period: balance.period, reason }] : [];
}

/** The balance after entries; only `grant` counts as granted. */
export function withEntries(balance: Balance, entries: readonly NewEntry[]): Balance {
  let next = balance;
  for (const { kind, allowance, topup } of entries) {
    next = {
      ...next,
      pots: { allowance: next.pots.allowance + allowance, topup: next.pots.topup + topup },
      granted: next.granted + (kind === 'grant' ? allowance : 0),
    };
  }
  return next;
}

/** Credits as answers show them. */
export const creditsOf = ({ pots, held }: Pick<Balance, 'pots' | 'held'>): Credits => ({
  allowance_left: pots.allowance,
  topup_left: pots.topup,
  held,
  total: totalOf(pots),
});
