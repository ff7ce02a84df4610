import { ApiError, CREDITS_PER_UNIT } from '@asa/contract';
import type { RequestContext } from '../context.ts';
import type { Services } from '../services.ts';

/** How many times a request id that was used before is made again before the request is refused. */
const ID_TRIES = 8;

/**
 * The `reserve` stage: holds the credits of `units` units (one request or one search page each). Test keys never bill and hold nothing.
 * Throws `insufficient_credits`. The hold is durable when this returns.
 */
export async function reserve(services: Services, context: RequestContext, units: number): Promise<void> {
  const { principal } = context;
  if (principal === null) throw new Error('the reserve stage needs a principal');
  if (principal.mode === 'test') return;
  const credits = units * CREDITS_PER_UNIT;
  for (let tries = 0; tries < ID_TRIES; tries += 1) {
    const { requestId } = context;
    const outcome = await services.accounts.ledger.hold({
      requestId,
      workspaceId: principal.workspaceId,
      keyId: principal.keyId,
      credits,
    });
    if (outcome.status === 'held') {
      context.hold = outcome.hold;
      return;
    }
    if (outcome.status === 'insufficient') {
      throw new ApiError(
        'insufficient_credits',
        `This request costs ${credits} credits, but the workspace has ${outcome.available} left.`,
      );
    }
    context.requestId = services.newRequestId();
  }
  throw new Error(`no unused request id in ${ID_TRIES} tries`);
}
