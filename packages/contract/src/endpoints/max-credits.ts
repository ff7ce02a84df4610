import { z } from 'zod';
import { CREDITS_PER_UNIT } from '../plans.ts';
import { whole } from './params.ts';

/**
 * `max_credits`: what a caller is willing to pay for a request or a batch at most. A request that could cost more is refused before
 * anything is fetched or held, with everything else that is wrong with it; nothing is cut down silently, so an answer is never a part of
 * what was asked for because of it. Failures and pages past the end are free, so the cost may well be less.
 */

const MOST = 999_999_999;
const ABOUT = 'Refuse the request (400) when it could cost more credits than this.';

/** The query parameter of product and search requests. */
export const MAX_CREDITS_PARAM = whole('max_credits', 0, MOST, { about: ABOUT, example: '50' });
/** The body field of a batch. */
export const MaxCredits = z.int().min(0).max(MOST).describe(ABOUT);

/** Credits that so many units (requests or search pages) cost at most. */
export const creditsOfUnits = (units: number): number => units * CREDITS_PER_UNIT;

/**
 * What is wrong with a request that could cost more than its `max_credits`; null when nothing is. Pure.
 * @param units requests or search pages that may be charged at most.
 * @param unit what one unit is called, for the message ("page", "item").
 */
export function overMaxCredits(units: number, maxCredits: number | undefined, unit: string): string | null {
  const cost = creditsOfUnits(units);
  if (maxCredits === undefined || cost <= maxCredits) return null;
  const affordable = Math.floor(maxCredits / CREDITS_PER_UNIT);
  const ask =
    affordable > 0 && units > 1 ? `, or ask for at most ${affordable} ${unit}${affordable > 1 ? 's' : ''}` : '';
  return `max_credits ${maxCredits}: this costs up to ${cost} credits (${units} x ${CREDITS_PER_UNIT}); give at least ${cost}${ask}`;
}
