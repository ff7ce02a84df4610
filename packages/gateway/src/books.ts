import { Refusal, type ErrorCode, type Told } from '@asa/contract';
import { noteStage, type RequestContext } from './context.ts';
import { toApiError } from './errors.ts';
import type { Services } from './services.ts';
import type { Answer } from './stages/reply.ts';
import { CallerGone } from './stages/settle.ts';
import { CALLER_GONE_STATUS, writeTrace } from './trace.ts';

/** What came of a request. */
export type Outcome = { readonly answer: Answer } | Failure;
export type Failure = { readonly error: Told } | { readonly gone: true };

/** What a stage threw or refused with, as an outcome. Anything unforeseen is logged under the request id. */
export function failed(services: Services, context: RequestContext, error: unknown): Failure {
  if (error instanceof CallerGone || context.signal.aborted) return { gone: true };
  if (error instanceof Refusal) return { error };
  const { api, isBug } = toApiError(error);
  if (isBug)
    services.log.error(
      { err: error, request_id: context.requestId, endpoint: context.endpoint },
      'a request failed unforeseen',
    );
  return { error: api };
}

const codeOf = (outcome: Outcome): ErrorCode | null => ('error' in outcome ? outcome.error.code : null);
const statusOf = (outcome: Outcome): number =>
  'gone' in outcome ? CALLER_GONE_STATUS : 'error' in outcome ? outcome.error.status : (outcome.answer.status ?? 200);

/**
 * The trace and the operator's books of a request whose outcome stands (and may be paid for): neither can change it any more. Never throws;
 * without a trace there is nothing to wait for.
 * @param address where it came from, for the log.
 */
export function closeBooks(
  services: Services,
  context: RequestContext,
  outcome: Outcome,
  {
    traced,
    logged = true,
    address,
  }: { readonly traced: boolean; readonly logged?: boolean; readonly address: () => string },
): void | Promise<void> {
  const code = codeOf(outcome);
  const status = statusOf(outcome);
  // Ends here for the trace: what follows is the trace itself and the socket.
  noteStage(context, 'reply', 0);
  const lost = (error: unknown): void =>
    services.log.error({ err: error, request_id: context.requestId }, 'a finished request could not be recorded');
  const book = (): void => {
    record(services, context, status, code);
    if (logged) logLine(services, context, status, code, address);
  };
  if (traced && context.principal !== null) return writeTrace(services, context, status, code).then(book).catch(lost);
  try {
    book();
  } catch (error) {
    lost(error);
  }
}

/** Metrics and usage of a finished request. */
function record(services: Services, context: RequestContext, status: number, code: ErrorCode | null): void {
  const { principal, endpoint } = context;
  services.metrics.request(
    endpoint,
    code ?? (status < 300 ? 'ok' : 'caller_gone'),
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
      succeeded: status < 300,
      credits: context.credits,
    });
  }
}

function logLine(
  services: Services,
  context: RequestContext,
  status: number,
  code: ErrorCode | null,
  address: () => string,
): void {
  const { principal, endpoint } = context;
  services.log.info(
    {
      request_id: context.requestId,
      endpoint,
      status,
      code,
      key: principal?.shortPrefix ?? null,
      // Only where nobody is known: guessing of keys shows by its address.
      ...(principal === null ? { address: address() } : {}),
      credits: context.credits,
      attempts: context.attempts.length,
      ms: Math.round(services.now() - context.receivedAt),
    },
    'request',
  );
}
