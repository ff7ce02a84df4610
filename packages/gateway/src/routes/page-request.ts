import { ApiError, type AttemptRecord } from '@asa/contract';
import type { FieldReport } from '@asa/extract';
import type { Ticket } from '@asa/scrape';
import { noteStage, stage, type RequestContext } from '../context.ts';
import { forcedOutcome } from '../sandbox.ts';
import type { Services } from '../services.ts';
import type { Answer } from '../stages/reply.ts';
import { reserve } from '../stages/reserve.ts';
import { capture, release } from '../stages/settle.ts';

interface Carried {
  readonly attempts: readonly AttemptRecord[];
  readonly planMs: number;
  readonly fetchMs: number;
  readonly judgeMs: number;
  readonly extractMs: number;
  readonly fields: FieldReport | null;
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
  try {
    const carried = await scrape();
    context.attempts = carried.attempts;
    context.fields = carried.fields;
    context.resolvedUrl = carried.attempts.at(-1)?.url ?? null;
    noteStage(context, 'plan', carried.planMs);
    noteStage(context, 'fetch', carried.fetchMs);
    noteStage(context, 'judge', carried.judgeMs);
    noteStage(context, 'extract', carried.extractMs);
    for (const ticket of carried.tickets) await fileTicket(services, context, ticket);
    if (!carried.result.ok) throw carried.result.error;
    const { body, page, units: obtained } = carried.result;
    context.resolvedUrl = page.url;
    await stage(context, 'settle', () => capture(services, context, obtained));
    return { body, page };
  } catch (error) {
    // Before the error answer is sent, and while the request still counts as in flight: a shutdown waits for it.
    if (context.hold !== null) await stage(context, 'settle', () => release(services, context));
    throw error;
  } finally {
    leave();
  }
}

/** A ticket that cannot be filed is a loss for the operator, never a reason to change the caller's answer. */
async function fileTicket(services: Services, context: RequestContext, ticket: Ticket): Promise<void> {
  const { domain, pageKind, fingerprint, page } = ticket;
  try {
    await services.traces.tickets.file({
      marketplace: domain,
      pageKind,
      fingerprint,
      requestId: context.requestId,
      page,
    });
  } catch (error) {
    services.log.error({ err: error, request_id: context.requestId }, 'a ticket could not be filed');
  }
}
