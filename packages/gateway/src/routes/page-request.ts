import type { ApiError, AttemptRecord } from '@asa/contract';
import type { Ticket, WorkFacts } from '@asa/scrape';
import { atMost } from '../bounded.ts';
import { noteStage, stage, type RequestContext } from '../context.ts';
import { forcedOutcome } from '../sandbox.ts';
import type { Services } from '../services.ts';
import { answerOf, type Answer } from '../stages/reply.ts';
import { reserve } from '../stages/reserve.ts';
import { capture, release } from '../stages/settle.ts';

interface Carried extends WorkFacts {
  readonly tickets: readonly Ticket[];
  readonly result:
    | {
        readonly ok: true;
        readonly units: number;
        readonly page: { readonly url: string; readonly status: number };
        readonly body: Record<string, unknown>;
      }
    | { readonly ok: false; readonly error: ApiError };
}

/**
 * Stages 4 to 9 of a request for pages: shed or reserve, fetch and read, settle. `units` is what the request may cost at most,
 * `forcedBy` the ASIN that forces an outcome for a test key.
 */
export async function carryOut(
  services: Services,
  context: RequestContext,
  { units, forcedBy }: { readonly units: number; readonly forcedBy: string | null },
  scrape: () => Promise<Carried>,
): Promise<Answer> {
  const forced = context.principal?.mode === 'test' && forcedBy !== null ? forcedOutcome(forcedBy) : null;
  const leave = await stage(context, 'reserve', async () => {
    if (forced !== null) throw forced;
    const exit = services.shedding.enter();
    try {
      await reserve(services, context, units);
    } catch (error) {
      exit();
      throw error;
    }
    return exit;
  });
  let tickets: readonly Ticket[] = [];
  try {
    const carried = await scrape();
    ({ tickets } = carried);
    context.fields = carried.fields;
    noteStage(context, 'plan', carried.planMs);
    noteStage(context, 'fetch', carried.fetchMs);
    noteStage(context, 'judge', carried.judgeMs);
    noteStage(context, 'extract', carried.extractMs);
    if (!carried.result.ok) throw carried.result.error;
    const { body, units: obtained } = carried.result;
    const url = services.sources[context.principal?.mode ?? 'live'].shown(carried.result.page.url);
    const page = { url, status: carried.result.page.status };
    context.resolvedUrl = url;
    // Written out before it is paid for: what cannot be answered must not be charged.
    const answer = answerOf(body, page);
    await stage(context, 'settle', () => capture(services, context, obtained));
    return answer;
  } catch (error) {
    // Before the error answer is sent, and while the request still counts as in flight: a shutdown waits for it.
    if (context.hold !== null) await stage(context, 'settle', () => release(services, context));
    throw error;
  } finally {
    for (const ticket of tickets) await fileTicket(services, context, ticket);
    leave();
  }
}

/** Attempts are noted as they happen, so that they are known however the request ends. */
export const watcher = ({ sources }: Services, context: RequestContext) => ({
  signal: context.signal,
  ...(context.principal === null ? {} : { plan: context.principal.plan }),
  onAttempt(record: AttemptRecord): void {
    const url = sources[context.principal?.mode ?? 'live'].shown(record.url);
    context.attempts.push({ ...record, url });
    context.resolvedUrl = url;
  },
});

/** An answer waits at most this long for its ticket. */
const TICKET_WAIT_MS = 3000;

/** A ticket that cannot be filed is a loss for the operator, never a reason to change the caller's answer. */
async function fileTicket(services: Services, context: RequestContext, ticket: Ticket): Promise<void> {
  const { domain, pageKind, fingerprint, page } = ticket;
  const { requestId } = context;
  const filed = services.traces.tickets
    .file({ marketplace: domain, pageKind, fingerprint, requestId, page })
    .catch((error: unknown) => {
      services.log.error({ err: error, request_id: requestId }, 'a ticket could not be filed');
    });
  await atMost(TICKET_WAIT_MS, filed);
}
