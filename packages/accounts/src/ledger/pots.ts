/** Credits of a workspace in their two pots. */
export interface Pots {
  /** Of this month; expires at its end. */
  readonly allowance: number;
  /** Topped up; never expires. */
  readonly topup: number;
}

export const totalOf = (pots: Pots): number => pots.allowance + pots.topup;

/** Takes credits out of the pots, the allowance first; null when there are not enough. */
export function take(pots: Pots, credits: number): Pots | null {
  if (credits > totalOf(pots)) return null;
  const allowance = Math.min(pots.allowance, credits);
  return { allowance, topup: credits - allowance };
}
