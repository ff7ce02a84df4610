import { readParams, reject } from '@asa/contract';
import type { ApiRoute } from '../../api.ts';
import { answerOf } from '../../stages/reply.ts';
import { queryParams } from '../../stages/parse.ts';

/** `GET /api/v1/account`: plan, credits, ceilings, keys, usage. */
const accountRoute: ApiRoute = {
  endpoint: 'account',
  countsInFlight: false,
  traced: true,
  async work(services, context, request) {
    const { principal } = context;
    if (principal === null) throw new Error('an account request needs a principal');
    const { problems } = readParams(queryParams(request.raw.url ?? ''), {});
    if (problems.length > 0) throw reject(problems, []);
    return answerOf({ ...(await services.accounts.account(principal)) });
  },
};

export const registerAccount = (api: (url: string, route: ApiRoute) => void): void =>
  api('/api/v1/account', accountRoute);
