import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Place } from '@asa/accounts';
import { closeBooks, failed, type Outcome } from './books.ts';
import { newContext, stage, type RequestContext } from './context.ts';
import type { Services } from './services.ts';
import { identify } from './stages/identify.ts';
import { limit, noteStanding } from './stages/limit.ts';
import { sendAnswer, sendErrorAtOnce, type Answer } from './stages/reply.ts';

export interface ApiRoute {
  /** Name in traces, metrics and logs. */
  readonly endpoint: string;
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Of its body, in bytes. */
  readonly bodyLimit?: number;
  /** Whether its calls count towards the key's concurrency (product and search). */
  readonly countsInFlight: boolean;
  /** Whether a trace is kept (all but the calls that read traces). */
  readonly traced: boolean;
  /** Stages 3 to 9. Throws `ApiError` for every error of the table. */
  readonly work: (services: Services, context: RequestContext, request: FastifyRequest) => Promise<Answer>;
}

/** One request of the public API from its key to its answer: the ten stages in their order. */
export async function serve(
  services: Services,
  route: ApiRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const gone = new AbortController();
  const onClose = (): void => {
    if (!reply.raw.writableFinished) gone.abort();
  };
  reply.raw.once('close', onClose);
  const context = newContext(route.endpoint, request.id, services.now(), gone.signal);
  context.answerDue = true;
  let place: Place | null = null;
  let isLetIn = false;
  let outcome: Outcome;
  try {
    context.principal = await stage(context, 'identify', () => identify(services.accounts, request.raw, request.ip));
    place = await stage(context, 'limit', () => limit(services.accounts, context, route.countsInFlight));
    isLetIn = true;
    outcome = { answer: await route.work(services, context, request) };
  } catch (error) {
    outcome = failed(services, context, error);
  } finally {
    if (isLetIn) noteStanding(services.accounts, context, place);
    place?.leave();
  }
  const from = context.principal?.keyId ?? 'nobody known';
  const recorded =
    !('error' in outcome) || services.rejections.isRecorded(outcome.error.code, context.attempts.length, from);
  await closeBooks(services, context, outcome, {
    traced: route.traced && recorded,
    logged: recorded,
    address: () => request.ip,
  });
  noteWhetherSent(services, context, reply);
  if ('answer' in outcome) sendAnswer(reply, context, outcome.answer, services.accounts.receipts);
  else if ('error' in outcome) {
    sendErrorAtOnce(reply, outcome.error, context, {
      publicUrl: services.publicUrl(),
      isLast: services.shedding.isDraining(),
    });
  } else {
    reply.hijack();
    reply.raw.destroy();
  }
  return reply;
}

/** Notes of an answer that was paid for whether it left whole: what did not is in the reconciliation report. */
function noteWhetherSent(
  { accounts }: Services,
  { credits, requestId, signal }: RequestContext,
  { raw }: FastifyReply,
): void {
  if (credits === 0) return;
  if (signal.aborted) accounts.answers.note(requestId, false);
  else raw.once('close', () => accounts.answers.note(requestId, raw.writableFinished && raw.statusCode === 200));
}
