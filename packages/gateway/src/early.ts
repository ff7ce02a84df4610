import type { IncomingMessage, ServerResponse } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import { enter, refuse, type ApiRoute, type Entering } from './api.ts';
import type { Drain } from './drain.ts';
import type { Services } from './services.ts';

/**
 * What can be refused before the framework has looked at it: calls without a body of paths without parameters. Its way through there would cost
 * more than finding out that a key is unknown, over its rate, or asks for nonsense. All others begin here and go on there.
 */
export interface Early {
  add(url: string, route: ApiRoute): void;
  /** Whether it was answered. */
  answered(request: IncomingMessage, response: ServerResponse): boolean;
  /** How far a request came that was not. */
  begun(request: IncomingMessage): Entering | null;
}

interface EarlyOptions {
  readonly trustProxy: boolean;
  readonly drain?: Drain | undefined;
}

export function createEarly(services: Services, { trustProxy, drain }: EarlyOptions): Early {
  const routes = new Map<string, ApiRoute>();
  const begun = new WeakMap<IncomingMessage, Entering>();

  return {
    add(url, route) {
      if ((route.method ?? 'GET') === 'GET' && !/[:*]/.test(url)) routes.set(url, route);
    },
    answered(request, response) {
      if (request.method !== 'GET') return false;
      const url = request.url ?? '';
      const mark = url.indexOf('?');
      const route = routes.get(mark < 0 ? url : url.slice(0, mark));
      if (route === undefined) return false;
      const address = addressOf(request, trustProxy);
      const begins = enter(services, route, { request, requestId: services.newRequestId(), address });
      const { entered } = begins;
      if (entered instanceof Promise || entered.refusal === null) {
        begun.set(request, begins);
        return false;
      }
      const sent = refuse(services, route, { entered, response, address: () => address });
      if (drain === undefined) return true;
      if (sent instanceof Promise) {
        const end = drain.begin();
        void sent.finally(end);
      }
      // A reader that is slow is waited for; of all others the answer is on its way.
      if (!response.writableFinished && response.socket !== null && response.socket.writableLength > 0)
        response.once('close', drain.begin());
      return true;
    },
    begun: (request) => begun.get(request) ?? null,
  };
}

/** The address of the caller, as the framework tells it: behind proxies, the one that the first of them saw. */
const addressOf = (request: IncomingMessage, trustProxy: boolean): string =>
  (trustProxy ? proxyAddr.all(request).at(-1) : request.socket.remoteAddress) ?? '';
