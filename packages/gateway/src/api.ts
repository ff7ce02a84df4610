import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@asa/contract';
import type { Place } from '@asa/accounts';
import { closeBooks, failed, type Failure, type Outcome } from './books.ts';
import { after, newContext, stage, type RequestContext } from './context.ts';
import type { Services } from './services.ts';
import { identify } from './stages/identify.ts';
import { limit, noteStanding } from './stages/limit.ts';
import { sendAnswer, sendErrorAtOnce, type Answer } from './stages/reply.ts';

interface RouteFacts {
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
}

/** Stages 3 to 9. Throws `ApiError` for every error of the table. */
interface WholeWork {
  readonly work: (services: Services, context: RequestContext, request: FastifyRequest) => Promise<Answer>;
}

/** The same of a route whose parameters are all in its URL: stage 3, which waits for nothing, answers stages 4 to 9. */
interface ParsedWork {
  readonly parse: (services: Services, context: RequestContext, url: string) => (() => Promise<Answer>) | Refusal;
}

export type ApiRoute = RouteFacts & (WholeWork | ParsedWork);

/** A request after its first stages: refused, or let in (and, where its URL says everything, understood). */
export interface Entered {
  readonly context: RequestContext;
  place: Place | null;
  isLetIn: boolean;
  /** What is left to do, where it is known. */
  rest: (() => Promise<Answer>) | null;
  /** What a stage threw or refused with. */
  refusal: { readonly error: unknown } | null;
}

/** A request in its first stages. */
export interface Entering {
  readonly context: RequestContext;
  readonly entered: Entered | Promise<Entered>;
}

/** Stages 1, 2 and, where the URL says everything, 3. Waits only where the key is not known yet, or for the ceilings that nodes share. */
export function enter(
  services: Services,
  route: ApiRoute,
  { request, requestId, address }: { readonly request: IncomingMessage; requestId: string; address: string },
): Entering {
  const context = newContext(route.endpoint, requestId, services.now());
  const entered: Entered = { context, place: null, isLetIn: false, rest: null, refusal: null };
  const refused = (error: unknown): Entered => {
    entered.refusal = { error };
    return entered;
  };
  try {
    const identified = stage(context, 'identify', () => identify(services.accounts, request, address));
    const outcome = after(identified, (principal) => {
      if (principal instanceof Refusal) return refused(principal);
      context.principal = principal;
      const limited = stage(context, 'limit', () => limit(services.accounts, context, route.countsInFlight));
      return after(limited, (place) => {
        if (place instanceof Refusal) return refused(place);
        entered.place = place;
        entered.isLetIn = true;
        if (!('parse' in route)) return entered;
        const rest = stage(context, 'parse', () => route.parse(services, context, request.url ?? ''));
        if (rest instanceof Refusal) return refused(rest);
        entered.rest = rest;
        return entered;
      });
    });
    return { context, entered: outcome instanceof Promise ? outcome.catch(refused) : outcome };
  } catch (error) {
    return { context, entered: refused(error) };
  }
}

/** Gives the place back and writes the books: then the answer may be sent. */
function conclude(
  services: Services,
  route: ApiRoute,
  { context, place, isLetIn }: Entered,
  outcome: Outcome,
  address: () => string,
): void | Promise<void> {
  if (isLetIn) noteStanding(services.accounts, context, place);
  place?.leave();
  const from = context.principal?.keyId ?? 'nobody known';
  const recorded =
    !('error' in outcome) || services.rejections.isRecorded(outcome.error.code, context.attempts.length, from);
  return closeBooks(services, context, outcome, { traced: route.traced && recorded, logged: recorded, address });
}

/** The `reply` stage of what was no success; nobody is there any more to answer a caller that is gone. */
function sendFailure(services: Services, response: ServerResponse, outcome: Failure, context: RequestContext): void {
  if ('gone' in outcome) response.destroy();
  else {
    const { requestId } = context;
    const isLast = services.shedding.isDraining();
    sendErrorAtOnce(response, outcome.error, { publicUrl: services.publicUrl(), requestId, context, isLast });
  }
}

/** Answers a request that was refused by its first stages; at once, unless it leaves a trace. */
export function refuse(
  services: Services,
  route: ApiRoute,
  { entered, response, address }: { entered: Entered; response: ServerResponse; address: () => string },
): void | Promise<void> {
  const outcome = failed(services, entered.context, entered.refusal?.error);
  return after(conclude(services, route, entered, outcome, address), () =>
    sendFailure(services, response, outcome, entered.context),
  );
}

/** One request of the public API from its key to its answer: the ten stages in their order, of which the first may be behind it. */
export async function serve(
  services: Services,
  route: ApiRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  { context, entered: entering }: Entering,
): Promise<FastifyReply> {
  const gone = new AbortController();
  const onClose = (): void => {
    if (!reply.raw.writableFinished) gone.abort();
  };
  reply.raw.once('close', onClose);
  context.signal = gone.signal;
  context.answerDue = true;
  const entered = await entering;
  let outcome: Outcome;
  try {
    if (entered.refusal !== null) outcome = failed(services, context, entered.refusal.error);
    else if (entered.rest !== null) outcome = { answer: await entered.rest() };
    else if ('work' in route) outcome = { answer: await route.work(services, context, request) };
    else throw new Error('a request that was let in has no work');
  } catch (error) {
    outcome = failed(services, context, error);
  }
  await conclude(services, route, entered, outcome, () => request.ip);
  noteWhetherSent(services, context, reply);
  if ('answer' in outcome) sendAnswer(reply, context, outcome.answer, services.accounts.receipts);
  else {
    reply.hijack();
    sendFailure(services, reply.raw, outcome, context);
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
