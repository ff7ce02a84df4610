import type { Captured, HoldId } from '@asa/accounts';
import { creditsOfUnits } from '@asa/contract';
import type { RequestContext } from '../context.ts';
import type { Services } from '../services.ts';

/** The caller hung up before the capture: nothing is charged and nobody reads the answer. */
export class CallerGone extends Error {
  constructor() {
    super('the caller hung up before the answer');
    this.name = 'CallerGone';
  }
}

/**
 * The `settle` stage of a success: captures the credits of the units that were obtained, durably, before the answer is sent.
 * Throws `CallerGone` when nobody waits any more. A capture whose outcome is unknown (the database went away) is put in
 * doubt, which undoes it as soon as the database is back: the answer will not be a 2xx.
 */
export async function capture(services: Services, context: RequestContext, units: number): Promise<void> {
  if (context.signal.aborted) throw new CallerGone();
  const { hold, principal } = context;
  if (hold === null) {
    if (principal !== null) context.remaining = await services.accounts.ledger.remaining(principal.workspaceId);
    return;
  }
  const credits = creditsOfUnits(units);
  let captured: Captured;
  try {
    const { answerDue } = context;
    captured = await services.accounts.ledger.capture(hold, credits, { answerDue });
  } catch (error) {
    context.hold = null;
    services.doubts.add(hold);
    throw error;
  }
  context.hold = null;
  noteCapture(services, context, hold, credits, captured);
}

/** What follows from a capture: budgets, the operator's books, and more credits when few are left. */
export function noteCapture(
  services: Services,
  context: RequestContext,
  { workspaceId, requestId }: HoldId,
  credits: number,
  { remaining, entry }: Captured,
): void {
  const { budgets, topUps } = services.accounts;
  context.credits = credits;
  context.remaining = remaining;
  context.entry = entry;
  services.metrics.creditsTaken(credits);
  if (context.budgeted) budgets.settle(workspaceId, requestId, credits);
  const below = context.principal?.topUpBelow ?? null;
  if (below !== null && remaining < below) topUps.poke(workspaceId);
}

/** The `settle` stage of a failure: releases what is held, before the error answer is sent. Never throws. */
export async function release(services: Services, context: RequestContext): Promise<void> {
  const { hold } = context;
  if (hold === null) return;
  context.hold = null;
  try {
    await services.accounts.ledger.release(hold);
    // After a failure its budgets are settled out of the ledger, once that is known.
    if (context.budgeted) services.accounts.budgets.settle(hold.workspaceId, hold.requestId, 0);
  } catch (error) {
    services.log.error(
      { err: error, request_id: context.requestId },
      'a hold could not be released; it is tried again',
    );
    services.doubts.add(hold);
  }
}
