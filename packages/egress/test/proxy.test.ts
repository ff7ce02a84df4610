import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { parseProxy, ProxyError } from '../src/proxy.ts';
import { selfSigned } from '../src/testing.ts';
import { failureOf, openTransport, pageOf } from './helpers/client.ts';
import { startHttpProxy, startSocksProxy, type TestProxy } from './helpers/proxies.ts';
import { startHttp, startHttps, startTcp, until } from './helpers/servers.ts';

const KINDS = [
  ['http', startHttpProxy],
  ['socks5', startSocksProxy],
] as const;
const certificate = selfSigned('localhost', [127, 0, 0, 1]);

/** A port where nothing listens. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const isClosed = (t: TestContext, proxy: TestProxy): Promise<void> =>
  until(() => proxy.open() === 0, `${t.name}: the sockets to be freed`);

for (const [kind, start] of KINDS) {
  test(`${kind}: plain and encrypted targets through a proxy with a login, over one connection each`, async (t) => {
    const proxy = await start(t, { password: 'p:@/ä%' });
    const plain = await startHttp(t, (_request, response) => response.end('plain'));
    const secure = await startHttps(t, certificate, (_request, response) => response.end('secure'));
    const transport = openTransport(t, { ca: certificate.cert });
    const session = proxy.as('user-cc-de');
    for (let i = 0; i < 3; i += 1) {
      const page = pageOf(await transport.get(plain.url, { proxy: session }));
      assert.equal(Buffer.from(page.body).toString(), 'plain');
      assert.equal(Buffer.from(pageOf(await transport.get(secure.url, { proxy: session })).body).toString(), 'secure');
    }
    assert.deepEqual(proxy.users(), ['user-cc-de', 'user-cc-de']);
    assert.deepEqual(proxy.targets(), [`127.0.0.1:${plain.port}`, `127.0.0.1:${secure.port}`]);
    assert.equal(transport.openSockets?.(), proxy.open() + 1, 'two tunnels, one of them with TLS inside');
    await transport.close();
    await isClosed(t, proxy);
    await until(() => transport.openSockets?.() === 0, 'the transport to have none');
  });

  test(`${kind}: the proxy resolves the name of the target`, async (t) => {
    const proxy = await start(t);
    const server = await startHttp(t, (_request, response) => response.end('page'));
    const url = `http://localhost:${server.port}/`;
    const { verdict } = failureOf(
      await openTransport(t).get('http://asa-test.invalid/', { proxy: proxy.as('u'), timeoutMs: 2000 }),
    );
    assert.equal(verdict, 'proxy');
    assert.equal(proxy.targets()[0], 'asa-test.invalid:80');
    // Not every loopback name leads to the address that the server listens on.
    await openTransport(t).get(url, { proxy: proxy.as('u') });
    assert.equal(proxy.targets()[1], `localhost:${server.port}`);
  });

  test(`${kind}: sessions do not share connections`, async (t) => {
    const proxy = await start(t);
    const server = await startHttp(t, (_request, response) => response.end('page'));
    const transport = openTransport(t);
    for (const user of ['a', 'b', 'a', 'b']) pageOf(await transport.get(server.url, { proxy: proxy.as(user) }));
    assert.deepEqual(proxy.users(), ['a', 'b']);
  });

  test(`${kind}: a wrong login`, async (t) => {
    const proxy = await start(t);
    const url = proxy.url.replace('://', '://user:wrong-pass@');
    const failure = failureOf(await openTransport(t).get('http://127.0.0.1:9/', { proxy: url }));
    assert.deepEqual([failure.verdict, failure.reason, failure.status], ['proxy', loginReason(kind), null]);
    assert.doesNotMatch(inspect(failure, { depth: 9 }), /wrong-pass|user/);
    await isClosed(t, proxy);
  });

  test(`${kind}: no login where one is wanted`, async (t) => {
    const proxy = await start(t);
    const failure = failureOf(await openTransport(t).get('http://127.0.0.1:9/', { proxy: proxy.url }));
    assert.deepEqual([failure.verdict, failure.reason], ['proxy', loginReason(kind)]);
    await isClosed(t, proxy);
  });

  test(`${kind}: a proxy that is not there`, async (t) => {
    const proxy = `${kind}://user:pw@127.0.0.1:${await freePort()}`;
    const failure = failureOf(await openTransport(t).get('http://127.0.0.1:9/', { proxy }));
    assert.deepEqual([failure.verdict, failure.reason], ['proxy', 'proxy_ECONNREFUSED']);
  });

  test(`${kind}: a proxy that hangs is given up after the connect timeout`, async (t) => {
    const proxy = await start(t, { hangs: true });
    const transport = openTransport(t, { connectTimeoutMs: 30 });
    const failure = failureOf(await transport.get('http://127.0.0.1:9/', { proxy: proxy.as('u') }));
    assert.deepEqual([failure.verdict, failure.reason], ['proxy', 'proxy_timeout']);
    await isClosed(t, proxy);
  });

  test(`${kind}: an abort while the proxy hangs frees the socket at once`, async (t) => {
    const proxy = await start(t, { hangs: true });
    const transport = openTransport(t);
    const caller = new AbortController();
    const pending = transport.get('http://127.0.0.1:9/', { proxy: proxy.as('u'), signal: caller.signal });
    await until(() => proxy.open() === 1, 'the tunnel to begin');
    caller.abort();
    assert.equal(failureOf(await pending).reason, 'aborted');
    await isClosed(t, proxy);
    await until(() => transport.openSockets?.() === 0, 'the transport to have none');
  });

  test(`${kind}: a proxy that hangs up, and one that speaks another language`, async (t) => {
    // Whoever does not read does not see that the other side has gone.
    const silent = await startTcp(t, (socket) => socket.resume().end(), kind);
    const other = await startTcp(t, (socket) => socket.resume().end('SSH-2.0-OpenSSH_9.2\r\n'), kind);
    for (const { url, open } of [silent, other]) {
      const failure = failureOf(await openTransport(t).get('http://127.0.0.1:9/', { proxy: url }));
      assert.equal(failure.verdict, 'proxy', failure.reason);
      await until(() => open() === 0, 'the sockets to be freed');
    }
  });

  test(`${kind}: a target that the proxy cannot reach`, async (t) => {
    const proxy = await start(t);
    const failure = failureOf(
      await openTransport(t).get(`http://127.0.0.1:${await freePort()}/`, { proxy: proxy.as('u') }),
    );
    assert.deepEqual([failure.verdict, failure.reason], ['proxy', kind === 'http' ? 'proxy_502' : 'proxy_refused']);
    await isClosed(t, proxy);
  });
}

const loginReason = (kind: string): string => (kind === 'http' ? 'proxy_407' : 'proxy_auth');

test('a proxy that speaks TLS itself, and one whose certificate is not trusted', async (t) => {
  const proxy = await startHttpProxy(t, { certificate });
  const server = await startHttps(t, certificate, (_request, response) => response.end('page'));
  const page = pageOf(await openTransport(t, { ca: certificate.cert }).get(server.url, { proxy: proxy.as('u') }));
  assert.equal(Buffer.from(page.body).toString(), 'page');
  const failure = failureOf(await openTransport(t).get(server.url, { proxy: proxy.as('u') }));
  assert.deepEqual([failure.verdict, failure.reason], ['proxy', 'proxy_DEPTH_ZERO_SELF_SIGNED_CERT']);
});

test('the certificate of a target behind a proxy counts as without one', async (t) => {
  const proxy = await startSocksProxy(t);
  const server = await startHttps(t, certificate, (_request, response) => response.end('page'));
  const { verdict } = failureOf(await openTransport(t).get(server.url, { proxy: proxy.as('u') }));
  assert.equal(verdict, 'tls');
  await isClosed(t, proxy);
});

test('the URL of a proxy', () => {
  const login = { user: 'a b', password: 'p:@' };
  assert.deepEqual(parseProxy('http://a%20b:p%3A%40@host.example:3128'), {
    protocol: 'http',
    host: 'host.example',
    port: 3128,
    ...login,
  });
  assert.deepEqual(parseProxy('socks5://[::1]'), {
    protocol: 'socks5',
    host: '::1',
    port: 1080,
    user: null,
    password: null,
  });
  assert.equal(parseProxy('https://u@host.example')?.port, 443);
  for (const bad of ['', 'host:1', 'ftp://host', 'socks4://host:1', 'http://%zz@host', 'socks5://']) {
    assert.equal(parseProxy(bad), null, bad);
  }
  assert.equal(new ProxyError('407').message, 'proxy_407');
});
