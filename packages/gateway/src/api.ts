import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, type ErrorCode } from '@asa/contract';
import { newContext, noteStage, stage, type RequestContext } from './context.ts';
import { toApiError } from './errors.ts';
import type { Services } from './services.ts';
import { identify } from './stages/identify.ts';
import { limit } from './stages/limit.ts';
import { sendAnswer, sendError, type Answer } from './stages/reply.ts';
import { CallerGone } from './stages/settle.ts';
import { CALLER_GONE_STATUS, writeTrace } from './trace.ts';

export interface ApiRoute {
  /** Name in traces, metrics and logs. */
  readonly endpoint: string;
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
  let leave = (): void => {};
  let outcome: { answer: Answer } | { error: ApiError; cause: unknown } | { gone: true };
  try {
    context.principal = await stage(context, 'identify', () => identify(services.accounts, request.raw));
    leave = await stage(context, 'limit', () => limit(services.accounts, context, route.countsInFlight));
    outcome = { answer: await route.work(services, context, request) };
  } catch (error) {
    if (error instanceof CallerGone || gone.signal.aborted) outcome = { gone: true };
    else {
      const { api, isBug } = toApiError(error);
      if (isBug)
        services.log.error(
          { err: error, request_id: context.requestId, endpoint: route.endpoint },
          'a request failed unforeseen',
        );
      outcome = { error: api, cause: error };
    }
  } finally {
    leave();
  }
  const code: ErrorCode | null = 'error' in outcome ? outcome.error.code : null;
  const status = 'gone' in outcome ? CALLER_GONE_STATUS : 'error' in outcome ? outcome.error.status : 200;
  // Ends here for the trace: what follows is the trace itself and the socket.
  noteStage(context, 'reply', 0);
  // The outcome stands (and may be paid for): neither the trace nor the books of the operator can change it any more.
  try {
    if (route.traced) await writeTrace(services, context, status, code);
    record(services, context, status, code, request.ip);
  } catch (error) {
    services.log.error({ err: error, request_id: context.requestId }, 'a finished request could not be recorded');
  }
  if ('answer' in outcome) sendAnswer(reply, context, outcome.answer, services.accounts.receipts);
  else if ('error' in outcome) {
    sendError(reply, outcome.error, services.publicUrl(), context.requestId, context);
  } else {
    reply.hijack();
    reply.raw.destroy();
  }
  return reply;
}

/** Metrics, usage and the log line of a finished request. */
function record(
  services: Services,
  context: RequestContext,
  status: number,
  code: ErrorCode | null,
  address: string,
): void {
  const { principal, endpoint } = context;
  services.metrics.request(
    endpoint,
    code ?? (status === 200 ? 'ok' : 'caller_gone'),
    context.domain,
    principal?.mode ?? 'none',
  );
  for (const { name, ms } of context.stages) services.metrics.stage(name, ms);
  for (const attempt of context.attempts) services.metrics.attempt(attempt);
  if (principal !== null) {
    services.accounts.usage.record({
      keyId: principal.keyId,
      workspaceId: principal.workspaceId,
      at: context.receivedAt,
      succeeded: status === 200,
      credits: context.credits,
    });
  }
  services.log.info(
    {
      request_id: context.requestId,
      endpoint,
      status,
      code,
      key: principal?.shortPrefix ?? null,
      // Only where nobody is known: guessing of keys shows by its address.
      ...(principal === null ? { address } : {}),
      credits: context.credits,
      attempts: context.attempts.length,
      ms: Math.round(services.now() - context.receivedAt),
    },
    'request',
  );
}
