import { DEFAULT_RECONCILIATION_HOURS, parseBody, RECONCILIATION_PARAMS, RefundsBody } from '@asa/contract';
import type { Services } from '../../services.ts';
import { paramsOf } from '../../stages/parse.ts';
import type { Declare } from './index.ts';

export function registerReconciliation(declare: Declare, { accounts }: Services): void {
  declare('GET', '/reconciliation', async (request) => {
    const { hours } = paramsOf(request, RECONCILIATION_PARAMS);
    return { status: 200, body: await accounts.reconciliation.report(hours ?? DEFAULT_RECONCILIATION_HOURS) };
  });

  declare('POST', '/reconciliation/refunds', async (request) => {
    const { request_ids: ids } = parseBody(RefundsBody, request.headers['content-type'], request.body);
    return { status: 201, body: await accounts.reconciliation.refund(ids) };
  });
}
