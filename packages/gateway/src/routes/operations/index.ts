import type { FastifyInstance } from 'fastify';
import { ApiError, openApi, RECEIPT_KEYS_PATH } from '@asa/contract';
import type { Services } from '../../services.ts';
import { once } from '../../once.ts';
import { sendError, sendJson } from '../../stages/reply.ts';

/** `healthz`, `readyz`, `metrics`, `openapi.json` and the keys of receipts: no API key needed. */
export function registerOperations(app: FastifyInstance, services: Services): void {
  // Alive: the process answers. Whether it can do its work is `readyz`.
  app.get('/healthz', (request, reply) => {
    sendJson(reply, 200, request.id, { request_id: request.id, status: 'ok' });
    return reply;
  });

  app.get('/readyz', async (request, reply) => {
    const why = services.shedding.unready() ?? (await pingProblem(services));
    // A node without Redis does its work, but its ceilings are no longer those of all nodes together.
    const limits = services.redis === null ? 'one_node' : services.redis.isThere() ? 'shared' : 'per_node';
    if (why === null) sendJson(reply, 200, request.id, { request_id: request.id, status: 'ready', limits });
    else
      sendError(
        reply,
        new ApiError('capacity', `Not ready: ${why}.`, { retryAfterSeconds: 2 }),
        services.publicUrl(),
        request.id,
        null,
      );
    return reply;
  });

  app.get('/metrics', async (_request, reply) => {
    const { registry } = services.metrics;
    return reply.header('content-type', registry.contentType).send(await registry.metrics());
  });

  app.get(RECEIPT_KEYS_PATH, async (request, reply) => {
    sendJson(reply, 200, request.id, { request_id: request.id, keys: await services.accounts.receipts.keys() });
    return reply;
  });

  // Some 50 ms of work: once for a public URL, not for each caller.
  const document = once(() => JSON.stringify(openApi(services.publicUrl())));
  app.get('/openapi.json', (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(document()),
  );
}

async function pingProblem(services: Services): Promise<string | null> {
  try {
    await services.store.ping();
    return null;
  } catch (error) {
    services.log.warn({ err: error }, 'the database did not answer a ping');
    return 'the database does not answer';
  }
}
