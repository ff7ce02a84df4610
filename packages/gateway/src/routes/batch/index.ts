import { BATCH_LIMITS, BATCH_LIST_PARAMS, BATCH_PARAMS, DEFAULT_LIMIT, readParams, reject } from '@asa/contract';
import type { FastifyRequest } from 'fastify';
import type { ApiRoute } from '../../api.ts';
import type { RequestContext } from '../../context.ts';
import { queryParams } from '../../stages/parse.ts';
import { answerOf, streamed } from '../../stages/reply.ts';
import { listParams } from '../requests/index.ts';
import { createBatch } from './create.ts';
import { deliveriesRoute, redeliverRoute } from './deliveries.ts';
import { followEvents, lastEventId } from './events.ts';
import { resultLines, statusPieces } from './results.ts';

/** Calls that read are not traced: a batch is asked for again and again. */
const READS = { countsInFlight: false, traced: false } as const;

/** `POST /api/v1/amazon/batch`: counts as in flight while it is answered. */
const createRoute: ApiRoute = {
  endpoint: 'amazon.batch',
  method: 'POST',
  bodyLimit: BATCH_LIMITS.bodyBytes,
  countsInFlight: true,
  traced: true,
  work: createBatch,
};

/** `GET /api/v1/amazon/batch`: the workspace's batches, newest first. */
const listRoute: ApiRoute = {
  endpoint: 'amazon.batch.list',
  ...READS,
  async work(services, context, request) {
    const values = listParams(queryParams(request.raw.url ?? ''), BATCH_LIST_PARAMS);
    const { items, nextCursor } = await services.jobs.list(workspaceOf(context), {
      limit: values.limit ?? DEFAULT_LIMIT,
      cursor: values.cursor ?? null,
    });
    return answerOf({ batches: items, next_cursor: nextCursor });
  },
};

/** `GET /api/v1/amazon/batch/{id}`: status and the results so far. */
const statusRoute: ApiRoute = {
  endpoint: 'amazon.batch.get',
  ...READS,
  async work(services, context, request) {
    const { results } = listParams(queryParams(request.raw.url ?? ''), BATCH_PARAMS);
    const batch = await services.jobs.read(idOf(request), workspaceOf(context));
    if (results === false) return answerOf({ ...batch });
    return streamed({
      contentType: 'application/json; charset=utf-8',
      // As many results as the status says, whatever finishes meanwhile.
      pieces: (requestId) => statusPieces(requestId, batch, services.jobs.results(batch.id, batch.processed_count)),
    });
  },
};

/** `GET /api/v1/amazon/batch/{id}/results`: the results so far as NDJSON, in item order. */
const resultsRoute: ApiRoute = {
  endpoint: 'amazon.batch.results',
  ...READS,
  async work(services, context, request) {
    checkParams(request);
    const { id } = await services.jobs.read(idOf(request), workspaceOf(context));
    return streamed({
      contentType: 'application/x-ndjson; charset=utf-8',
      pieces: () => resultLines(services.jobs.results(id)),
    });
  },
};

/** `GET /api/v1/amazon/batch/{id}/events`: each result as it is there, as server-sent events. */
const eventsRoute: ApiRoute = {
  endpoint: 'amazon.batch.events',
  ...READS,
  async work(services, context, request) {
    checkParams(request);
    const after = lastEventId(request.headers);
    const workspaceId = workspaceOf(context);
    const batch = await services.jobs.read(idOf(request), workspaceId);
    return followEvents(services, context.signal, { batch, workspaceId, after });
  },
};

/** `DELETE /api/v1/amazon/batch/{id}`: cancels what has not started. */
const cancelRoute: ApiRoute = {
  endpoint: 'amazon.batch.cancel',
  method: 'DELETE',
  countsInFlight: false,
  traced: true,
  async work(services, context, request) {
    checkParams(request);
    const id = idOf(request);
    context.params = { id };
    return answerOf({ ...(await services.jobs.cancel(id, workspaceOf(context))) });
  },
};

const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;

function workspaceOf({ principal }: RequestContext): string {
  if (principal === null) throw new Error('a request about batches needs a principal');
  return principal.workspaceId;
}

/** Calls without parameters of their own. */
function checkParams(request: FastifyRequest): void {
  const { problems } = readParams(queryParams(request.raw.url ?? ''), {});
  if (problems.length > 0) throw reject(problems, []);
}

export function registerBatches(api: (url: string, route: ApiRoute) => void): void {
  api('/api/v1/amazon/batch', createRoute);
  api('/api/v1/amazon/batch', listRoute);
  api('/api/v1/amazon/batch/:id', statusRoute);
  api('/api/v1/amazon/batch/:id', cancelRoute);
  api('/api/v1/amazon/batch/:id/results', resultsRoute);
  api('/api/v1/amazon/batch/:id/events', eventsRoute);
  api('/api/v1/amazon/batch/:id/deliveries', deliveriesRoute);
  api('/api/v1/amazon/batch/:id/redeliver', redeliverRoute);
}
