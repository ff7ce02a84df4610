import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener } from 'node:http';
import { test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { createImpitTransport, createUndiciTransport, type CookieKeeper, type Transport } from '../src/index.ts';
import { classifyImpitError } from '../src/impit/failure.ts';
import { IDENTITIES } from '../src/session/identity.ts';
import { collectGarbage } from './helpers/garbage.ts';
import { selfSigned } from '../src/testing.ts';
import { failureOf, getWith, pageOf } from './helpers/client.ts';
import { startHttpProxy, startSocksProxy } from './helpers/proxies.ts';
import { startHttp, startHttp2, startHttps, startRaw, startTcp, until } from './helpers/servers.ts';

const certificate = selfSigned('localhost', [127, 0, 0, 1]);

interface Opened extends Transport {
  readonly get: ReturnType<typeof getWith>;
}

/** How many answers of a server are still being sent. Idle connections of the pool are not ours to count. */
function counted(listener: RequestListener): { readonly listener: RequestListener; readonly open: () => number } {
  const open = new Set<unknown>();
  return {
    listener: (request, response) => {
      open.add(response);
      response.on('close', () => open.delete(response));
      listener(request, response);
    },
    open: () => open.size,
  };
}

/** impit lets go of a connection whose request was cut when the engine collects its objects: seconds later on an idle server. */
function isFreed(answers: { readonly open: () => number }): boolean {
  collectGarbage();
  return answers.open() === 0;
}

/** An impit transport that ends with its test; null, loudly, where its native part cannot be had. */
async function openImpit(t: TestContext, ignoreTlsErrors = true): Promise<Opened | null> {
  try {
    const transport = await createImpitTransport({ ignoreTlsErrors });
    t.after(() => transport.close());
    return { ...transport, get: getWith(transport) };
  } catch (error) {
    t.skip(`impit cannot be loaded here: ${String(error)}`);
    return null;
  }
}

const text = (page: { readonly body: Uint8Array }): string => Buffer.from(page.body).toString();

test('impit: it can be every browser that our identities say it can', async (t) => {
  const transport = await openImpit(t);
  if (transport === null) return;
  const named = new Set(IDENTITIES.flatMap(({ fingerprint }) => fingerprint ?? []));
  assert.deepEqual(new Set(transport.fingerprints), named);
});

for (const { name, headers, fingerprint } of IDENTITIES.filter((identity) => identity.fingerprint !== null)) {
  test(`impit: ${name} is sent in its own order, with its cookies in their place, over HTTP/2`, async (t) => {
    const transport = await openImpit(t);
    if (transport === null) return;
    const seen: { version: string; raw: string[] }[] = [];
    const server = await startHttp2(t, certificate, (request, response) => {
      seen.push({ version: request.httpVersion, raw: request.rawHeaders });
      response.end('page');
    });
    const session: CookieKeeper = { cookieHeader: () => 'a=1; b=2', keepCookies: () => {} };
    pageOf(await transport.get(server.url, { headers: headers('de_DE'), fingerprint, session }));
    const { version, raw } = seen[0] ?? { version: '', raw: [] };
    assert.equal(version, '2.0');
    const names = raw.filter((_, i) => i % 2 === 0).filter((header) => !header.startsWith(':'));
    const ours = [...new Set([...Object.keys(headers('de_DE')), 'cookie'])];
    assert.deepEqual([...new Set(names)].slice(0, ours.length), ours);
    const values = Object.fromEntries(names.map((header) => [header, raw[raw.lastIndexOf(header) + 1]]));
    assert.equal(values['user-agent'], headers('de_DE')['user-agent']);
    assert.equal(values['accept-language'], 'de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7');
    assert.equal(values['sec-ch-ua'], headers('de_DE')['sec-ch-ua']);
  });
}

test('impit: bodies come decoded, and their headers agree', async (t) => {
  const transport = await openImpit(t);
  if (transport === null) return;
  const page = Buffer.from('<html>'.padEnd(50_000, 'x'));
  const encoders = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync, zstd: zstdCompressSync };
  const server = await startHttp(t, (request, response) => {
    const [coding, encode] = Object.entries(encoders).find(([name]) => request.url === `/${name}`) ?? [null, null];
    response.setHeader('content-type', 'text/html');
    if (coding !== null) response.setHeader('content-encoding', coding);
    response.end(encode?.(page) ?? page);
  });
  for (const path of ['plain', ...Object.keys(encoders)]) {
    const fetched = pageOf(await transport.get(`${server.url}/${path}`));
    assert.equal(text(fetched), page.toString(), path);
    assert.equal(fetched.contentEncoding, null, path);
    assert.equal(fetched.contentType, 'text/html');
    assert.equal(fetched.body.byteLength, fetched.body.buffer.byteLength);
    assert.equal(fetched.headers['content-length'], path === 'plain' ? '50000' : undefined);
  }
});

test('impit: a bomb and a long page end at the limit while they are read', async (t) => {
  const transport = await openImpit(t);
  if (transport === null) return;
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  const server = await startHttp(t, (request, response) => {
    if (request.url === '/bomb') response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    else if (request.url === '/declared') response.writeHead(200, { 'content-length': '5000000' }).write('x');
    else {
      const pump = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
        response.once('drain', pump);
      };
      pump();
    }
  });
  const limits = { maxBytes: 200_000 };
  const reasons: string[] = [];
  for (const path of ['bomb', 'declared', 'endless']) {
    const { verdict, reason, bytes } = failureOf(await transport.get(`${server.url}/${path}`, limits));
    assert.equal(verdict, 'too_large');
    assert.ok(bytes <= limits.maxBytes);
    reasons.push(reason);
  }
  assert.deepEqual(reasons, ['body_size', 'content_length', 'body_size']);
  await until(() => server.open() === 0, 'the sockets to be freed');
});

test('impit: redirects within the host keep cookies, others are refused', async (t) => {
  const transport = await openImpit(t);
  if (transport === null) return;
  const server = await startHttp(t, (request, response) => {
    if (request.url === '/a') response.writeHead(302, { location: '/b', 'set-cookie': ['x=1', 'y=2'] }).end('moved');
    else if (request.url === '/out') response.writeHead(302, { location: 'http://other.example/' }).end();
    else response.end(String(request.headers.cookie));
  });
  const kept: string[] = [];
  const session: CookieKeeper = {
    cookieHeader: () => (kept.length === 0 ? null : kept.join('; ')),
    keepCookies: (_, cookies) => void kept.push(...cookies),
  };
  assert.equal(text(pageOf(await transport.get(`${server.url}/a`, { session }))), 'x=1; y=2');
  assert.equal(failureOf(await transport.get(`${server.url}/out`)).verdict, 'foreign_redirect');
});

test('impit: what a server and a network can do', async (t) => {
  const transport = await openImpit(t);
  const strict = await openImpit(t, false);
  if (transport === null || strict === null) return;
  const half = await startRaw(t, 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf');
  const garbled = await startHttp(t, (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('nonsense'),
  );
  const cut = await startTcp(t, (socket) => socket.resetAndDestroy());
  const other = await startTcp(t, (socket) => socket.resume().end('SSH-2.0-x\r\n'));
  const secure = await startHttps(t, certificate, (_, response) => response.end());
  const of = async (transportUsed: Opened, url: string): Promise<string> =>
    failureOf(await transportUsed.get(url)).verdict;
  assert.deepEqual(
    {
      half: await of(transport, half.url),
      garbled: await of(transport, garbled.url),
      cut: await of(transport, cut.url),
      other: await of(transport, other.url),
      secure: await of(strict, secure.url),
      name: await of(transport, 'http://asa-test.invalid/'),
    },
    {
      half: 'connection',
      garbled: 'undecodable',
      cut: 'connection',
      other: 'connection',
      secure: 'tls',
      name: 'connection',
    },
  );
});

test('impit: time and aborts end a request at once, before its headers and in its body', async (t) => {
  const transport = await openImpit(t);
  if (transport === null) return;
  const callers = new Map<string, AbortController>();
  const answers = counted((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/body')) response.writeHead(200).write('x'.repeat(10_000));
    if (path.endsWith('abort')) callers.get(path)?.abort();
  });
  const server = await startHttp(t, answers.listener);
  const reasons: string[] = [];
  for (const path of ['/silent-abort', '/body-abort', '/silent-time', '/body-time']) {
    const caller = new AbortController();
    callers.set(path, caller);
    const pending = transport.get(`${server.url}${path}`, { signal: caller.signal, timeoutMs: 150 });
    const { verdict, reason } = failureOf(await pending);
    assert.equal(verdict, 'timeout', path);
    reasons.push(reason);
  }
  assert.deepEqual(reasons, ['aborted', 'aborted', 'attempt_time', 'attempt_time']);
  await until(() => isFreed(answers), 'the connections to be freed');
});

test('impit: 200 aborted requests leave no connection busy', async (t) => {
  const transport = await openImpit(t);
  if (transport === null) return;
  const caller = new AbortController();
  let arrived = 0;
  const answers = counted((_, response) => {
    response.writeHead(200).write('x'.repeat(10_000));
    arrived += 1;
    if (arrived === 200) caller.abort();
  });
  const server = await startHttp(t, answers.listener);
  const all = Array.from({ length: 200 }, () =>
    transport.get(server.url, { signal: caller.signal, timeoutMs: 2000 }).then(failureOf),
  );
  assert.deepEqual(new Set((await Promise.all(all)).map(({ reason }) => reason)), new Set(['aborted']));
  await until(() => isFreed(answers), 'the connections to be freed');
});

for (const [kind, start] of [
  ['http', startHttpProxy],
  ['socks5', startSocksProxy],
] as const) {
  test(`impit: through a ${kind} proxy with a login, and the ways that fails`, async (t) => {
    const transport = await openImpit(t);
    if (transport === null) return;
    const seen: IncomingMessage[] = [];
    const server = await startHttps(t, certificate, (request, response) => {
      seen.push(request);
      response.end('page');
    });
    const proxy = await start(t);
    assert.equal(text(pageOf(await transport.get(server.url, { proxy: proxy.as('user-de') }))), 'page');
    assert.deepEqual([proxy.users(), proxy.targets()], [['user-de'], [`127.0.0.1:${server.port}`]]);
    const gone = await startTcp(t, (socket) => socket.resetAndDestroy(), kind);
    const failures = [
      failureOf(await transport.get(server.url, { proxy: proxy.url.replace('://', '://user-x:wrong-pw@') })),
      failureOf(await transport.get(server.url, { proxy: gone.url.replace('://', '://user-x:wrong-pw@') })),
      failureOf(await transport.get('https://127.0.0.1:9/', { proxy: proxy.as('user-x') })),
    ];
    assert.deepEqual(
      failures.map(({ verdict }) => verdict),
      ['proxy', 'proxy', 'proxy'],
      inspect(failures),
    );
    assert.doesNotMatch(inspect(failures), /wrong-pw|user-x|secret/);
    const hanging = await start(t, { hangs: true });
    const { verdict } = failureOf(await transport.get(server.url, { proxy: hanging.as('u'), timeoutMs: 100 }));
    assert.equal(verdict, 'timeout');
    await until(() => hanging.open() === 0, 'the proxy to be left');
    assert.equal(seen.length, 1);
  });
}

test('impit: a closed transport cuts what is in flight', async (t) => {
  const transport = await openImpit(t);
  if (transport === null) return;
  const server = await startHttp(t, (_, response) => {
    response.writeHead(200).write('x'.repeat(10_000), () => void transport.close());
  });
  const { verdict, reason } = failureOf(await transport.get(server.url));
  assert.deepEqual([verdict, reason], ['connection', 'closed']);
  await until(() => server.open() === 0, 'the socket to be freed');
});

test('impit: the plain transport speaks as itself and a bug stays a bug', () => {
  assert.equal(createUndiciTransport().fingerprints, undefined);
  assert.equal(classifyImpitError(new TypeError('a bug of ours'), true), null);
  assert.equal(classifyImpitError('no error', false), null);
});
