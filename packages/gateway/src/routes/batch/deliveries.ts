import { LIST_PARAMS, REDELIVER_PARAMS } from '@asa/contract';
import type { FastifyRequest } from 'fastify';
import type { ApiRoute } from '../../api.ts';
import { callerOf, type RequestContext } from '../../context.ts';
import type { Services } from '../../services.ts';
import { pageOf, paramsOf, pathParam } from '../../stages/parse.ts';
import { answerOf } from '../../stages/reply.ts';

/** The batch that is meant, when it is the workspace's. @throws ApiError `not_found` */
async function batchOf(
  services: Services,
  context: RequestContext,
  request: FastifyRequest,
): Promise<{ id: string; workspaceId: string }> {
  const { workspaceId } = callerOf(context);
  const { id } = await services.jobs.read(pathParam(request, 'id'), workspaceId);
  return { id, workspaceId };
}

/** `GET /api/v1/amazon/batch/{id}/deliveries`: what was sent to the webhook, and how that went. */
export const deliveriesRoute: ApiRoute = {
  endpoint: 'amazon.batch.deliveries',
  countsInFlight: false,
  traced: false,
  async work(services, context, request) {
    const values = paramsOf(request, LIST_PARAMS);
    const { id, workspaceId } = await batchOf(services, context, request);
    const { items, nextCursor } = await services.webhooks.deliveries({
      workspaceId,
      endpointId: id,
      ...pageOf(values),
    });
    return answerOf({ deliveries: items, next_cursor: nextCursor });
  },
};

/** `POST /api/v1/amazon/batch/{id}/redeliver`: sends an event again, at once. */
export const redeliverRoute: ApiRoute = {
  endpoint: 'amazon.batch.redeliver',
  method: 'POST',
  countsInFlight: false,
  traced: true,
  async work(services, context, request) {
    const values = paramsOf(request, REDELIVER_PARAMS);
    const { id, workspaceId } = await batchOf(services, context, request);
    const deliveryId = values.delivery_id ?? null;
    context.params = { id, delivery_id: deliveryId };
    return answerOf({ delivery: await services.webhooks.redeliver({ workspaceId, batchId: id, deliveryId }) });
  },
};
