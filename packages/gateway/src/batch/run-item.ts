import {
  ApiError,
  creditsOfUnits,
  parseItem,
  type BatchEndpoint,
  type ProductParams,
  type SearchParams,
  type Trace,
} from '@asa/contract';
import { TryLost, type ItemOutcome, type ItemRunner, type ItemWork } from '@asa/jobs';
import { closeBooks, failed, type Outcome } from '../books.ts';
import { newContext, stage, type RequestContext } from '../context.ts';
import { carryOut, understand, type PageKind, type Terms } from '../routes/page-request.ts';
import { productPage } from '../routes/product/index.ts';
import { searchPages } from '../routes/search/index.ts';
import type { Services } from '../services.ts';
import type { Answer } from '../stages/reply.ts';
import { CallerGone, noteCapture } from '../stages/settle.ts';
import { traceOf } from '../trace.ts';
import { copyPage } from './copy-page.ts';

/** It is not known whether the capture of a kept result happened: recovery asks the ledger. */
class Unsettled extends Error {
  override name = 'Unsettled';

  constructor(cause: unknown) {
    super('the capture of a batch item has no known outcome', { cause });
  }
}

/** How items of batches are carried out: through the stages of a request, from `parse` on, as a request of their own. */
export function createItemRunner(services: () => Services): ItemRunner {
  /** Pages that somebody waits for are read first. */
  const patient = (): Services => {
    const all = services();
    return { ...all, scrape: { ...all.scrape, pool: { ...all.scrape.pool, ...all.scrape.pool.patient } } };
  };
  return {
    run: (work) => runItem(patient(), work),
    async paid({ workspaceId, keyId }, requestId) {
      const { ledger } = services().accounts;
      // Closed first: from now on it cannot be captured, so what the ledger says next stays true.
      await ledger.release({ requestId, workspaceId, keyId, allowance: 0, topup: 0 });
      return ledger.charged(requestId);
    },
    async close(_owner, _requestId, draft) {
      await services().traces.write(draft as Trace);
    },
  };
}

async function runItem(services: Services, work: ItemWork): Promise<ItemOutcome> {
  const { now } = services;
  const context = newContext(work.endpoint, work.requestId, now(), work.signal);
  // Who it is until the key is looked at again.
  context.principal = { ...work.owner, line: work.owner.keyId, budgeted: false, topUpBelow: null };
  let outcome: Outcome;
  try {
    outcome = { answer: await answerItem(services, context, work) };
  } catch (error) {
    if (error instanceof TryLost || error instanceof Unsettled) throw error;
    outcome = failed(services, context, error);
  }
  if ('gone' in outcome) return 'interrupted';
  await closeBooks(services, context, outcome, { traced: true, address: () => '' });
  const { requestId, credits } = context;
  const durationMs = now() - context.receivedAt;
  if ('answer' in outcome)
    return { ok: true, requestId, body: outcome.answer.bare, isKept: credits > 0, credits, durationMs };
  const { error } = outcome;
  const mayRetry = error.retryable && work.copyOf === null && !work.isLate;
  return {
    ok: false,
    requestId,
    httpStatus: error.status,
    error: error.code,
    message: error.message,
    retryAfterMs: mayRetry ? (error.retryAfterSeconds ?? 1) * 1000 : null,
    durationMs,
    isLate: work.isLate,
  };
}

async function answerItem(services: Services, context: RequestContext, work: ItemWork): Promise<Answer> {
  const { endpoint, input, copyOf } = work;
  context.params = { ...input };
  if (work.isLate)
    throw new ApiError('upstream_timeout', 'The time of the batch was over before this item had a result.');
  // The plan may be another one by now, and the key may be revoked.
  const standing = await stage(context, 'identify', () => services.accounts.keys.standing(work.owner.shortPrefix));
  if (standing.status === 'ok') context.principal = standing.principal;
  else
    throw new ApiError('revoked', 'The API key that this batch was made with was revoked before this item was done.');
  if (copyOf !== null && !copyOf.ok) {
    // Its original was refused for reasons of its own: nothing is held for the copy.
    const { params } = parseItem(endpoint, input);
    context.params = { ...params };
    throw new ApiError(copyOf.error, copyOf.message);
  }
  return byEndpoint[endpoint](services, context, work);
}

const carry =
  <P extends ProductParams | SearchParams>(kind: PageKind<P>) =>
  async (services: Services, context: RequestContext, work: ItemWork): Promise<Answer> => {
    const { params } = parseItem(work.endpoint, work.input);
    const { copyOf } = work;
    // What `parseItem` answers for an endpoint are the parameters of that endpoint.
    const understood = stage(context, 'parse', () => understand(services, context, params as P));
    const scrape = copyOf?.ok === true ? copyPage(copyOf) : kind.scrape;
    return carryOut(services, context, { ...kind, scrape }, understood, termsOf(services, work));
  };

const byEndpoint: Readonly<Record<BatchEndpoint, ReturnType<typeof carry>>> = {
  'amazon.product': carry(productPage),
  'amazon.search': carry(searchPages),
};

/** An item has its place among the workers already; its result is kept before it is paid for. */
const termsOf = (services: Services, work: ItemWork): Terms => ({
  enter: () => () => {},
  async settle(context, units, answer) {
    if (context.signal.aborted) throw new CallerGone();
    const { hold } = context;
    // Nothing is held for test keys.
    if (hold === null) return;
    const credits = creditsOfUnits(units);
    const draft = traceOf(services, { ...context, credits }, 200, null);
    const durationMs = services.now() - context.receivedAt;
    await work.keep({ requestId: context.requestId, body: answer.bare, credits, durationMs, draft });
    // From here on the ledger alone decides whether the item has this result.
    context.hold = null;
    const captured = await services.accounts.ledger.capture(hold, credits).catch((error: unknown) => {
      throw new Unsettled(error);
    });
    noteCapture(services, context, hold, credits, captured);
  },
});
