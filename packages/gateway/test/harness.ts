import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ERROR_CODES, ERRORS, ERRORS_PAGE, errorRow, type ErrorCode } from '@asa/contract';
import { temporaryDataFolder } from '@asa/store/testing';
import { start, type Running } from '../src/compose.ts';
import { readConfig } from '../src/config.ts';

export { eventually } from '@asa/store/testing';

/** What a test changes of a request. */
export type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> };

/** A real server on a free port with its own embedded PostgreSQL and data folder. */
export interface TestServer {
  readonly url: string;
  readonly running: Running;
  readonly liveKey: string;
  readonly testKey: string;
  get(path: string, key?: string | null, init?: Init): Promise<Response>;
  admin(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  /** A workspace with one live key. */
  workspace(options: {
    plan: string;
    credits?: number;
    limits?: Record<string, number>;
  }): Promise<{ id: string; key: string; keyId: string }>;
  close(): Promise<void>;
}

export async function startServer(
  env: Record<string, string> = {},
  startOptions: { drainMs?: number } = {},
): Promise<TestServer> {
  const { dataDir, remove } = temporaryDataFolder({ name: 'gateway' });
  const config = readConfig({
    ASA_PORT: '0',
    ASA_DATA_DIR: dataDir,
    ASA_LOG_LEVEL: 'silent',
    ASA_EXTRACT_THREADS: '1',
    ...env,
  });
  const running = await start(config, { isTerminal: true, ...startOptions });
  assert.ok(running.firstStart !== null, 'a new data folder is a first start');
  const url = `http://127.0.0.1:${running.port}`;
  const { liveKey, testKey } = running.firstStart;
  const admin: TestServer['admin'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/admin/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${running.services.adminToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    url,
    running,
    liveKey,
    testKey,
    admin,
    get: (path, key = liveKey, init = {}) =>
      fetch(`${url}${path}`, {
        ...init,
        headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...init.headers },
      }),
    async workspace(options) {
      const made = await admin('POST', '/workspaces', { name: 'test', ...options });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const id = String(made.body['id']);
      const key = await admin('POST', `/workspaces/${id}/keys`, { name: 'k', mode: 'live' });
      assert.equal(key.status, 201, JSON.stringify(key.body));
      return { id, key: String(key.body['key']), keyId: String(key.body['id']) };
    },
    async close() {
      await running.close();
      await remove();
    },
  };
}

/** A server that plays the marketplace the way a test wants it. */
export async function startPages(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ template: string; server: Server; close(): Promise<void> }> {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    template: `http://127.0.0.1:${port}/{domain}`,
    server,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface ErrorAnswer {
  readonly error: ErrorCode;
  readonly message: string;
  readonly docs_url: string;
  readonly request_id: string;
}

/** Checks everything the contract promises of an error answer, and returns its body. */
export async function assertError(response: Response, code: ErrorCode, publicUrl: string): Promise<ErrorAnswer> {
  const text = await response.text();
  assert.equal(response.status, ERRORS[code].status, text);
  const body = JSON.parse(text) as ErrorAnswer;
  assert.deepEqual(Object.keys(body), ['error', 'message', 'docs_url', 'request_id']);
  assert.equal(body.error, code, text);
  assert.ok(ERROR_CODES.includes(body.error));
  assert.equal(body.docs_url, `${publicUrl}${ERRORS_PAGE}#${code}`);
  assert.match(body.request_id, /^req_[0-9a-f]{12}$/);
  assert.ok(body.message.length > 10, text);
  const { headers } = response;
  assert.equal(headers.get('x-request-id'), body.request_id);
  assert.equal(headers.get('asa-cost'), '0');
  assert.match(headers.get('asa-attempts') ?? '', /^\d+$/);
  assert.equal(headers.get('asa-retryable'), String(ERRORS[code].retryable));
  assert.equal(headers.get('cache-control'), 'no-store');
  const { retryAfter } = errorRow(code);
  const sent = headers.get('retry-after');
  if (retryAfter.kind === 'none') assert.equal(sent, null);
  else if (retryAfter.kind === 'fixed') assert.equal(sent, String(retryAfter.seconds));
  else assert.ok(sent !== null && /^[1-9]\d*$/.test(sent), `Retry-After ${sent}`);
  return body;
}
