import { DEFAULT_LIMIT, DELIVERY_LIST_PARAMS, REDELIVER_PARAMS } from '@asa/contract';
import type { FastifyRequest } from 'fastify';
import type { ApiRoute } from '../../api.ts';
import type { RequestContext } from '../../context.ts';
import type { Services } from '../../services.ts';
import { queryParams } from '../../stages/parse.ts';
import { answerOf } from '../../stages/reply.ts';
import { listParams } from '../requests/index.ts';

/** The batch that is meant, when it is the workspace's. @throws ApiError `not_found` */
async function batchOf(
  services: Services,
  { principal }: RequestContext,
  request: FastifyRequest,
): Promise<{ id: string; workspaceId: string }> {
  if (principal === null) throw new Error('a request about deliveries needs a principal');
  const { workspaceId } = principal;
  const { id } = await services.jobs.read((request.params as { id: string }).id, workspaceId);
  return { id, workspaceId };
}

/** `GET /api/v1/amazon/batch/{id}/deliveries`: what was sent to the webhook, and how that went. */
export const deliveriesRoute: ApiRoute = {
  endpoint: 'amazon.batch.deliveries',
  countsInFlight: false,
  traced: false,
  async work(services, context, request) {
    const values = listParams(queryParams(request.raw.url ?? ''), DELIVERY_LIST_PARAMS);
    const { id, workspaceId } = await batchOf(services, context, request);
    const { items, nextCursor } = await services.webhooks.deliveries({
      workspaceId,
      endpointId: id,
      limit: values.limit ?? DEFAULT_LIMIT,
      cursor: values.cursor ?? null,
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
    const values = listParams(queryParams(request.raw.url ?? ''), REDELIVER_PARAMS);
    const { id, workspaceId } = await batchOf(services, context, request);
    const deliveryId = values.delivery_id ?? null;
    context.params = { id, delivery_id: deliveryId };
    return answerOf({ delivery: await services.webhooks.redeliver({ workspaceId, batchId: id, deliveryId }) });
  },
};
