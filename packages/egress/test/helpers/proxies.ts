import { createServer as createHttp, type IncomingMessage } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, createServer as createTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'node:test';
import type { SelfSigned } from '../../src/testing.ts';
import { listen, type TestServer } from './servers.ts';

export interface TestProxy extends TestServer {
  /** Its URL with this user and the password it wants, percent-encoded. */
  as(user: string): string;
  /** User names of the tunnels that were opened, in order. */
  users(): string[];
  /** Names or addresses that were asked for, with ports. */
  targets(): string[];
}

interface Options {
  readonly password?: string;
  /** TLS to the proxy. */
  readonly certificate?: SelfSigned;
  /** Takes the connection and never answers. */
  readonly hangs?: boolean;
  /** Refuses every tunnel with this status (HTTP) or reply (SOCKS). */
  readonly refuses?: number;
}

/** An HTTP proxy that knows CONNECT and basic authentication, as any user with the password. */
export async function startHttpProxy(t: TestContext, options: Options = {}): Promise<TestProxy> {
  const { password = 'secret', certificate, hangs = false, refuses } = options;
  const users: string[] = [];
  const targets: string[] = [];
  const server =
    certificate === undefined ? createHttp() : createHttps({ cert: certificate.cert, key: certificate.key });
  // Anything but CONNECT is what a proxy should not be asked for.
  server.on('request', (_request, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    // An HTTP server leaves the other side's end to us.
    if (hangs)
      return client
        .on('error', () => {})
        .on('end', () => client.end())
        .resume();
    const refuse = (status: number): unknown => client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    const [, login = ''] = (request.headers['proxy-authorization'] ?? '').split(' ');
    const [user = '', ...rest] = Buffer.from(login, 'base64').toString().split(':');
    if (rest.join(':') !== password) return refuse(407);
    if (refuses !== undefined) return refuse(refuses);
    users.push(user);
    targets.push(request.url ?? '');
    const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(request.url ?? '') ?? [];
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      if (head.length > 0) upstream.write(head);
      join(client, upstream);
    });
    upstream.on('error', () => refuse(502));
    return client.on('error', () => upstream.destroy());
  });
  const started = await listen(t, server, certificate === undefined ? 'http' : 'https');
  return proxyOf(started, password, users, targets);
}

/** A SOCKS5 proxy (RFC 1928) with user name and password (RFC 1929), as any user with the password. */
export async function startSocksProxy(t: TestContext, options: Options = {}): Promise<TestProxy> {
  const { password = 'secret', hangs = false, refuses } = options;
  const users: string[] = [];
  const targets: string[] = [];
  const serve = async (client: Socket): Promise<void> => {
    const read = reader(client);
    const [, methods = 0] = await read(2);
    if (hangs) return void client.resume();
    const offered = await read(methods);
    if (!offered.includes(2)) return void client.end(Buffer.from([5, 0xff]));
    client.write(Buffer.from([5, 2]));
    const [, userLength = 0] = await read(2);
    const user = (await read(userLength)).toString();
    const [passwordLength = 0] = await read(1);
    const isLogin = (await read(passwordLength)).toString() === password;
    if (!isLogin) return void client.end(Buffer.from([1, 1]));
    client.write(Buffer.from([1, 0]));
    const [, , , kind = 0] = await read(4);
    const host = kind === 1 ? (await read(4)).join('.') : (await read((await read(1))[0] ?? 0)).toString();
    const port = (await read(2)).readUInt16BE(0);
    const reply = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
    if (refuses !== undefined) return void client.end(reply(refuses));
    users.push(user);
    targets.push(`${host}:${port}`);
    const upstream = connect(port, host, () => {
      client.write(reply(0));
      join(client, upstream);
    });
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.end(reply(5)));
    return undefined;
  };
  const server = createTcp((client) => {
    // A client that goes in the middle of the handshake.
    serve(client).catch(() => client.destroy());
  });
  return proxyOf(await listen(t, server, 'socks5'), password, users, targets);
}

/** Percent-encoded, with the braces of placeholders as they are. */
const encoded = (text: string): string => encodeURIComponent(text).replaceAll('%7B', '{').replaceAll('%7D', '}');

function proxyOf(server: TestServer, password: string, users: string[], targets: string[]): TestProxy {
  return {
    ...server,
    as: (user) => server.url.replace('://', `://${encoded(user)}:${encoded(password)}@`),
    users: () => [...users],
    targets: () => [...targets],
  };
}

function join(client: Duplex, upstream: Socket): void {
  client.pipe(upstream).pipe(client);
  client.on('close', () => upstream.destroy());
  upstream.on('close', () => client.destroy());
}

/** Reads so many bytes at a time; rejects when the socket ends before. */
function reader(socket: Socket): (length: number) => Promise<Buffer> {
  return async (length) => {
    if (length === 0) return Buffer.alloc(0);
    for (;;) {
      const chunk = socket.read(length) as Buffer | null;
      if (chunk !== null) return chunk;
      await new Promise<void>((resolve, reject) => {
        socket.once('readable', resolve);
        socket.once('close', () => reject(new Error('the client went')));
      });
    }
  };
}
