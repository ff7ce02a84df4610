import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { test } from 'node:test';
import { classifyError } from '../src/undici/failure.ts';
import { selfSigned } from '../src/testing.ts';
import { failureOf, openTransport, pageOf } from './helpers/client.ts';
import { startHttp, startHttp2, startHttps, startRaw, startTcp, until } from './helpers/servers.ts';

test('a refused connection', async (t) => {
  const server = await startTcp(t, () => {});
  const transport = openTransport(t);
  const { createServer } = await import('node:net');
  // A port that was free a moment ago.
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  assert.ok(typeof address === 'object' && address !== null && address.port !== server.port);
  const failure = failureOf(await transport.get(`http://127.0.0.1:${address.port}/`));
  assert.deepEqual([failure.verdict, failure.reason, failure.status], ['connection', 'ECONNREFUSED', null]);
});

test('a name that does not exist', async (t) => {
  const { verdict } = failureOf(await openTransport(t).get('http://asa-test.invalid/'));
  assert.equal(verdict, 'connection');
});

test('a reset in the middle of the body', async (t) => {
  const server = await startRaw(t, 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf', (socket) =>
    socket.resetAndDestroy(),
  );
  const failure = failureOf(await openTransport(t).get(server.url));
  assert.equal(failure.verdict, 'connection');
  assert.equal(failure.status, 200);
});

for (const [name, answer] of [
  ['a body shorter than its content length', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf'],
  ['the same on a closing connection', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1000\r\n\r\nhalf'],
  ['a chunked body without its end', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  [
    'chunked and closing without its end',
    'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
  ],
  ['no answer at all', ''],
  ['half a head', 'HTTP/1.1 200 OK\r\nContent-'],
  ['an answer that is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['a chunk size that is no number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n'],
  ['a content length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhalf'],
  ['two content lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 2\r\n\r\nhalf'],
  ['an unasked 100', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['an unasked upgrade', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
] as const) {
  test(`${name} is a failed connection`, async (t) => {
    const server = await startRaw(t, answer);
    const failure = failureOf(await openTransport(t).get(server.url));
    assert.equal(failure.verdict, 'connection', failure.reason);
    await until(() => server.open() === 0, 'the socket to be freed');
  });
}

test('headers that never end are too large', async (t) => {
  const server = await startTcp(t, (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const pump = (): void => {
        while (!socket.destroyed && socket.write(`X-Filler: ${'x'.repeat(1000)}\r\n`));
      };
      socket.on('drain', pump);
      pump();
    });
  });
  const { verdict, reason } = failureOf(await openTransport(t).get(server.url));
  assert.deepEqual([verdict, reason], ['too_large', 'UND_ERR_HEADERS_OVERFLOW']);
  await until(() => server.open() === 0, 'the socket to be freed');
});

test('headers longer than the usual 16 KB are fine', async (t) => {
  const server = await startHttp(t, (_request, response) =>
    response.setHeader('x-long', 'x'.repeat(30_000)).end('page'),
  );
  assert.equal(pageOf(await openTransport(t).get(server.url)).headers['x-long']?.length, 30_000);
});

test('headers that never come end as a timeout', async (t) => {
  const server = await startHttp(t, () => {});
  const started = performance.now();
  const failure = failureOf(await openTransport(t).get(server.url, { timeoutMs: 40 }));
  assert.deepEqual([failure.verdict, failure.reason, failure.status], ['timeout', 'attempt_time', null]);
  assert.ok(performance.now() - started < 1000);
  await until(() => server.open() === 0, 'the socket to be freed');
});

test('an abort ends at once and frees the socket', async (t) => {
  const caller = new AbortController();
  const server = await startHttp(t, () => caller.abort());
  const failure = failureOf(await openTransport(t).get(server.url, { signal: caller.signal }));
  assert.deepEqual([failure.verdict, failure.reason], ['timeout', 'aborted']);
  await until(() => server.open() === 0, 'the socket to be freed');
});

test('a request that is aborted before it begins opens no connection', async (t) => {
  const server = await startHttp(t, (_request, response) => response.end());
  const failure = failureOf(await openTransport(t).get(server.url, { signal: AbortSignal.abort() }));
  assert.equal(failure.reason, 'aborted');
  assert.equal(server.accepted(), 0);
});

test('200 aborted upstreams of every kind end with no open socket', async (t) => {
  const server = await startHttp(t, (request, response) => {
    if (request.url === '/silent') return;
    response.writeHead(200, { 'content-type': 'text/html' });
    response.write(request.url === '/big' ? Buffer.alloc(512 * 1024) : 'x');
  });
  const transport = openTransport(t);
  const caller = new AbortController();
  const paths = ['/silent', '/big', '/drip'];
  const running = Array.from({ length: 200 }, (_, i) =>
    transport.get(server.url + (paths[i % paths.length] ?? '/'), { signal: caller.signal }),
  );
  await until(() => server.open() === 200, 'all connections to be open');
  caller.abort();
  const verdicts = new Set((await Promise.all(running)).map((result) => failureOf(result).verdict));
  assert.deepEqual([...verdicts], ['timeout']);
  await until(() => server.open() === 0, 'every socket to be freed');
});

test('closing the transport cuts what is in flight and frees every socket', async (t) => {
  const server = await startHttp(t, (request, response) => {
    if (request.url === '/page') response.end('page');
  });
  const transport = openTransport(t);
  pageOf(await transport.get(`${server.url}/page`));
  const running = transport.get(`${server.url}/silent`);
  await until(() => server.open() > 0, 'a connection');
  await transport.close();
  assert.equal(failureOf(await running).verdict, 'connection');
  await until(() => server.open() === 0, 'every socket to be freed');
  await transport.close();
});

test('connections are used again', async (t) => {
  const server = await startHttp(t, (_request, response) => response.end('page'));
  const transport = openTransport(t);
  for (let i = 0; i < 20; i += 1) pageOf(await transport.get(server.url));
  // A connection is free one turn after its page has arrived: the second request may open another one, no later one does.
  assert.ok(server.accepted() <= 2, `${server.accepted()} connections`);
});

test('the proxy of the environment is not used', async (t) => {
  const proxy = await startHttp(t, (_request, response) => response.end('by proxy'));
  const server = await startHttp(t, (_request, response) => response.end('direct'));
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY'];
  const before = names.map((name) => process.env[name]);
  t.after(() => {
    for (const [i, name] of names.entries()) {
      const value = before[i];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  for (const name of names) process.env[name] = proxy.url;
  const page = pageOf(await openTransport(t).get(server.url));
  assert.equal(Buffer.from(page.body).toString(), 'direct');
  assert.equal(proxy.accepted(), 0);
});

test('TLS: a certificate that nobody vouches for', async (t) => {
  const certificate = selfSigned('localhost', [127, 0, 0, 1]);
  const server = await startHttps(t, certificate, (_request, response) => response.end('page'));
  const { verdict, reason } = failureOf(await openTransport(t).get(server.url));
  assert.deepEqual([verdict, reason], ['tls', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
});

test('TLS: the same certificate, trusted', async (t) => {
  const certificate = selfSigned('localhost', [127, 0, 0, 1]);
  const server = await startHttps(t, certificate, (_request, response) => response.end(gzipSync('page')));
  assert.equal(pageOf(await openTransport(t, { ca: certificate.cert }).get(server.url)).status, 200);
});

test('TLS: HTTP/1.1 is spoken also with a server that would rather speak HTTP/2', async (t) => {
  const certificate = selfSigned('localhost', [127, 0, 0, 1]);
  const server = await startHttp2(t, certificate, (request, response) => {
    response.writeHead(200, { 'x-version': request.httpVersion }).end('page');
  });
  const page = pageOf(await openTransport(t, { ca: certificate.cert }).get(server.url));
  assert.equal(page.headers['x-version'], '1.1');
});

test('TLS: a certificate of another host', async (t) => {
  const certificate = selfSigned('other.example', [10, 0, 0, 1]);
  const server = await startHttps(t, certificate, (_request, response) => response.end('page'));
  const { verdict, reason } = failureOf(await openTransport(t, { ca: certificate.cert }).get(server.url));
  assert.deepEqual([verdict, reason], ['tls', 'ERR_TLS_CERT_ALTNAME_INVALID']);
});

for (const [name, answer] of [
  ['a server that does not speak it', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ['a server that hangs up in the handshake', ''],
] as const) {
  test(`TLS: ${name}`, async (t) => {
    const server = await startTcp(
      t,
      (socket) => {
        socket.once('data', () => socket.end(answer));
      },
      'https',
    );
    const { verdict, reason } = failureOf(await openTransport(t).get(server.url));
    assert.equal(verdict, 'tls', reason);
  });
}

test('TLS: a handshake that never ends is a timeout and frees its socket', async (t) => {
  const server = await startTcp(t, (socket) => void socket.resume(), 'https');
  const { verdict } = failureOf(await openTransport(t).get(server.url, { timeoutMs: 50 }));
  assert.equal(verdict, 'timeout');
  await until(() => server.open() === 0, 'the socket to be freed');
});

test('TLS: a handshake slower than the connect timeout is a timeout before the attempt is over', async (t) => {
  const server = await startTcp(t, (socket) => void socket.resume(), 'https');
  const { verdict, reason } = failureOf(await openTransport(t, { connectTimeoutMs: 20 }).get(server.url));
  assert.deepEqual([verdict, reason], ['timeout', 'UND_ERR_CONNECT_TIMEOUT']);
});

test('errors of the network have a verdict, bugs have none', () => {
  const error = (code: string, cause?: Error): Error => Object.assign(new Error('x', { cause }), { code });
  assert.equal(classifyError(error('EAI_AGAIN'))?.verdict, 'connection');
  assert.equal(classifyError(error('CERT_HAS_EXPIRED'))?.verdict, 'tls');
  assert.equal(classifyError(error('ERR_SSL_WRONG_VERSION_NUMBER'))?.verdict, 'tls');
  assert.equal(classifyError(error('UND_ERR_SOCKET', error('ECONNRESET')))?.reason, 'ECONNRESET');
  assert.equal(classifyError(error('UND_ERR_INVALID_ARG')), null);
  assert.equal(classifyError(error('ERR_INVALID_ARG_TYPE')), null);
  assert.equal(classifyError(new TypeError('x is not a function')), null);
  assert.equal(classifyError('text'), null);
});
