import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '../../services.ts';
import { sendJson } from '../../stages/reply.ts';
import { checkAdmin } from './auth.ts';
import { registerAlerts } from './alerts.ts';
import { registerKeys } from './keys.ts';
import { registerAdminRequests } from './requests.ts';
import { registerReconciliation } from './reconciliation.ts';
import { registerTickets } from './tickets.ts';
import { registerWorkspaces } from './workspaces.ts';

/** What an admin route answers; errors are thrown. */
export interface AdminAnswer {
  readonly status: 200 | 201;
  readonly body: object;
}

export type AdminHandler = (request: FastifyRequest) => Promise<AdminAnswer>;
/** Declares one admin route: method, path below `/admin/v1`, what it answers. */
export type Declare = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, handler: AdminHandler) => void;

/** The admin API (contract section 10): every route behind the admin token. */
export function registerAdmin(app: FastifyInstance, services: Services): void {
  void app.register(async (scope) => {
    // Before the body is read: a wrong token learns nothing about what else is wrong.
    scope.addHook('onRequest', async (request) => checkAdmin(request.raw, services.adminToken));
    const declare: Declare = (method, path, handler) => {
      scope.route({
        method,
        url: `/admin/v1${path}`,
        async handler(request, reply) {
          const { status, body } = await handler(request);
          sendJson(reply, status, request.id, { request_id: request.id, ...body });
          return reply;
        },
      });
    };
    registerWorkspaces(declare, services);
    registerKeys(declare, services);
    registerAlerts(declare, services);
    registerAdminRequests(declare, services);
    registerTickets(declare, scope, services);
    registerReconciliation(declare, services);
  });
}
