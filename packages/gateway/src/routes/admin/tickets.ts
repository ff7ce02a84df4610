import type { FastifyInstance } from 'fastify';
import { PatchTicketBody, parseBody, TICKET_LIST_PARAMS } from '@asa/contract';
import type { Services } from '../../services.ts';
import { pageOf, paramsOf, pathParam } from '../../stages/parse.ts';
import type { Declare } from './index.ts';

export function registerTickets(declare: Declare, scope: FastifyInstance, { traces: { tickets } }: Services): void {
  declare('GET', '/tickets', async (request) => {
    const values = paramsOf(request, TICKET_LIST_PARAMS);
    const { items, nextCursor } = await tickets.list({
      state: values.state ?? null,
      ...pageOf(values),
    });
    return { status: 200, body: { tickets: items, next_cursor: nextCursor } };
  });

  declare('GET', '/tickets/:id', async (request) => ({
    status: 200,
    body: await tickets.get(pathParam(request, 'id')),
  }));

  declare('PATCH', '/tickets/:id', async (request) => {
    const body = parseBody(PatchTicketBody, request.headers['content-type'], request.body);
    return { status: 200, body: await tickets.patch(pathParam(request, 'id'), body) };
  });

  // Somebody else's page: shown as text in a sandbox of its own, so that opening it runs nothing.
  scope.get('/admin/v1/tickets/:id/page', async (request, reply) => {
    const page = await tickets.page(pathParam(request, 'id'));
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', "sandbox; default-src 'none'")
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .send(Buffer.from(page.buffer, page.byteOffset, page.byteLength));
  });
}
