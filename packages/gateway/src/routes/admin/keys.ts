import { CreateKeyBody, parseBody, PatchKeyBody, RotateKeyBody } from '@asa/contract';
import type { Services } from '../../services.ts';
import { pathParam } from '../../stages/parse.ts';
import type { Declare } from './index.ts';

export function registerKeys(declare: Declare, { accounts: { keys, receipts } }: Services): void {
  declare('POST', '/workspaces/:id/keys', async (request) => {
    const body = parseBody(CreateKeyBody, request.headers['content-type'], request.body);
    return { status: 201, body: await keys.create(pathParam(request, 'id'), body) };
  });

  declare('GET', '/workspaces/:id/keys', async (request) => ({
    status: 200,
    body: { keys: await keys.list(pathParam(request, 'id')), next_cursor: null },
  }));

  declare('PATCH', '/keys/:id', async (request) => {
    const body = parseBody(PatchKeyBody, request.headers['content-type'], request.body);
    return { status: 200, body: await keys.patch(pathParam(request, 'id'), body) };
  });

  declare('POST', '/keys/:id/rotate', async (request) => {
    const { overlap_seconds: overlap } = parseBody(RotateKeyBody, request.headers['content-type'], request.body);
    return { status: 201, body: await keys.rotate(pathParam(request, 'id'), overlap) };
  });

  declare('DELETE', '/keys/:id', async (request) => ({
    status: 200,
    body: await keys.revoke(pathParam(request, 'id')),
  }));

  declare('POST', '/receipt-keys', async () => ({ status: 201, body: await receipts.rotate() }));
}
