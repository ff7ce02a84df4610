import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { AmazonScraperAPI, AmazonScraperAPIError, type BatchEvent, type ClientOptions } from '../src/index.ts';
import { TestClock } from './player.ts';

/** The events of a batch and the export of the ledger, over real sockets: what breaks goes on where it was, and nothing comes twice. */

const ID = '0198c8a4-6f0e-7cc3-98c5-0a1b2c3d4e5f';
type Turn = (response: ServerResponse) => void;

/** A server that answers one call after the other as told, and keeps what it was asked. */
async function serve(t: TestContext, turns: readonly Turn[], options: ClientOptions = {}) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const turn = turns[asked.length];
    asked.push(request);
    if (turn === undefined) response.writeHead(599).end();
    else turn(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const clock = new TestClock(0.5);
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, clock, client: new AmazonScraperAPI('asa_test_x', { baseUrl, clock, ...options }) };
}

const head = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
const item = (n: number): string => `event: item\nid: ${n}\ndata: {"index":${n - 1},"status":"ok"}\n\n`;
const END = 'event: end\nid: 4\ndata: {"status":"complete"}\n\n';
const whole =
  (...parts: string[]): Turn =>
  (response) =>
    void head(response).end(parts.join(''));
const broken =
  (...parts: string[]): Turn =>
  (response) =>
    void head(response).write(parts.join(''), () => response.destroy());

async function collect(client: AmazonScraperAPI, options = {}): Promise<{ ids: string[]; error: unknown }> {
  const ids: string[] = [];
  try {
    for await (const { event, id } of client.batchEvents(ID, options)) ids.push(`${event} ${id}`);
  } catch (error) {
    return { ids, error };
  }
  return { ids, error: null };
}
const ALL = ['item 1', 'item 2', 'item 3', 'end 4'];

test('each result as it is there, then the end with the batch', async (t) => {
  const { asked, client } = await serve(t, [
    whole('retry: 1000\n\n', item(1), ': still here\n\n', item(2), item(3), END),
  ]);
  const events: BatchEvent[] = [];
  for await (const event of client.batchEvents(ID)) events.push(event);
  assert.deepEqual(events.at(-1), { event: 'end', id: '4', data: { status: 'complete' } });
  assert.deepEqual(events[1], { event: 'item', id: '2', data: { index: 1, status: 'ok' } });
  assert.equal(events.length, 4);
  assert.equal(asked[0]?.url, `/api/v1/amazon/batch/${ID}/events`);
  assert.deepEqual([asked[0]?.headers.accept, asked[0]?.headers['last-event-id']], ['text/event-stream', undefined]);
});

test('a stream that breaks goes on after the last event', async (t) => {
  const { asked, client, clock } = await serve(t, [
    broken('retry: 1000\n\n', item(1), item(2), 'event: item\nid: 3\ndata: {"ind'),
    (response) => void response.writeHead(503, { 'retry-after': '1', 'asa-retryable': 'true' }).end(),
    whole(item(3), END),
  ]);
  assert.deepEqual(await collect(client), { ids: ALL, error: null });
  assert.deepEqual(
    asked.map(({ headers }) => headers['last-event-id']),
    [undefined, '2', '2'],
  );
  assert.deepEqual(clock.waits, [2500, 1500]);
});

test('a stream that ends in good order is no failure, however often and without retries', async (t) => {
  const quiet = whole('retry: 700\n\n', ': still here\n\n');
  const { clock, client } = await serve(
    t,
    [whole(item(1)), quiet, quiet, quiet, quiet, quiet, whole(item(2), item(3), END)],
    {
      maxAttempts: 1,
    },
  );
  assert.deepEqual(await collect(client), { ids: ALL, error: null });
  assert.deepEqual(clock.waits, [1000, 700, 700, 700, 700, 700]);
});

test('one that never says anything is given up', async (t) => {
  const { asked, client } = await serve(
    t,
    Array.from({ length: 4 }, () => whole('retry: 1000\n\n')),
  );
  const { ids, error } = await collect(client);
  assert.ok(error instanceof AmazonScraperAPIError);
  assert.deepEqual([ids, error.code, error.attempts, asked.length], [[], 'connection_failed', 4, 4]);
});

test('it goes on after an event of an earlier program, and 204 is the end', async (t) => {
  const { asked, client } = await serve(t, [whole(item(3), END), (response) => void response.writeHead(204).end()]);
  assert.deepEqual((await collect(client, { lastEventId: '2' })).ids, ['item 3', 'end 4']);
  assert.deepEqual(await collect(client, { lastEventId: '4' }), { ids: [], error: null });
  assert.deepEqual(
    asked.map(({ headers }) => headers['last-event-id']),
    ['2', '4'],
  );
});

test('errors of the service, pages of others, silence and the caller end it', async (t) => {
  const silent: Turn = (response) => void head(response).write(`${item(1)}${item(2)}`);
  const { client } = await serve(t, [
    (response) =>
      void response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not_found","message":"no"}'),
    (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>portal'),
    silent,
    silent,
  ]);
  const codeOf = ({ error }: { error: unknown }): unknown => (error as AmazonScraperAPIError).code;
  assert.equal(codeOf(await collect(client)), 'not_found');
  assert.equal(codeOf(await collect(client)), 'invalid_response');
  assert.equal(codeOf(await collect(client, { timeoutMs: 50, maxAttempts: 1 })), 'request_timeout');
  const stop = new AbortController();
  let given = 0;
  const run = async (): Promise<void> => {
    for await (const event of client.batchEvents(ID, { signal: stop.signal })) {
      given += 1;
      if (event.event === 'item') stop.abort();
    }
  };
  await assert.rejects(run, { code: 'cancelled' });
  assert.equal(given, 1, 'what has arrived already is not given any more');
});

test('an export of the ledger is whole or says so, and one that breaks comes once', async (t) => {
  const lines = ['{"ledger":"asa-ledger-1"}', '{"seq":1}', '{"seq":2}', '{"end":{"seq":2}}'].map((line) => `${line}\n`);
  const nd = (response: ServerResponse): ServerResponse =>
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const cut = (response: ServerResponse, n: number): void =>
    void nd(response).write(lines.slice(0, n).join(''), () => response.destroy());
  const { asked, client } = await serve(t, [
    (response) => cut(response, 2),
    (response) => void nd(response).end(lines.join('')),
    (response) => cut(response, 4),
    (response) => void nd(response).end(lines.slice(0, 3).join('')),
  ]);
  const read = async (): Promise<string> => {
    let text = '';
    for await (const line of client.exportLedger({ after: 0 })) text += `${JSON.stringify(line)}\n`;
    return text;
  };
  assert.equal(await read(), lines.join(''));
  assert.equal(await read(), lines.join(''), 'what breaks after the end is whole');
  await assert.rejects(read, { code: 'invalid_response' });
  assert.equal(asked[0]?.url, '/api/v1/ledger?format=ndjson&after=0');
});

test('the wait of the limiter is not longer than the deadline, and what cannot be sent takes no place', async (t) => {
  const { client } = await serve(t, [(response) => response.writeHead(200).flushHeaders()], {
    limiter: { concurrency: 1 },
    deadlineMs: 60,
    maxAttempts: 1,
  });
  const cyclic: Record<string, unknown> = {};
  cyclic['query'] = cyclic;
  const items = [cyclic as unknown as { query: string }];
  const send = async (): Promise<unknown> => client.createBatch({ endpoint: 'amazon.product', items });
  await assert.rejects(send, TypeError);
  const first = client
    .product({ query: 'B0ASA00001' }, { deadlineMs: 60_000, timeoutMs: 400 })
    .catch((error: unknown) => error);
  const began = performance.now();
  await assert.rejects(async () => client.product({ query: 'B0ASA00002' }), { code: 'deadline_exceeded', attempts: 0 });
  assert.ok(performance.now() - began < 390, 'it did not wait for the place');
  assert.equal(((await first) as AmazonScraperAPIError).code, 'request_timeout');
});

test('results that have arrived are not given to a caller who has given up', async (t) => {
  const { client } = await serve(t, [
    (response) =>
      void response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end('{"index":0}\n{"index":1}\n'),
  ]);
  const stop = new AbortController();
  const seen: number[] = [];
  const run = async (): Promise<void> => {
    for await (const { index } of client.batchResults(ID, { signal: stop.signal })) {
      seen.push(index);
      stop.abort();
    }
  };
  await assert.rejects(run, { code: 'cancelled' });
  assert.deepEqual(seen, [0]);
});
