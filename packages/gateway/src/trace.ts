import type { ErrorCode, Trace } from '@asa/contract';
import { EXTRACTOR_VERSION } from '@asa/extract';
import { atMost } from './bounded.ts';
import type { RequestContext } from './context.ts';
import type { Services } from './services.ts';
import { asSent } from './stages/parse.ts';

/** The status a trace shows when the caller hung up: nothing was answered (the field's usual number for it). */
export const CALLER_GONE_STATUS = 499;

/** What the extractor reads for an endpoint; nothing for all others. */
const EXTRACTED: Readonly<Record<string, string>> = { 'amazon.product': 'product', 'amazon.search': 'search' };

/** An answer waits at most this long for its trace; a store that is slower loses the trace, not the answer. */
const TRACE_WAIT_MS = 2000;
const ID_TRIES = 8;

/** The trace of a request as it is now; null when nobody is known who made it. */
export function traceOf(
  services: Pick<Services, 'now'>,
  context: RequestContext,
  status: number,
  error: ErrorCode | null,
): Trace | null {
  const { principal } = context;
  if (principal === null) return null;
  return {
    request_id: context.requestId,
    workspace: principal.workspaceId,
    key: principal.shortPrefix,
    endpoint: context.endpoint,
    params: context.sent === null ? context.params : asSent(context.sent),
    received_at: new Date(context.receivedAt).toISOString(),
    status,
    error,
    credits: context.credits,
    duration_ms: Math.round(services.now() - context.receivedAt),
    resolved_url: context.resolvedUrl,
    extractor: {
      version: EXTRACTOR_VERSION,
      kind: EXTRACTED[context.endpoint] ?? 'none',
      fields_found: [...(context.fields?.found ?? [])],
      fields_missing: [...(context.fields?.missing ?? [])],
      fields_failed: [...(context.fields?.failed ?? [])],
    },
    attempts: [...context.attempts],
    stages: [...context.stages],
  };
}

/**
 * Writes the trace before the answer is sent, so that it is readable as soon as the answer has arrived. An id that another
 * request used before is made again, unless credits were taken under it (the hold has already proved that one unused).
 */
export async function writeTrace(
  services: Services,
  context: RequestContext,
  status: number,
  error: ErrorCode | null,
): Promise<void> {
  for (let tries = 0; tries < ID_TRIES; tries += 1) {
    const trace = traceOf(services, context, status, error);
    if (trace === null) return;
    const written = services.traces.write(trace);
    const waited = await atMost(
      TRACE_WAIT_MS,
      written.catch((cause: unknown) => ({ cause })),
    );
    const outcome = waited.in === 'time' ? waited.value : 'late';
    if (outcome === 'ok') return;
    if (outcome === 'duplicate' && context.credits === 0) {
      context.requestId = services.newRequestId();
      continue;
    }
    services.log.error({ request_id: context.requestId, outcome }, 'the trace of a request was not written');
    return;
  }
}
