import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reconciliation } from '@asa/contract';

/** The operator of the server under proof. */
export interface Admin {
  readonly url: string;
  get: (path: string) => Promise<{ status: number; body: Record<string, unknown> }>;
  post: (path: string, body: object, idempotencyKey?: string) => Promise<Record<string, unknown>>;
  credits: (workspace: string) => Promise<{ total: number; held: number }>;
  topUp: (workspace: string, amount: number, idempotencyKey: string) => Promise<void>;
  report: () => Promise<Reconciliation>;
}

const HOURS = 48;

export function createAdmin(url: string, dataDir: string): Admin {
  const authorization = `Bearer ${readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()}`;
  const ask = async (path: string, init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {}) => {
    const response = await fetch(`${url}/admin/v1${path}`, { ...init, headers: { authorization, ...init.headers } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const post: Admin['post'] = async (path, body, idempotencyKey) => {
    const headers = {
      'content-type': 'application/json',
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    };
    const answer = await ask(path, { method: 'POST', body: JSON.stringify(body), headers });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body;
  };
  return {
    url,
    get: ask,
    post,
    async credits(workspace) {
      const { status, body } = await ask(`/workspaces/${workspace}`);
      assert.equal(status, 200, JSON.stringify(body));
      return body['credits'] as { total: number; held: number };
    },
    async topUp(workspace, amount, idempotencyKey) {
      await post(`/workspaces/${workspace}/credits`, { amount, reason: 'proof' }, idempotencyKey);
    },
    async report() {
      const { status, body } = await ask(`/reconciliation?hours=${HOURS}`);
      assert.equal(status, 200, JSON.stringify(body));
      return body as unknown as Reconciliation;
    },
  };
}
