import { ADMIN_REQUEST_LIST_PARAMS, ApiError, quote } from '@asa/contract';
import { isRequestId } from '../../request-id.ts';
import type { Services } from '../../services.ts';
import { pageOf, paramsOf, pathParam } from '../../stages/parse.ts';
import type { Declare } from './index.ts';

export function registerAdminRequests(declare: Declare, { traces }: Services): void {
  declare('GET', '/requests', async (request) => {
    const values = paramsOf(request, ADMIN_REQUEST_LIST_PARAMS);
    const { items, nextCursor } = await traces.list({
      workspaceId: values.workspace ?? null,
      ...pageOf(values),
      status: values.status ?? null,
      error: values.error ?? null,
      key: null,
    });
    return { status: 200, body: { requests: items, next_cursor: nextCursor } };
  });

  declare('GET', '/requests/:request_id', async (request) => {
    const id = pathParam(request, 'request_id');
    const trace = isRequestId(id) ? await traces.get(id) : null;
    if (trace === null)
      throw new ApiError('not_found', `There is no request ${quote(id)}; traces are kept for a limited time.`);
    return { status: 200, body: trace };
  });
}
