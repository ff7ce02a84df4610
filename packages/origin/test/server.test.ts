import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { LANGUAGES } from '@asa/contract';
import { describeProduct, renderProduct, startOrigin } from '../src/index.ts';
import { chooseEncoding } from '../src/http/encode.ts';
import { createBodyCache } from '../src/http/cache.ts';
import { createRequestLog } from '../src/http/log.ts';
import { ask, askRaw, has, originFor, until } from './support.ts';

test('a product page comes in each encoding that the client accepts', async (t) => {
  const origin = await originFor(t);
  const page = renderProduct(describeProduct('co.uk', 'en_GB', 'B000000000'));
  const decoders = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync, deflate: inflateSync };
  for (const [encoding, decode] of Object.entries(decoders)) {
    // Twice: the second comes from the cache.
    for (let i = 0; i < 2; i++) {
      const { status, headers, body } = await ask(`${origin.url}/co.uk/dp/B000000000`, {
        headers: { 'accept-encoding': encoding },
      });
      assert.deepEqual([status, headers['content-encoding']], [200, encoding]);
      assert.equal(headers['content-type'], 'text/html;charset=UTF-8');
      assert.equal(headers['content-length'], String(body.length));
      assert.equal(decode(body).toString(), page, encoding);
    }
  }
  const plain = await ask(`${origin.url}/co.uk/dp/B000000000`);
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(plain.body.toString(), page);
});

test('the encoding is the one with the highest q, then the origin chooses', () => {
  assert.equal(chooseEncoding(undefined), 'identity');
  assert.equal(chooseEncoding('gzip, deflate, br, zstd'), 'gzip');
  assert.equal(chooseEncoding('gzip;q=0.5, br;q=0.9'), 'br');
  assert.equal(chooseEncoding('gzip;q=0, *;q=0.1'), 'br');
  assert.equal(chooseEncoding('identity, x;q=x'), 'identity');
});

test('the language of the page follows query and cookie', async (t) => {
  const origin = await originFor(t);
  const page = async (path: string, headers = {}): Promise<string> =>
    (await ask(`${origin.url}${path}`, { headers })).body.toString();
  has(await page('/de/dp/B000000000'), /<html lang="de-de"/);
  has(await page('/de/dp/B000000000?language=en_GB'), /<html lang="en-gb"/);
  has(await page('/de/dp/B000000000', { cookie: 'lc-acbde=tr_TR' }), /<html lang="tr-tr"/);
  has(await page('/sa/s?k=x'), new RegExp(`<html lang="ar-ae" dir="${LANGUAGES.ar_AE.direction}"`));
});

test('a visitor without a session gets one for the domain of the marketplace', async (t) => {
  const origin = await originFor(t);
  const first = await ask(`${origin.url}/de/dp/B000000000`);
  assert.match(
    String(first.headers['set-cookie']),
    /session-id=000-0000000-0000001; Domain=\.amazon\.de;.*i18n-prefs=EUR/,
  );
  const second = await ask(`${origin.url}/de/dp/B000000000`, {
    headers: { cookie: 'a=b; session-id=000-0000000-0000001' },
  });
  assert.equal(second.headers['set-cookie'], undefined);
});

test('unknown marketplaces and paths, the home page, other methods', async (t) => {
  const origin = await originFor(t);
  const status = async (path: string, method = 'GET'): Promise<number> =>
    (await ask(`${origin.url}${path}`, { method })).status;
  assert.equal(await status('/'), 404);
  assert.equal(await status('/nowhere/dp/B000000000'), 404);
  assert.equal(await status('/de/'), 200);
  assert.equal(await status('/de/gp/help'), 404);
  assert.equal(await status('/de/errors/validateCaptcha?field-keywords=A'), 404);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
    assert.equal(await status('/de/dp/B000000000', method), 405);
  const head = await ask(`${origin.url}/de/dp/B000000000`, { method: 'HEAD' });
  assert.deepEqual([head.status, head.body.length], [200, 0]);
  assert.ok(Number(head.headers['content-length']) > 40_000);
});

test('malformed and huge requests do no harm', async (t) => {
  const failures: string[] = [];
  const origin = await originFor(t, { log: (line) => line.includes('failed') && failures.push(line) });
  const get = (target: string): Promise<string> =>
    askRaw(origin, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  for (const target of [
    '//',
    '/%',
    '/de/%E0%A4%A',
    '/de/dp/%',
    '*',
    'http://[',
    '/de/dp/B000000000?language=%',
    `/de/${'../'.repeat(50)}`,
  ])
    assert.match(await get(target), /^HTTP\/1\.1 (200|404) /, target);
  assert.match(await get(`/com/s?k=${'a'.repeat(100_000)}`), /^HTTP\/1\.1 200 /, '100 KB of query');
  await get(`/com/s?k=${'a'.repeat(400_000)}`);
  assert.match(await askRaw(origin, 'rubbish\r\n\r\n'), /^HTTP\/1\.1 400 /);
  await askRaw(origin, 'GET /de HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nshort');
  assert.match(
    await askRaw(
      origin,
      'POST /de/dp/B000000000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody',
    ),
    /^HTTP\/1\.1 405 /,
  );
  assert.equal((await ask(`${origin.url}/de/dp/B000000000`)).status, 200, 'it still answers');
  assert.deepEqual(failures, []);
});

test('the log says what came and what was served', async (t) => {
  let clock = 100;
  const origin = await originFor(t, { now: () => clock++ });
  await ask(`${origin.url}/de/dp/B000000000`, { headers: { 'asa-attempt': '1', 'user-agent': 'u'.repeat(5000) } });
  const [entry] = origin.log();
  assert.ok(entry !== undefined);
  assert.deepEqual(
    [entry.at, entry.method, entry.target, entry.served, entry.status],
    [100, 'GET', '/de/dp/B000000000', 'product', 200],
  );
  assert.ok(entry.bytes > 40_000);
  assert.equal(entry.headers['asa-attempt'], '1');
  assert.equal(entry.headers['user-agent']?.length, 2000);
});

test('the log keeps the last requests only', () => {
  const log = createRequestLog(3);
  for (let i = 0; i < 5; i++) log.open({ method: 'GET', url: `/${i}`.padEnd(5000, 'x'), headers: {} }, i);
  assert.deepEqual(
    log.entries().map((entry) => [entry.at, entry.target.length]),
    [
      [2, 2000],
      [3, 2000],
      [4, 2000],
    ],
  );
});

test('the cache keeps to its bytes and drops what was not used', () => {
  const cache = createBodyCache(10);
  cache.set('a', Buffer.alloc(4));
  cache.set('b', Buffer.alloc(4));
  assert.ok(cache.get('a'));
  cache.set('c', Buffer.alloc(4));
  assert.deepEqual([cache.get('b'), cache.bytes], [undefined, 8]);
  cache.set('a', Buffer.alloc(5));
  assert.equal(cache.bytes, 9);
  cache.set('huge', Buffer.alloc(11));
  assert.deepEqual([cache.get('huge'), cache.bytes], [undefined, 9]);
});

test('what the cache keeps is no part of a larger buffer', () => {
  const cache = createBodyCache(1000);
  const large = Buffer.alloc(65_536, 7);
  cache.set('part', large.subarray(100, 200));
  const kept = cache.get('part');
  assert.deepEqual([kept?.buffer.byteLength, kept], [100, large.subarray(100, 200)]);
});

test('a taken port is an error of the start', async (t) => {
  const origin = await originFor(t);
  await assert.rejects(startOrigin({ port: Number(new URL(origin.url).port) }), /EADDRINUSE/);
});

test('close cuts what is open, more than once does no harm, and nobody listens afterwards', async () => {
  const origin = await startOrigin();
  const waiting = ask(`${origin.url}/de/dp/SANDBOX408`).then(
    () => assert.fail('no answer was expected'),
    (error: Error) => error.message,
  );
  await until(() => origin.log().length === 1);
  await Promise.all([origin.close(), origin.close()]);
  assert.match(await waiting, /hang up|ECONNRESET/);
  await assert.rejects(ask(`${origin.url}/de/`), /ECONNREFUSED/);
});
