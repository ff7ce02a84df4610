import { BATCH_LIMITS, parseEstimate, type EstimateAnswer, type Estimated } from '@asa/contract';
import type { Principal } from '@asa/accounts';
import type { ApiRoute } from '../../api.ts';
import { callerOf, stage } from '../../context.ts';
import type { Services } from '../../services.ts';
import { checkRegion, paramsOf } from '../../stages/parse.ts';
import { answerOf } from '../../stages/reply.ts';
import { checkRegions } from '../batch/create.ts';

/** What stands around the body of a batch. */
const AROUND_BYTES = 1024;

/** `POST /api/v1/estimate`: holds, fetches and charges nothing. */
const estimateRoute: ApiRoute = {
  endpoint: 'estimate',
  method: 'POST',
  bodyLimit: BATCH_LIMITS.bodyBytes + AROUND_BYTES,
  countsInFlight: false,
  traced: true,
  async work(services, context, request) {
    const principal = callerOf(context);
    const estimated = stage(context, 'parse', () => {
      paramsOf(request, {});
      const parsed = parseEstimate(request.headers['content-type'], request.body, services.webhooks.urlProblems);
      context.params = { endpoint: parsed.endpoint, units: parsed.units };
      const [item] = parsed.items;
      if (parsed.endpoint === 'amazon.batch') checkRegions(services, principal, parsed);
      else checkRegion(principal, item?.params.country ?? null, services.sources[principal.mode].egress);
      return parsed;
    });
    return answerOf({ ...(await priced(services, principal, estimated)) });
  },
};

async function priced(
  { accounts }: Services,
  principal: Principal,
  { endpoint, units, credits }: Estimated,
): Promise<Omit<EstimateAnswer, 'request_id'>> {
  const isFree = principal.mode === 'test';
  const left = await accounts.ledger.remaining(principal.workspaceId);
  const budget = isFree ? null : await accounts.budgets.left(principal);
  const problem = isFree ? null : problemOf(credits, left, budget);
  return {
    endpoint,
    units,
    credits,
    charged_at_most: isFree ? 0 : credits,
    credits_left: left,
    budget_left: budget,
    sufficient: problem === null,
    auto_top_up: principal.topUpBelow !== null,
    problem,
  };
}

function problemOf(credits: number, left: number, budget: number | null): string | null {
  if (budget !== null && credits > budget) return `It costs up to ${credits} credits, but the budgets leave ${budget}.`;
  return credits > left ? `It costs up to ${credits} credits, but the workspace has ${left} left.` : null;
}

export const registerEstimate = (api: (url: string, route: ApiRoute) => void): void =>
  api('/api/v1/estimate', estimateRoute);
