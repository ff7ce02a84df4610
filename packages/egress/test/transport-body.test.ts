import assert from 'node:assert/strict';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { test } from 'node:test';
import { decodeBody } from '../src/index.ts';
import { failureOf, openTransport, pageOf } from './helpers/client.ts';
import { startHttp, startRaw, startTcp, until } from './helpers/servers.ts';

const MIB = 1024 * 1024;

test('a page arrives as it was sent: encoded, with its headers, in a buffer of its own', async (t) => {
  const body = gzipSync('<html>hello</html>');
  const server = await startHttp(t, (request, response) => {
    response.writeHead(200, {
      'content-encoding': 'gzip',
      'content-type': 'text/html;charset=UTF-8',
      'set-cookie': ['a=1', 'b=2'],
      'X-Seen': String(request.headers['user-agent']),
    });
    response.end(body);
  });
  const page = pageOf(await openTransport(t).get(`${server.url}/dp/B000000000?th=1#frag`));
  assert.equal(page.url, `${server.url}/dp/B000000000?th=1`);
  assert.equal(page.status, 200);
  assert.deepEqual(Buffer.from(page.body), body);
  assert.equal(page.body.byteLength, page.body.buffer.byteLength);
  assert.equal(page.contentEncoding, 'gzip');
  assert.equal(page.contentType, 'text/html;charset=UTF-8');
  assert.equal(page.headers['x-seen'], 'test');
  assert.equal(page.headers['set-cookie'], undefined);
});

const brotli = (page: Buffer): Buffer => brotliCompressSync(page, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });

for (const [coding, form, compress] of [
  ['gzip', 'gzip', gzipSync],
  ['deflate', 'zlib', deflateSync],
  ['deflate', 'raw', deflateRawSync],
  ['br', 'brotli', brotli],
  ['zstd', 'zstd', zstdCompressSync],
] as const) {
  test(`a page of 1.5 MB in ${coding} (${form}) arrives and decodes to what was sent`, async (t) => {
    const html = Buffer.from('<html>' + Array.from({ length: 60_000 }, (_, i) => `<p id="p${i}">Zürich</p>`).join(''));
    const server = await startHttp(t, (_request, response) => {
      response.setHeader('content-encoding', coding);
      response.end(compress(html));
    });
    const page = pageOf(await openTransport(t).get(server.url));
    const decoded = decodeBody(page.body, page.contentEncoding, 12 * MIB);
    assert.ok(decoded.ok);
    assert.ok(html.equals(decoded.body));
  });
}

test('a body of exactly the limit is a page, one byte more is not', async (t) => {
  const server = await startHttp(t, (request, response) => {
    // Chunked, so that no content length warns.
    response.write(Buffer.alloc(1000));
    response.end(Buffer.alloc(request.url === '/more' ? 1 : 0));
  });
  const transport = openTransport(t);
  assert.equal(pageOf(await transport.get(`${server.url}/`, { maxBytes: 1000 })).body.byteLength, 1000);
  const { verdict, reason } = failureOf(await transport.get(`${server.url}/more`, { maxBytes: 1000 }));
  assert.deepEqual([verdict, reason], ['too_large', 'body_size']);
});

test('a content length over the limit is refused before the body is read', async (t) => {
  const server = await startRaw(t, 'HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\nabc', () => {});
  const failure = failureOf(await openTransport(t).get(server.url));
  assert.deepEqual(failure, {
    verdict: 'too_large',
    reason: 'content_length',
    url: `${server.url}/`,
    status: 200,
    bytes: 0,
  });
  await until(() => server.open() === 0, 'the socket to be freed');
});

test('an endless fast body ends at the limit, in bounded memory', async (t) => {
  const block = Buffer.alloc(64 * 1024, 'x');
  let sent = 0;
  const server = await startHttp(t, (_request, response) => {
    const pump = (): void => {
      while (!response.destroyed && response.write(block)) sent += block.length;
    };
    response.on('drain', pump);
    pump();
  });
  const transport = openTransport(t);
  const before = process.memoryUsage();
  const failure = failureOf(await transport.get(server.url, { maxBytes: 12 * MIB }));
  const after = process.memoryUsage();
  assert.equal(failure.verdict, 'too_large');
  assert.ok(failure.bytes <= 12 * MIB);
  await until(() => server.open() === 0, 'the socket to be freed');
  assert.ok(sent < 40 * MIB, `the server got rid of ${sent} bytes`);
  const grown = after.arrayBuffers - before.arrayBuffers;
  assert.ok(grown < 64 * MIB, `buffers grew by ${grown} bytes`);
});

test('a body in chunks of one byte takes no more memory than its bytes', async (t) => {
  const chunks = Buffer.from('1\r\nx\r\n'.repeat(10_000));
  const server = await startTcp(t, (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const pump = (): void => {
        while (!socket.destroyed && socket.write(chunks));
      };
      socket.on('drain', pump);
      pump();
    });
  });
  const transport = openTransport(t);
  let peak = 0;
  const before = process.memoryUsage().heapUsed;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().heapUsed - before);
  }, 5);
  const failure = failureOf(await transport.get(server.url, { maxBytes: MIB }));
  clearInterval(timer);
  assert.equal(failure.verdict, 'too_large');
  assert.ok(peak < 96 * MIB, `the heap grew by ${peak} bytes`);
});

test('an endless drip ends as a timeout, with the bytes that came', async (t) => {
  const server = await startHttp(t, (_request, response) => {
    const timer = setInterval(() => response.write('x'), 3);
    response.on('close', () => clearInterval(timer));
  });
  const failure = failureOf(await openTransport(t).get(server.url, { timeoutMs: 60 }));
  assert.deepEqual([failure.verdict, failure.reason, failure.status], ['timeout', 'attempt_time', 200]);
  assert.ok(failure.bytes > 0);
  await until(() => server.open() === 0, 'the socket to be freed');
});

test('bytes after the body do not reach the next page', async (t) => {
  const server = await startRaw(
    t,
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged',
    () => {},
  );
  const transport = openTransport(t);
  for (const path of ['/a', '/b']) {
    const page = pageOf(await transport.get(server.url + path));
    assert.equal(Buffer.from(page.body).toString(), 'ok');
  }
});
