import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { selfSigned } from '@asa/egress/testing';
import { eventually } from '@asa/store/testing';
import { failureText } from '../../src/webhooks/failure.ts';
import { dnsResolve, systemResolve } from '../../src/webhooks/resolve.ts';
import { send, type SendOptions, type Sent } from '../../src/webhooks/send.ts';
import { startDns } from './helpers/dns.ts';
import { startReceiver } from './helpers/receiver.ts';

const post = (url: string, options: Partial<SendOptions> = {}): Promise<Sent> =>
  send(
    { url: new URL(url), headers: { 'x-asa-event': 'batch.completed' }, body: Buffer.from('{"a":"é"}') },
    { policy: { allowPrivate: true }, resolve: systemResolve, timeoutMs: 3000, ...options },
  );

/** A server that does with a connection what the test says. */
async function startRaw(t: TestContext, handle: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('an attempt over https', () => {
  const certificate = selfSigned('hooks.example.com', [127, 0, 0, 1]);

  it('reaches a name whose certificate holds, byte for byte', async (t) => {
    const dns = await startDns(t, () => ['127.0.0.1']);
    const receiver = await startReceiver(t, (_, response) => response.end('thanks'), certificate);
    const resolve = dnsResolve([dns.address]);
    const sent = await post(`https://hooks.example.com:${receiver.port}/x?y=1`, { resolve, ca: certificate.cert });
    assert.deepEqual(sent, { status: 200, error: null, response: 'thanks' });
    const [got] = receiver.got;
    assert.equal(got?.body, '{"a":"é"}');
    assert.equal(got.path, '/x?y=1');
    assert.equal(got.headers['host'], `hooks.example.com:${receiver.port}`);
    assert.match(got.headers['user-agent'] ?? '', /^ASA-Webhook/);
  });

  it('is not made to one whose certificate does not', async (t) => {
    const dns = await startDns(t, () => ['127.0.0.1']);
    const receiver = await startReceiver(t, undefined, certificate);
    const resolve = dnsResolve([dns.address]);
    const unknown = await post(`https://hooks.example.com:${receiver.port}/`, { resolve });
    assert.match(unknown.error ?? '', /^its certificate is not valid \([A-Z_]+\)$/);
    const other = await post(`https://other.example.com:${receiver.port}/`, { resolve, ca: certificate.cert });
    assert.equal(other.error, 'its certificate is for another name');
    assert.equal(receiver.got.length, 0);
    const plain = await startReceiver(t);
    const sent = await post(`https://hooks.example.com:${plain.port}/`, { resolve });
    assert.equal(sent.error, 'it does not speak TLS as it should');
  });
});

describe('an attempt that fails', () => {
  it('takes nothing but 2xx for success', async (t) => {
    const receiver = await startReceiver(t, ({ path }, response) => response.writeHead(Number(path.slice(1))).end());
    for (const status of [200, 201, 202, 204, 299]) assert.equal((await post(`${receiver.url}/${status}`)).error, null);
    for (const status of [400, 401, 404, 410, 429, 500, 503])
      assert.equal((await post(`${receiver.url}/${status}`)).error, `answered ${status}`);
    assert.match((await post(`${receiver.url}/304`)).error ?? '', /^answered 304/);
  });

  it('is given up in time: no answer, no end of headers, one byte after another', async (t) => {
    const silent = await startRaw(t, (socket) => socket.resume());
    const slow = await startRaw(t, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-A: ');
      const timer = setInterval(() => socket.write('a'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    for (const url of [silent, slow]) {
      const begun = performance.now();
      const sent = await post(url, { timeoutMs: 300 });
      assert.deepEqual(sent, { status: null, error: 'no answer within 0.3 s', response: '' });
      assert.ok(performance.now() - begun < 2000);
    }
  });

  it('says what broke', async (t) => {
    const reset = await startRaw(t, (socket) => socket.once('data', () => socket.resetAndDestroy()));
    assert.equal((await post(reset)).error, 'the connection broke');
    const closed = await startRaw(t, (socket) => socket.once('data', () => socket.end()));
    assert.equal((await post(closed)).error, 'the connection broke');
    const noise = await startRaw(t, (socket) => socket.once('data', () => socket.end('220 smtp ready\r\n')));
    assert.equal((await post(noise)).error, 'its answer is not HTTP');
    const headers = await startRaw(t, (socket) =>
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(5000)}`)),
    );
    assert.equal((await post(headers)).error, 'the headers of its answer are too long');
    assert.equal((await post('http://127.0.0.1:1/')).error, 'the connection was refused');
  });

  it('tells nothing of the inside, whatever the exception says', () => {
    const inner = Object.assign(new Error('connect EWEIRD 10.1.2.3:5432 at /srv/asa/secret.ts'), { code: 'EWEIRD' });
    for (const error of [inner, new AggregateError([inner]), new TypeError('x', { cause: inner }), 'text', null])
      assert.equal(failureText(error, 10_000), 'the connection failed');
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' });
    assert.equal(failureText(new AggregateError([refused]), 10_000), 'the connection was refused');
  });
});

describe('what was answered', () => {
  it('is kept up to 1 KB, and the rest is not waited for', async (t) => {
    let sentBytes = 0;
    const receiver = await startReceiver(t, (_, response, socket) => {
      response.writeHead(200);
      const more = (): void => {
        while (!socket.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
      socket.on('close', () => (sentBytes = socket.bytesWritten));
    });
    const sent = await post(receiver.url);
    assert.deepEqual(sent, { status: 200, error: null, response: 'x'.repeat(1024) });
    await eventually('the end of the connection', () => sentBytes > 0);
    assert.ok(sentBytes < 50_000_000, `${sentBytes} bytes of an endless body`);
  });

  it('counts though its body never ends or breaks', async (t) => {
    const hanging = await startReceiver(t, (_, response) => response.writeHead(200).write('begun'));
    const begun = performance.now();
    assert.deepEqual(await post(hanging.url, { timeoutMs: 400 }), { status: 200, error: null, response: 'begun' });
    assert.ok(performance.now() - begun < 2000);
    const broken = await startReceiver(t, (_, response, socket) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => socket.destroy());
    });
    assert.deepEqual(await post(broken.url), { status: 200, error: null, response: 'half' });
  });

  it('is shown without control characters and secrets', async (t) => {
    const key = `asa_live_${'a1B2'.repeat(8)}`;
    const receiver = await startReceiver(t, (_, response) =>
      response.end(`a\u0000b\u001b[31m\u202ec\n${key} whsec_c2VjcmV0LXNlY3JldA== end`),
    );
    const { response } = await post(receiver.url);
    assert.equal(response, 'a\uFFFDb\uFFFD[31m\uFFFDc\nasa_live_a1B2a1B2a1B2 whsec_*** end');
  });
});

describe('an attempt that is cut from outside', () => {
  it('rejects instead of counting', async (t) => {
    const silent = await startRaw(t, (socket) => socket.resume());
    const stop = new AbortController();
    const attempt = post(silent, { signal: stop.signal });
    stop.abort();
    await assert.rejects(attempt, { name: 'AbortError' });
  });
});
