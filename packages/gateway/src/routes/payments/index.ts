import type { FastifyInstance } from 'fastify';
import { WebhookRefused } from '@asa/accounts';
import { ApiError, quote } from '@asa/contract';
import type { Services } from '../../services.ts';
import { pathParam } from '../../stages/parse.ts';
import { sendJson } from '../../stages/reply.ts';

/** A webhook is a few hundred bytes. */
const WEBHOOK_BYTES = 64 * 1024;

/** `POST /webhooks/payments/{provider}`: what the provider tells of payments, signed by it. */
export function registerPayments(app: FastifyInstance, { accounts: { topUps } }: Services): void {
  app.post('/webhooks/payments/:provider', { bodyLimit: WEBHOOK_BYTES }, async (request, reply) => {
    const name = pathParam(request, 'provider');
    if (name !== topUps.provider) throw new ApiError('not_found', `The payment provider here is not ${quote(name)}.`);
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    try {
      sendJson(reply, 200, request.id, { request_id: request.id, result: await topUps.webhook(body, request.headers) });
    } catch (error) {
      if (error instanceof WebhookRefused)
        throw new ApiError('unauthorized', `This webhook was refused: ${error.message}.`);
      if (error instanceof SyntaxError) throw new ApiError('invalid_params', 'The body is not valid JSON.');
      throw error;
    }
    return reply;
  });
}
