import { BATCH_LIMITS, BATCH_PARAMS, LIST_PARAMS } from '@asa/contract';
import type { ApiRoute } from '../../api.ts';
import { callerOf } from '../../context.ts';
import { pageOf, paramsOf, pathParam } from '../../stages/parse.ts';
import { answerOf, streamed } from '../../stages/reply.ts';
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
    const page = pageOf(paramsOf(request, LIST_PARAMS));
    const { items, nextCursor } = await services.jobs.list(callerOf(context).workspaceId, page);
    return answerOf({ batches: items, next_cursor: nextCursor });
  },
};

/** `GET /api/v1/amazon/batch/{id}`: status and the results so far. */
const statusRoute: ApiRoute = {
  endpoint: 'amazon.batch.get',
  ...READS,
  async work(services, context, request) {
    const { results } = paramsOf(request, BATCH_PARAMS);
    const batch = await services.jobs.read(pathParam(request, 'id'), callerOf(context).workspaceId);
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
    paramsOf(request, {});
    const { id } = await services.jobs.read(pathParam(request, 'id'), callerOf(context).workspaceId);
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
    paramsOf(request, {});
    const after = lastEventId(request.headers);
    const { workspaceId } = callerOf(context);
    const batch = await services.jobs.read(pathParam(request, 'id'), workspaceId);
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
    paramsOf(request, {});
    const id = pathParam(request, 'id');
    context.params = { id };
    return answerOf({ ...(await services.jobs.cancel(id, callerOf(context).workspaceId)) });
  },
};

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
