import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { assertError, startServer, type TestServer } from './harness.ts';

/** Malformed and hostile requests do no harm: each gets its honest answer, and the next good request is served. */

let server: TestServer;
before(async () => {
  server = await startServer();
});
after(() => server.close());

const publicUrl = (): string => server.running.url;
const PRODUCT = '/api/v1/amazon/product';

/** Sends bytes as they are and reads until the server closes. */
async function raw(bytes: string, { end = true } = {}): Promise<string> {
  const socket = connect(server.running.port, '127.0.0.1');
  socket.on('error', () => {});
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(socket, 'connect');
  socket.write(bytes);
  if (end) socket.end();
  await once(socket, 'close');
  return text;
}
const get = (path: string, key: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n`;

for (const [what, query] of [
  ['a NUL byte', 'query=B0000%0000000'],
  ['a lone surrogate', 'query=%ED%A0%80'],
  ['a parameter given twice', 'query=a&query=b'],
  ['broken percent encoding', 'query=%E0%A4%A'],
  ['nothing', ''],
  ['an empty query', 'query='],
]) {
  test(`${what} is 400`, async () => {
    for (const path of [PRODUCT, '/api/v1/amazon/search']) {
      if (what === 'broken percent encoding' && path !== PRODUCT) continue;
      await assertError(await server.get(`${path}?${query}`, server.testKey), 'invalid_params', publicUrl());
    }
  });
}

test('a request line of 100 KB is 400 for every endpoint with parameters, not a bare 431', async () => {
  for (const path of [
    `${PRODUCT}?query=B000000001&x=`,
    `${PRODUCT}?query=`,
    '/api/v1/amazon/search?query=',
    '/api/v1/requests?cursor=',
  ]) {
    await assertError(
      await server.get(`${path}${'x'.repeat(100 * 1024)}`, server.testKey),
      'invalid_params',
      publicUrl(),
    );
  }
});

test('headers over every limit are 400 with the four keys', async () => {
  const answer = await raw(`${get(PRODUCT, server.testKey)}X-Big: ${'x'.repeat(300 * 1024)}\r\n\r\n`, { end: false });
  assert.match(answer, /^HTTP\/1\.1 400 /);
  const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as Record<string, string>;
  assert.deepEqual(Object.keys(body), ['error', 'message', 'docs_url', 'request_id']);
});

test('garbage instead of HTTP is 400 with the four keys', async () => {
  const answer = await raw('\u0016\u0003\u0001 this is not HTTP\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*"error":"invalid_params"/);
});

test('requests that Node itself would refuse get the four keys too', async () => {
  for (const bytes of [
    `${get(PRODUCT, server.testKey)}Expect: banana\r\nConnection: close\r\n\r\n`,
    `${get(PRODUCT, server.testKey)}${Array.from({ length: 3000 }, (_, i) => `X-${i}: 1\r\n`).join('')}Connection: close\r\n\r\n`,
  ]) {
    const answer = await raw(bytes, { end: false });
    assert.match(answer, /^HTTP\/1\.1 400 /);
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as Record<string, string>;
    assert.deepEqual(Object.keys(body), ['error', 'message', 'docs_url', 'request_id']);
  }
  const noHost = await raw(`GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n`, { end: false });
  assert.match(noHost, /^HTTP\/1\.1 200 /);
});

test('another method of a known path is 404 with Allow, and bills nothing', async () => {
  for (const method of ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const response = await server.get(`${PRODUCT}?query=B000000001`, server.liveKey, { method });
    assert.equal(response.status, 404, method);
    assert.equal(response.headers.get('allow'), 'GET', method);
    assert.equal(response.headers.get('asa-cost'), '0', method);
    if (method !== 'HEAD') await assertError(response, 'not_found', publicUrl());
  }
  const wrong = await server.get('/admin/v1/workspaces', null, { method: 'DELETE' });
  assert.equal(wrong.headers.get('allow'), 'GET, POST');
});

for (const path of [
  '/',
  '/api',
  '/api/v1/amazon/product/',
  '/API/v1/amazon/product',
  '/api/v1/amazon',
  '/%',
  '/%00',
  '/..%2f..%2fetc/passwd',
  '//api/v1/account',
  `/${'x'.repeat(5000)}`,
]) {
  test(`the unknown path ${path.slice(0, 40)} is 404 without a key`, async () => {
    await assertError(await fetch(`${server.url}${path}`), 'not_found', publicUrl());
  });
}

test('a POST with a body to an unknown path is 404 whatever the body', async () => {
  const response = await fetch(`${server.url}/nowhere`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  await assertError(response, 'not_found', publicUrl());
  const large = await fetch(`${server.url}/nowhere`, { method: 'POST', body: 'x'.repeat(2 * 1024 * 1024) });
  await assertError(large, 'not_found', publicUrl());
});

test('bodies of the admin API that are wrong are 400, each with its problem', async () => {
  const post = (body: string | Buffer, type = 'application/json') =>
    fetch(`${server.url}/admin/v1/workspaces`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.running.services.adminToken}`, 'content-type': type },
      body: body as string,
    });
  for (const [body, type, problem] of [
    ['{', 'application/json', /not valid JSON/],
    ['', 'application/json', /not valid JSON/],
    ['{}', 'text/plain', /Content-Type/],
    ['[]', 'application/json', /body/],
    ['null', 'application/json', /body/],
    [
      JSON.stringify({ name: '', plan: 'gold', credits: -1, limits: { rps: 0 } }),
      'application/json',
      /name.*plan.*credits.*limits\.rps/,
    ],
    [Buffer.from([0x22, 0xff, 0x22]), 'application/json', /not valid JSON/],
    ['x'.repeat(2 * 1024 * 1024), 'application/json', /too large/],
  ] as const) {
    const { message } = await assertError(await post(body, type), 'invalid_params', publicUrl());
    assert.match(message, problem);
  }
});

test('the admin API wants its token before anything else', async () => {
  for (const headers of [
    {},
    { authorization: 'Bearer wrong' },
    { authorization: `Bearer ${server.liveKey}` },
    { authorization: 'Basic eDp5' },
  ]) {
    const response = await fetch(`${server.url}/admin/v1/workspaces`, { method: 'POST', headers, body: '{' });
    await assertError(response, 'unauthorized', publicUrl());
  }
});

test('keys are read in three ways; two different ones are refused', async () => {
  const ask = (headers: Record<string, string>, query = '') =>
    fetch(`${server.url}/api/v1/account${query}`, { headers });
  assert.equal((await ask({ authorization: `Bearer ${server.testKey}` })).status, 200);
  assert.equal((await ask({ authorization: `bearer ${server.testKey}` })).status, 200);
  assert.equal((await ask({ 'x-api-key': server.testKey })).status, 200);
  assert.equal((await ask({}, `?api_key=${server.testKey}`)).status, 200);
  assert.equal((await ask({ 'x-api-key': server.testKey }, `?api_key=${server.testKey}`)).status, 200);
  await assertError(
    await ask({ 'x-api-key': server.liveKey }, `?api_key=${server.testKey}`),
    'unauthorized',
    publicUrl(),
  );
  await assertError(await ask({}), 'unauthorized', publicUrl());
  for (const bad of ['asa_live_short', `${server.testKey}x`, 'x', `asa_prod_${'x'.repeat(32)}`]) {
    const { message } = await assertError(await ask({ authorization: `Bearer ${bad}` }), 'unauthorized', publicUrl());
    assert.ok(bad.length < 4 || !message.includes(bad));
  }
  await assertError(await ask({ authorization: 'Basic eDp5' }), 'unauthorized', publicUrl());
});

test('pipelined requests are all answered, in order', async () => {
  const one = (path: string): string => `${get(path, server.testKey)}\r\n`;
  const answer = await raw(
    one(`${PRODUCT}?query=B000000001`) +
      one('/nowhere') +
      one(`${PRODUCT}?query=x`) +
      `${get('/healthz', server.testKey)}Connection: close\r\n\r\n`,
    { end: false },
  );
  assert.deepEqual(
    [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => match[1]),
    ['200', '404', '400', '200'],
  );
});

test('a client that sends its request in drips and one that never ends hold up nobody', async () => {
  const slow = connect(server.running.port, '127.0.0.1');
  slow.on('error', () => {});
  await once(slow, 'connect');
  slow.write(`GET ${PRODUCT}?query=B000`);
  assert.equal((await server.get(`${PRODUCT}?query=B000000001`, server.testKey)).status, 200);
  slow.write(`000002 HTTP/1.1\r\nHost: x\r\nX-API-Key: ${server.testKey}\r\nConnection: close\r\n\r\n`);
  const chunks: Buffer[] = [];
  slow.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(slow, 'close');
  assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 200 /);
});
