import { ApiError, quote, REQUEST_LIST_PARAMS } from '@asa/contract';
import type { ApiRoute } from '../../api.ts';
import { callerOf } from '../../context.ts';
import { isRequestId } from '../../request-id.ts';
import { answerOf } from '../../stages/reply.ts';
import { pageOf, paramsOf, pathParam } from '../../stages/parse.ts';

/** `GET /api/v1/requests`: the workspace's own requests, newest first. */
const listRoute: ApiRoute = {
  endpoint: 'requests.list',
  countsInFlight: false,
  traced: false,
  async work(services, context, request) {
    const principal = callerOf(context);
    const values = paramsOf(request, REQUEST_LIST_PARAMS);
    const { items, nextCursor } = await services.traces.list({
      workspaceId: principal.workspaceId,
      ...pageOf(values),
      status: values.status ?? null,
      error: values.error ?? null,
      key: values.key ?? null,
    });
    return answerOf({ requests: items, next_cursor: nextCursor });
  },
};

/** `GET /api/v1/requests/{request_id}`: the full trace. In its body `request_id` is the traced request's. */
const traceRoute: ApiRoute = {
  endpoint: 'requests.get',
  countsInFlight: false,
  traced: false,
  async work(services, context, request) {
    const principal = callerOf(context);
    const id = pathParam(request, 'request_id');
    const trace = isRequestId(id) ? await services.traces.get(id, principal.workspaceId) : null;
    if (trace === null)
      throw new ApiError(
        'not_found',
        `There is no request ${quote(id)} of this workspace; traces are kept for a limited time.`,
      );
    return answerOf({ ...trace });
  },
};

export function registerRequests(api: (url: string, route: ApiRoute) => void): void {
  api('/api/v1/requests', listRoute);
  api('/api/v1/requests/:request_id', traceRoute);
}
