import { createServer as createHttp, type RequestListener } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { SelfSigned } from '../../src/testing.ts';

/** A server on loopback that ends with its test. */
export interface TestServer {
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Connections open now. */
  open(): number;
  /** Connections ever accepted. */
  accepted(): number;
}

/** An HTTP server. */
export function startHttp(t: TestContext, listener: RequestListener): Promise<TestServer> {
  return listen(t, createHttp(listener), 'http');
}

/** An HTTPS server with a certificate of its own making. */
export function startHttps(t: TestContext, certificate: SelfSigned, listener: RequestListener): Promise<TestServer> {
  return listen(t, createHttps({ cert: certificate.cert, key: certificate.key }, listener), 'https');
}

/** An HTTPS server that prefers HTTP/2 and also takes HTTP/1.1. */
export function startHttp2(
  t: TestContext,
  certificate: SelfSigned,
  listener: (request: Http2ServerRequest, response: Http2ServerResponse) => void,
): Promise<TestServer> {
  const options = { cert: certificate.cert, key: certificate.key, allowHTTP1: true };
  return listen(t, createSecureServer(options, listener), 'https');
}

/** A server that speaks whatever the test writes. */
export function startTcp(t: TestContext, onSocket: (socket: Socket) => void, scheme = 'http'): Promise<TestServer> {
  return listen(t, createTcp(onSocket), scheme);
}

/** A server that answers every request head with these bytes, and then does what `after` says. */
export function startRaw(
  t: TestContext,
  answer: string | Buffer,
  after: (socket: Socket) => void = (socket) => socket.end(),
): Promise<TestServer> {
  return startTcp(t, (socket) => {
    socket.once('data', () => socket.write(answer, () => after(socket)));
  });
}

/** Lets a server listen on loopback until its test ends. */
export async function listen(t: TestContext, server: Server, scheme: string): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket) => {
    accepted += 1;
    sockets.add(socket);
    // A client that hangs up on a hostile server is what these tests are about.
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${scheme}://127.0.0.1:${port}`, port, open: () => sockets.size, accepted: () => accepted };
}

/** Waits until a condition holds; fails the test when it does not within `ms`. */
export async function until(condition: () => boolean, what: string, ms = 5000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms for: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
}
