import {
  ApiError,
  creditsOfUnits,
  parseBatchBody,
  readIdempotencyKey,
  unitsOf,
  type NewBatch,
  type NewBatchAnswer,
} from '@asa/contract';
import type { Principal } from '@asa/accounts';
import { newSecret, type Made } from '@asa/jobs';
import type { FastifyRequest } from 'fastify';
import { callerOf, stage, type RequestContext } from '../../context.ts';
import type { Services } from '../../services.ts';
import { checkRegion, paramsOf } from '../../stages/parse.ts';
import { answerOf, type Answer } from '../../stages/reply.ts';

/** Stages 3 and 4 of a new batch; its items go through theirs later, one by one. */
export async function createBatch(
  services: Services,
  context: RequestContext,
  request: FastifyRequest,
): Promise<Answer> {
  const principal = callerOf(context);
  const { batch, idempotencyKey } = stage(context, 'parse', () => {
    paramsOf(request, {});
    const parsed = parseBatchBody(request.headers['content-type'], request.body, services.webhooks.urlProblems);
    const { endpoint, items, maxCredits, webhookUrl, webhookEvents } = parsed;
    context.params = {
      endpoint,
      items: items.length,
      max_credits: maxCredits,
      // Its path may hold a secret.
      webhook_host: webhookUrl !== null && URL.canParse(webhookUrl) ? new URL(webhookUrl).host : null,
      webhook_events: webhookUrl === null ? [] : webhookEvents,
    };
    const header = request.headers['idempotency-key'];
    const key = readIdempotencyKey(Array.isArray(header) ? header.join(', ') : header);
    checkRegions(services, principal, parsed);
    return { batch: parsed, idempotencyKey: key };
  });
  const making = { owner: principal, batch, idempotencyKey };
  const made = await stage(context, 'reserve', async () => {
    const leave = services.shedding.enter();
    try {
      const known = await services.jobs.find(making);
      if (known !== null) return known;
      await checkCredits(services, principal, batch);
      return await services.jobs.make({ ...making, webhookSecret: batch.webhookUrl === null ? null : newSecret() });
    } finally {
      leave();
    }
  });
  return { ...answerOf(toAnswer(services, made)), status: 201 };
}

function toAnswer(services: Services, made: Made): Omit<NewBatchAnswer, 'request_id'> {
  const { id, endpoint, total, createdAt, webhookSecret } = made;
  return {
    id,
    status: 'pending',
    endpoint,
    total_count: total,
    created_at: createdAt,
    poll_url: `${services.publicUrl()}/api/v1/amazon/batch/${id}`,
    ...(webhookSecret === null ? {} : { webhook_signature_secret: webhookSecret }),
  };
}

/** Countries that the plan or the exits do not allow, with the index of each item. @throws ApiError `forbidden_region` */
export function checkRegions(services: Services, principal: Principal, { items }: Pick<NewBatch, 'items'>): void {
  const { egress } = services.sources[principal.mode];
  const refused = new Map<string, number[]>();
  for (const [index, { params }] of items.entries()) {
    try {
      checkRegion(principal, params.country, egress);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refused.set(error.message, [...(refused.get(error.message) ?? []), index]);
    }
  }
  if (refused.size === 0) return;
  const told = [...refused].map(([message, indices]) => `items ${indices.join(', ')}: ${message}`);
  throw new ApiError('forbidden_region', told.join(' '));
}

/** A batch of which not a single item can be paid for is refused. @throws ApiError `insufficient_credits` */
async function checkCredits({ accounts }: Services, principal: Principal, { items }: NewBatch): Promise<void> {
  const { mode, workspaceId, topUpBelow } = principal;
  if (mode === 'test') return;
  const least = creditsOfUnits(Math.min(...items.map(({ params }) => unitsOf(params))));
  const remaining = await accounts.ledger.remaining(workspaceId);
  if (remaining >= least) return;
  const ensured = topUpBelow === null ? null : await accounts.topUps.ensure(workspaceId, least);
  if (ensured?.status === 'enough') return;
  const why = ensured === null ? '' : `; ${ensured.why}`;
  throw new ApiError(
    'insufficient_credits',
    `The cheapest item of this batch costs ${least} credits, but the workspace has ${remaining} left${why}.`,
  );
}
