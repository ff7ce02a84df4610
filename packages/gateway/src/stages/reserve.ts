import type { HoldOutcome, Principal } from '@asa/accounts';
import { ApiError, creditsOfUnits } from '@asa/contract';
import { callerOf, type RequestContext } from '../context.ts';
import type { Services } from '../services.ts';

/** How many times a request id that was used before is made again before the request is refused. */
const ID_TRIES = 8;
/** A request may be outrun to the credits that were bought for it: then it asks again, for this long at most. */
const TOP_UP_TRIES = 3;
const TOP_UP_MS = 10_000;

/**
 * The `reserve` stage: reserves the credits of `units` units (one request or one search page each) in the budgets, then holds them in the
 * ledger. When there are not enough, automatic top-up may buy some, within a bounded time. Test keys never bill and hold nothing.
 * Throws `insufficient_credits`. The hold is durable when this returns.
 */
export async function reserve(services: Services, context: RequestContext, units: number): Promise<void> {
  const principal = callerOf(context);
  if (principal.mode === 'test') return;
  const { ledger, budgets } = services.accounts;
  const { workspaceId, keyId } = principal;
  const credits = creditsOfUnits(units);
  const deadline = performance.now() + TOP_UP_MS;
  let topUps = 0;
  for (let tries = 0; tries < ID_TRIES;) {
    const { requestId } = context;
    const reserved = await budgets.reserve(principal, requestId, credits);
    let outcome: HoldOutcome = { status: 'duplicate' };
    try {
      if (reserved !== 'duplicate') outcome = await ledger.hold({ requestId, workspaceId, keyId, credits });
    } finally {
      if (reserved === 'reserved' && outcome.status !== 'held') budgets.settle(workspaceId, requestId, 0);
    }
    if (outcome.status === 'held') {
      context.hold = outcome.hold;
      context.budgeted = reserved === 'reserved';
      return;
    }
    if (outcome.status === 'insufficient') {
      const why =
        topUps < TOP_UP_TRIES && performance.now() < deadline ? await topUp(services, principal, credits) : null;
      if (why !== 'enough') throw insufficient(credits, outcome.available, why);
      topUps += 1;
      // The next try reserves again under the same id.
      if (reserved === 'reserved') await budgets.flush();
    } else {
      tries += 1;
      context.requestId = services.newRequestId();
    }
  }
  throw new Error(`no unused request id in ${ID_TRIES} tries`);
}

/** Whether credits were bought; or why not, where that is worth telling. */
async function topUp({ accounts }: Services, principal: Principal, credits: number): Promise<string | null> {
  if (principal.topUpBelow === null) return null;
  const ensured = await accounts.topUps.ensure(principal.workspaceId, credits);
  return ensured.status === 'enough' ? 'enough' : ensured.why;
}

const insufficient = (credits: number, available: number, why: string | null): ApiError =>
  new ApiError(
    'insufficient_credits',
    `This request costs ${credits} credits, but the workspace has ${available} left${why === null ? '' : `; ${why}`}.`,
  );
