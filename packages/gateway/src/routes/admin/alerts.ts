import { AlertWebhookBody, ApiError, parseBody } from '@asa/contract';
import type { Services } from '../../services.ts';
import { pathParam } from '../../stages/parse.ts';
import type { Declare } from './index.ts';

/** Where the alerts of a workspace are sent to. */
export function registerAlerts(declare: Declare, { accounts: { workspaces }, webhooks: { alerts } }: Services): void {
  const path = '/workspaces/:id/alert-webhook';

  declare('POST', path, async (request) => {
    const { url } = parseBody(AlertWebhookBody, request.headers['content-type'], request.body);
    const { id } = await workspaces.get(pathParam(request, 'id'));
    const { secret } = await alerts.set(id, url);
    return { status: 201, body: { url, secret } };
  });

  declare('GET', path, async (request) => {
    const { id } = await workspaces.get(pathParam(request, 'id'));
    const target = await alerts.get(id);
    if (target === null) throw new ApiError('not_found', `The workspace ${id} has no address for alerts.`);
    return { status: 200, body: { url: target.url, secret: null } };
  });

  declare('POST', `${path}/rotate`, async (request) => {
    const { id } = await workspaces.get(pathParam(request, 'id'));
    const { secret } = await alerts.exchangeSecret(id);
    const target = await alerts.get(id);
    return { status: 201, body: { url: target?.url ?? '', secret } };
  });

  declare('DELETE', path, async (request) => {
    const { id } = await workspaces.get(pathParam(request, 'id'));
    await alerts.remove(id);
    return { status: 200, body: { url: null, secret: null } };
  });
}
