import type { Accounts } from '@asa/accounts';
import type { RequestContext } from '../context.ts';

/**
 * The `limit` stage: the rate counts every call with a valid key; concurrency counts product and search calls.
 * Throws `rate_limited`. Answers the function that ends the call's place in the concurrency.
 */
export function limit(accounts: Accounts, context: RequestContext, countsInFlight: boolean): () => void {
  const { principal } = context;
  if (principal === null) throw new Error('the limit stage needs a principal');
  context.rate = accounts.limits.facts(principal);
  context.rate = accounts.limits.admit(principal);
  if (!countsInFlight) return () => {};
  const place = accounts.limits.enter(principal);
  context.concurrency = { inFlight: place.inFlight, ceiling: place.ceiling };
  return place.leave;
}
