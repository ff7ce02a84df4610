import type { Refusal } from '@asa/contract';
import type { Accounts, Place } from '@asa/accounts';
import { after, callerOf, type RequestContext } from '../context.ts';

/**
 * The `limit` stage: the rate counts every call with a valid key; concurrency counts product and search calls.
 * Answers the call's place in the concurrency, null for calls that do not count, or `rate_limited`.
 */
export function limit(
  accounts: Accounts,
  context: RequestContext,
  countsInFlight: boolean,
): Place | null | Refusal | Promise<Place | null | Refusal> {
  const principal = callerOf(context);
  return after(accounts.limits.admit(principal, countsInFlight), (admission) => {
    context.rate = admission.rate;
    if (admission.ok) return admission.place;
    context.crowded = admission.crowded;
    return admission.error;
  });
}

/** Before an answer: its headers tell how the key stands now, which may be long after it was let in. */
export function noteStanding(accounts: Accounts, context: RequestContext, place: Place | null): void {
  const { principal } = context;
  if (principal === null) return;
  context.rate = accounts.limits.facts(principal);
  if (place !== null) context.concurrency = place.now();
}
