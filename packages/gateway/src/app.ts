import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ApiError, maskKeys, Refusal } from '@asa/contract';
import { enter, serve, type ApiRoute } from './api.ts';
import { createEarly } from './early.ts';
import { BODY_LIMIT, toApiError } from './errors.ts';
import { registerAccount } from './routes/account/index.ts';
import { registerAdmin } from './routes/admin/index.ts';
import { registerBatches } from './routes/batch/index.ts';
import { registerDocs } from './routes/docs/index.ts';
import { registerLedger } from './routes/ledger/index.ts';
import { registerOperations } from './routes/operations/index.ts';
import { registerEstimate } from './routes/estimate/index.ts';
import { registerPayments } from './routes/payments/index.ts';
import { productRoute } from './routes/product/index.ts';
import { registerRequests } from './routes/requests/index.ts';
import { registerSecurity } from './routes/security/index.ts';
import { searchRoute } from './routes/search/index.ts';
import type { Drain } from './drain.ts';
import { knownPaths } from './known-paths.ts';
import type { Services } from './services.ts';
import { errorAnswer, sendError, sendErrorAtOnce, type AtOnce } from './stages/reply.ts';

/** A request line of 100 KB must reach the parse stage (400) instead of Node's bare 431. */
const MAX_HEADER_BYTES = 256 * 1024;
const HTTP = {
  maxHeaderSize: MAX_HEADER_BYTES,
  requireHostHeader: false,
  keepAliveTimeout: 65_000,
  requestTimeout: 60_000,
} as const;

export interface AppOptions {
  readonly trustProxy: boolean;
  /** A socket that moves no byte for so long is closed, in ms. */
  readonly connectionTimeoutMs?: number;
  /** Public requests that are being served, answers being sent included: a shutdown waits for them. */
  readonly drain?: Drain;
  /** Told of every route as it is registered. */
  readonly onRoute?: (method: string, url: string) => void;
}

/** The HTTP application: every route, nothing that listens. */
export function buildApp(services: Services, options: AppOptions): FastifyInstance {
  const paths = knownPaths();
  const early = createEarly(services, options);
  const app = fastify({
    serverFactory(handler) {
      const server = createServer(HTTP, (request, response) => {
        if (!early.answered(request, response)) handler(request, response);
      });
      return server.setTimeout(options.connectionTimeoutMs ?? 0);
    },
    bodyLimit: BODY_LIMIT,
    trustProxy: options.trustProxy,
    genReqId: (raw) => early.begun(raw)?.context.requestId ?? services.newRequestId(),
    requestIdHeader: false,
    // A HEAD must never run a handler that bills.
    exposeHeadRoutes: false,
    // While the server drains, requests on open connections get our own `capacity` body.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 256, querystringParser: () => ({}) },
    frameworkErrors: (_error, request, reply) => {
      const url = request.raw.url ?? '';
      sendError(reply, unknownPath(url, paths.methodsOf(url)), services.publicUrl(), request.id, null);
      return reply;
    },
    clientErrorHandler: (error, socket) => answerBrokenRequest(services, error, socket),
  });
  // Node would answer an expectation that it does not know with a bare 417.
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const problem = `The header Expect: ${String(request.headers.expect).slice(0, 60)} is not supported; leave it out.`;
    sendErrorAtOnce(response, new Refusal('invalid_params', problem), unrouted(services));
  });
  app.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    paths.add(route.url, methods);
    for (const method of methods) options.onRoute?.(method, route.url);
  });

  // A connection kept open after its last answer would hold up the shutdown.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (services.shedding.isDraining()) reply.header('connection', 'close');
    done(null, payload);
  });

  // Bodies are read as bytes: what is wrong with one is a 400 of the handler, after the key was checked.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  // The public API tells of its requests itself; this is the line of all others.
  app.addHook('onResponse', (request, reply, done) => {
    const path = request.is404 ? 'unknown path' : (request.routeOptions.url ?? 'unknown path');
    if (!path.startsWith('/api/')) {
      const { statusCode: status } = reply;
      services.metrics.request(path, String(status), null, 'none');
      const level = path.startsWith('/admin/') ? 'info' : 'debug';
      services.log[level]({ request_id: request.id, method: request.method, path, status }, 'request');
    }
    done();
  });

  app.setNotFoundHandler((request, reply) => {
    const url = request.raw.url ?? '';
    sendError(reply, unknownPath(url, paths.methodsOf(url)), services.publicUrl(), request.id, null);
    return reply;
  });
  app.setErrorHandler((error, request, reply) => {
    const url = request.raw.url ?? '';
    const { api, isBug } = toApiError(
      request.is404 ? unknownPath(url, paths.methodsOf(url)) : error,
      request.routeOptions.bodyLimit,
    );
    if (isBug) services.log.error({ err: error, request_id: request.id }, 'a request failed unforeseen');
    sendError(reply, api, services.publicUrl(), request.id, null);
    return reply;
  });

  const api = (url: string, route: ApiRoute): void => {
    const { method = 'GET', bodyLimit = BODY_LIMIT } = route;
    const handler = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const { raw, id: requestId, ip: address } = request;
      const begun = early.begun(raw) ?? enter(services, route, { request: raw, requestId, address });
      const served = serve(services, route, request, reply, begun);
      if (options.drain !== undefined) {
        // Until the answer has left, and until it is made.
        reply.raw.once('close', options.drain.begin());
        const made = options.drain.begin();
        served.then(made, made);
      }
      return served;
    };
    app.route({ method, url, bodyLimit, handler });
    early.add(url, route);
  };
  api('/api/v1/amazon/product', productRoute);
  api('/api/v1/amazon/search', searchRoute);
  registerBatches(api);
  registerAccount(api);
  registerEstimate(api);
  registerLedger(api);
  registerRequests(api);
  registerAdmin(app, services);
  registerOperations(app, services);
  registerPayments(app, services);
  registerDocs(app, services);
  registerSecurity(app, services);
  return app;
}

function unknownPath(url: string, allow: readonly string[] = []): ApiError {
  // A key that somebody put into the path is not repeated.
  const path = maskKeys(url.split('?')[0] ?? '').slice(0, 200);
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
  // While an earlier request of this connection is being answered, another answer would be taken for its own. Node keeps
  // the one under way in this field, and its own handler decides by it.
  const busy = Boolean(Reflect.get(socket, '_httpMessage'));
  if (error.code === 'ECONNRESET' || !socket.writable || busy) {
    socket.destroy();
    return;
  }
  const refusal = new Refusal('invalid_params', BROKEN[error.code ?? ''] ?? 'The request is not valid HTTP.');
  const { fields, text } = errorAnswer(refusal, unrouted(services));
  const lines = fields.map((field, at) => (at % 2 === 0 ? `${field}: ` : `${field}\r\n`));
  socket.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${lines.join('')}\r\n${text}`);
}

/** How a request is answered that never came to a route. */
const unrouted = (services: Services): AtOnce => ({
  publicUrl: services.publicUrl(),
  requestId: services.newRequestId(),
  context: null,
  isLast: true,
});

const BROKEN: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: `The request line and headers are too many or over ${MAX_HEADER_BYTES} bytes.`,
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive completely within 60 seconds.',
};
