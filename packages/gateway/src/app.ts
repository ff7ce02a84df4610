import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import { ApiError, errorBody } from '@asa/contract';
import { serve, type ApiRoute } from './api.ts';
import { toApiError } from './errors.ts';
import { registerAccount } from './routes/account/index.ts';
import { registerAdmin } from './routes/admin/index.ts';
import { registerDocs } from './routes/docs/index.ts';
import { registerOperations } from './routes/operations/index.ts';
import { productRoute } from './routes/product/index.ts';
import { registerRequests } from './routes/requests/index.ts';
import { searchRoute } from './routes/search/index.ts';
import { knownPaths } from './known-paths.ts';
import type { Services } from './services.ts';
import { sendError } from './stages/reply.ts';

/** A request line of 100 KB must reach the parse stage (400) instead of Node's bare 431. */
const MAX_HEADER_BYTES = 256 * 1024;
/** Admin bodies are small; the batch endpoint will have a limit of its own. */
const BODY_LIMIT = 1024 * 1024;

export interface AppOptions {
  readonly trustProxy: boolean;
  /** Told of every route as it is registered. */
  readonly onRoute?: (method: string, url: string) => void;
}

/** The HTTP application: every route, nothing that listens. */
export function buildApp(services: Services, options: AppOptions): FastifyInstance {
  const paths = knownPaths();
  const app = fastify({
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    bodyLimit: BODY_LIMIT,
    trustProxy: options.trustProxy,
    genReqId: () => services.newRequestId(),
    requestIdHeader: false,
    // A HEAD must never run a handler that bills.
    exposeHeadRoutes: false,
    // While the server drains, requests on open connections get our own `capacity` body.
    return503OnClosing: false,
    keepAliveTimeout: 65_000,
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 256, querystringParser: () => ({}) },
    frameworkErrors: (_error, request, reply) => {
      sendError(reply, unknownPath(request.raw.url ?? ''), services.publicUrl(), request.id, null);
      return reply;
    },
    clientErrorHandler: (error, socket) => answerBrokenRequest(services, error, socket),
  });
  app.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    paths.add(route.url, methods);
    for (const method of methods) options.onRoute?.(method, route.url);
  });

  // A connection kept open after its last answer would hold up the shutdown.
  app.addHook('onSend', async (_request, reply) => {
    if (services.shedding.isDraining()) reply.header('connection', 'close');
  });

  // Bodies are read as bytes: what is wrong with one is a 400 of the handler, after the key was checked.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.setNotFoundHandler((request, reply) => {
    const url = request.raw.url ?? '';
    sendError(reply, unknownPath(url, paths.methodsOf(url)), services.publicUrl(), request.id, null);
    return reply;
  });
  app.setErrorHandler((error, request, reply) => {
    const { api, isBug } = toApiError(request.is404 ? unknownPath(request.raw.url ?? '') : error);
    if (isBug) services.log.error({ err: error, request_id: request.id }, 'a request failed unforeseen');
    sendError(reply, api, services.publicUrl(), request.id, null);
    return reply;
  });

  const api = (url: string, route: ApiRoute): void => {
    app.get(url, (request, reply) => serve(services, route, request, reply));
  };
  api('/api/v1/amazon/product', productRoute);
  api('/api/v1/amazon/search', searchRoute);
  registerAccount(api);
  registerRequests(api);
  registerAdmin(app, services);
  registerOperations(app, services);
  registerDocs(app, services);
  return app;
}

function unknownPath(url: string, allow: readonly string[] = []): ApiError {
  const path = (url.split('?')[0] ?? '').slice(0, 200);
  if (allow.length > 0)
    return new ApiError(
      'not_found',
      `The path ${path} exists, but not with this method; allowed: ${allow.join(', ')}.`,
      { allow },
    );
  return new ApiError('not_found', `There is no path ${path}.`);
}

/** A request that Node could not parse at all (malformed, headers over the limit, too slow) still gets the four keys. */
function answerBrokenRequest(services: Services, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const message = BROKEN[error.code ?? ''] ?? 'The request is not valid HTTP.';
  const requestId = services.newRequestId();
  const body = JSON.stringify(errorBody('invalid_params', message, services.publicUrl(), requestId));
  socket.end(
    `HTTP/1.1 400 ${STATUS_CODES[400]}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `X-Request-Id: ${requestId}\r\nAsa-Cost: 0\r\nAsa-Attempts: 0\r\nAsa-Retryable: false\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  );
}

const BROKEN: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: `The request line and headers are over ${MAX_HEADER_BYTES} bytes.`,
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive completely within 60 seconds.',
};
