import type { ApiRoute } from '../../api.ts';
import { callerOf } from '../../context.ts';
import { answerOf } from '../../stages/reply.ts';
import { paramsOf } from '../../stages/parse.ts';

/** `GET /api/v1/account`: plan, credits, ceilings, keys, usage. */
const accountRoute: ApiRoute = {
  endpoint: 'account',
  countsInFlight: false,
  traced: true,
  async work(services, context, request) {
    const principal = callerOf(context);
    paramsOf(request, {});
    return answerOf({ ...(await services.accounts.account(principal)) });
  },
};

export const registerAccount = (api: (url: string, route: ApiRoute) => void): void =>
  api('/api/v1/account', accountRoute);
