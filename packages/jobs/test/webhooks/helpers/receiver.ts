import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { SelfSigned } from '@asa/egress/testing';

export interface Got {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Receiver {
  readonly port: number;
  /** `http(s)://127.0.0.1:<port>` */
  readonly url: string;
  /** Requests that arrived whole, in order. */
  readonly got: Got[];
  /** Connections that were ever opened, and bytes that ever came over them. */
  readonly traffic: () => { readonly connections: number; readonly bytes: number };
}

type Answer = (got: Got, response: ServerResponse, socket: Socket) => void;

/** A target on the loopback that keeps what it gets; by default it answers 204. */
export async function startReceiver(
  t: TestContext,
  answer: Answer = (_, response) => response.writeHead(204).end(),
  certificate?: SelfSigned,
): Promise<Receiver> {
  const got: Got[] = [];
  const sockets: Socket[] = [];
  let secureBytes = 0;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url: path = '' } = request;
      const headers = request.headers as Record<string, string>;
      const one = { method, path, headers, body: Buffer.concat(parts).toString() };
      got.push(one);
      answer(one, response, request.socket);
    });
  };
  const server = certificate === undefined ? createServer(handle) : createSecureServer(certificate, handle);
  server.on('connection', (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    if (certificate !== undefined) socket.on('close', () => (secureBytes += socket.bytesRead));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    got,
    traffic: () => ({
      connections: sockets.length,
      bytes: secureBytes + (certificate === undefined ? sockets.reduce((sum, socket) => sum + socket.bytesRead, 0) : 0),
    }),
  };
}
