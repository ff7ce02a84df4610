import { Refusal, type AttemptRecord, type RawParams, type Told } from '@asa/contract';
import type { Ticket, WorkFacts } from '@asa/scrape';
import type { ApiRoute } from '../api.ts';
import { atMost } from '../bounded.ts';
import { callerOf, noteStage, stage, type RequestContext } from '../context.ts';
import { forcedOutcome } from '../sandbox.ts';
import type { Services } from '../services.ts';
import { checkRegion, queryParams } from '../stages/parse.ts';
import { answerOf, type Answer } from '../stages/reply.ts';
import { reserve } from '../stages/reserve.ts';
import { capture, release } from '../stages/settle.ts';

/** What fetching and reading came to. */
export interface Carried extends WorkFacts {
  readonly tickets: readonly Ticket[];
  readonly result:
    | {
        readonly ok: true;
        readonly units: number;
        readonly page: { readonly url: string; readonly status: number };
        readonly body: Record<string, unknown>;
      }
    | { readonly ok: false; readonly error: Told };
}

/** Parameters that every request for pages has. */
interface PageParams {
  readonly domain: string;
  /** Exit country asked for, or null. */
  readonly country: string | null;
}

/** One kind of page that can be asked for: by a request of its own, or as an item of a batch. */
export interface PageKind<P extends PageParams> {
  readonly endpoint: 'amazon.product' | 'amazon.search';
  /** The parameters, or `invalid_params` or `not_implemented`. */
  readonly parse: (raw: RawParams) => P | Refusal;
  /** What the request may cost at most, in units. */
  readonly units: (params: P) => number;
  /** The ASIN that forces an outcome for a test key, or null. */
  readonly forcedBy: (params: P) => string | null;
  /** Fetches and reads. Never throws for what a page or a network can do. */
  readonly scrape: (services: Services, context: RequestContext, params: P) => Promise<Carried>;
}

/** The route that answers one kind of page. */
export function pageRoute<P extends PageParams>(kind: PageKind<P>): ApiRoute {
  return {
    endpoint: kind.endpoint,
    countsInFlight: true,
    traced: true,
    parse(services, context, url) {
      const raw = queryParams(url);
      context.sent = raw;
      const params = kind.parse(raw);
      if (params instanceof Refusal) return params;
      understand(services, context, params);
      return () => carryOut(services, context, kind, params, ownTerms(services));
    },
  };
}

/** Notes the parameters, and whether the plan and the exits allow them. @throws ApiError `forbidden_region` */
export function understand<P extends PageParams>(services: Services, context: RequestContext, params: P): P {
  const principal = callerOf(context);
  context.params = Object.fromEntries(Object.entries(params));
  context.sent = null;
  context.domain = params.domain;
  checkRegion(principal, params.country, services.sources[principal.mode].egress);
  return params;
}

/** How a request is let in, and how it is paid for. */
export interface Terms {
  /** Takes a place and answers the function that gives it back. @throws ApiError `capacity` */
  readonly enter: () => () => void;
  /** Captures what was obtained, durably. When it throws, a hold that is still in the context is released. */
  readonly settle: (context: RequestContext, units: number, answer: Answer) => Promise<void>;
}

/** The terms of a request that somebody waits for. */
const ownTerms = (services: Services): Terms => ({
  enter: () => services.shedding.enter(),
  settle: (context, units) => capture(services, context, units),
});

/** Stages 4 to 9 of a request for pages: shed or reserve, fetch and read, settle. */
export async function carryOut<P extends PageParams>(
  services: Services,
  context: RequestContext,
  kind: Pick<PageKind<P>, 'units' | 'forcedBy' | 'scrape'>,
  params: P,
  terms: Terms,
): Promise<Answer> {
  const forcedBy = context.principal?.mode === 'test' ? kind.forcedBy(params) : null;
  const forced = forcedBy === null ? null : forcedOutcome(forcedBy);
  const leave = await stage(context, 'reserve', async () => {
    if (forced !== null) throw forced;
    const exit = terms.enter();
    try {
      await reserve(services, context, kind.units(params));
    } catch (error) {
      exit();
      throw error;
    }
    return exit;
  });
  let tickets: readonly Ticket[] = [];
  try {
    const carried = await kind.scrape(services, context, params);
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
    await stage(context, 'settle', () => terms.settle(context, obtained, answer));
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
