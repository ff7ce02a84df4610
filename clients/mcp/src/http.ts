import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AmazonScraperAPI } from 'asa-client';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { makeServer } from './server.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Makes the client of one key. */
  readonly connect: (apiKey: string) => AmazonScraperAPI;
  /** The key for callers that bring none; only where nobody but this machine can call. */
  readonly ownKey: string | null;
}

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/.test(host);

/**
 * Streamable HTTP at `/mcp`, without sessions: each request stands for itself, so that any number of processes can serve. A caller's own key
 * (`Authorization: Bearer asa_...`) pays for what it calls.
 */
export async function serveHttp({ host, port, connect, ownKey }: HttpOptions): Promise<HttpServer> {
  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      if (!response.headersSent) refuse(response, 500, -32_603, 'The request could not be served.');
      else response.destroy();
    });
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://mcp');
    if (pathname !== '/mcp') {
      refuse(response, 404, -32_600, 'The MCP endpoint is /mcp.');
      return;
    }
    if (request.method !== 'POST') {
      // There are no sessions: nothing to listen to, nothing to end.
      response.setHeader('allow', 'POST');
      refuse(response, 405, -32_600, 'Only POST is served; there are no sessions.');
      return;
    }
    // A page in a browser must not reach a server of this machine under a name of its own.
    const name = (request.headers.host ?? '').replace(/:\d+$/, '');
    const { origin } = request.headers;
    if (isLoopback(host) && (!isLoopback(name) || (origin !== undefined && !isLoopback(hostOf(origin))))) {
      refuse(response, 403, -32_600, 'This server is for this machine only.');
      return;
    }
    const key = /^Bearer\s+([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ownKey;
    if (key === null) {
      response.setHeader('www-authenticate', 'Bearer');
      refuse(response, 401, -32_600, 'Send your API key as Authorization: Bearer asa_...');
      return;
    }
    const mcp = makeServer(connect(key));
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    response.once('close', () => {
      void transport.close();
      void mcp.close();
    });
    await mcp.connect(transport);
    await transport.handleRequest(request, response);
  };
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}/mcp`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).hostname : '');

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}
