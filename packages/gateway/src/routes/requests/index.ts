import { ApiError, DEFAULT_LIMIT, quote, readParams, reject, REQUEST_LIST_PARAMS, type RawParams } from '@asa/contract';
import type { ApiRoute } from '../../api.ts';
import { isRequestId } from '../../request-id.ts';
import { answerOf } from '../../stages/reply.ts';
import { queryParams } from '../../stages/parse.ts';

/** Reads a list's parameters or throws `invalid_params` with every problem. */
export function listParams<S extends Parameters<typeof readParams>[1]>(
  raw: RawParams,
  specs: S,
): ReturnType<typeof readParams<S>>['values'] {
  const { values, problems } = readParams(raw, specs);
  if (problems.length > 0) throw reject(problems, []);
  return values;
}

/** `GET /api/v1/requests`: the workspace's own requests, newest first. */
const listRoute: ApiRoute = {
  endpoint: 'requests.list',
  countsInFlight: false,
  traced: false,
  async work(services, context, request) {
    const { principal } = context;
    if (principal === null) throw new Error('a list of requests needs a principal');
    const values = listParams(queryParams(request.raw.url ?? ''), REQUEST_LIST_PARAMS);
    const { items, nextCursor } = await services.traces.list({
      workspaceId: principal.workspaceId,
      limit: values.limit ?? DEFAULT_LIMIT,
      cursor: values.cursor ?? null,
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
    const { principal } = context;
    if (principal === null) throw new Error('a trace needs a principal');
    const { request_id: id } = request.params as { request_id: string };
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
