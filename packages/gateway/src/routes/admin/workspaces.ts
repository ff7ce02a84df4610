import type { FastifyRequest } from 'fastify';
import {
  CreateWorkspaceBody,
  CreditsBody,
  LIST_PARAMS,
  parseBody,
  PatchWorkspaceBody,
  type ListQuery,
} from '@asa/contract';
import type { Services } from '../../services.ts';
import { pageOf, paramsOf, pathParam } from '../../stages/parse.ts';
import type { Declare } from './index.ts';

export function registerWorkspaces(declare: Declare, { accounts }: Services): void {
  const { workspaces, ledger, alerts, topUps } = accounts;
  const page = (request: FastifyRequest): ListQuery => pageOf(paramsOf(request, LIST_PARAMS));

  declare('POST', '/workspaces', async (request) => {
    const body = parseBody(CreateWorkspaceBody, request.headers['content-type'], request.body);
    return { status: 201, body: await workspaces.create(body) };
  });

  declare('GET', '/workspaces', async (request) => {
    const { items, nextCursor } = await workspaces.list(page(request));
    return { status: 200, body: { workspaces: items, next_cursor: nextCursor } };
  });

  declare('GET', '/workspaces/:id', async (request) => ({
    status: 200,
    body: await workspaces.get(pathParam(request, 'id')),
  }));

  declare('PATCH', '/workspaces/:id', async (request) => {
    const body = parseBody(PatchWorkspaceBody, request.headers['content-type'], request.body);
    return { status: 200, body: await workspaces.patch(pathParam(request, 'id'), body) };
  });

  declare('POST', '/workspaces/:id/credits', async (request) => {
    const { amount, reason } = parseBody(CreditsBody, request.headers['content-type'], request.body);
    const key = request.headers['idempotency-key'];
    const idempotencyKey = typeof key === 'string' ? key : null;
    const entry = await workspaces.credits(pathParam(request, 'id'), { amount, reason, idempotencyKey });
    return { status: 201, body: entry };
  });

  declare('GET', '/workspaces/:id/ledger', async (request) => {
    const { balance, items, nextCursor } = await ledger.entries(pathParam(request, 'id'), page(request));
    return { status: 200, body: { balance, entries: items, next_cursor: nextCursor } };
  });

  declare('GET', '/workspaces/:id/alerts', async (request) => {
    const { items, nextCursor } = await alerts.list(pathParam(request, 'id'), page(request));
    return { status: 200, body: { alerts: items, next_cursor: nextCursor } };
  });

  declare('GET', '/workspaces/:id/top-ups', async (request) => {
    const { items, nextCursor } = await topUps.list(pathParam(request, 'id'), page(request));
    return { status: 200, body: { top_ups: items, next_cursor: nextCursor } };
  });
}
