import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { createVerifier } from '@asa/accounts';
import { ExportHead, LedgerPageAnswer, Reconciliation } from '@asa/contract';
import { assertError, eventually, startPages, startServer, type TestServer } from './harness.ts';
import { playMarketplace } from './pages.ts';

/** The ledger as its customer and its operator get it over HTTP. */

let server: TestServer;
let pages: Awaited<ReturnType<typeof startPages>>;
before(async () => {
  pages = await startPages(playMarketplace);
  server = await startServer({ ASA_ORIGIN_URL: pages.template });
});
after(async () => {
  await server.close();
  await pages.close();
});

const limits = { rps: 1000, burst_rps: 2000, concurrency: 100 };
const product = (n: number, key: string): Promise<Response> =>
  server.get(`/api/v1/amazon/product?query=B0000000${n}`, key);

test('a customer reads and exports its own chain, and can check it', async () => {
  const { id, key } = await server.workspace({ plan: 'custom', credits: 100, limits });
  const answers = [await product(11, key), await product(12, key), await product(13, key)];
  assert.deepEqual(
    answers.map((answer) => answer.status),
    [200, 200, 200],
  );
  const bodies = await Promise.all(answers.map(async (answer) => (await answer.json()) as { request_id: string }));
  const page = LedgerPageAnswer.parse(await (await server.get('/api/v1/ledger?limit=4', key)).json());
  assert.equal(page.workspace, id);
  assert.equal(page.entries.length, 4);
  assert.deepEqual([page.end.balance, page.end.seq], [85, 10]);
  assert.equal(page.entries[0]?.hash, page.end.hash);
  const rest = LedgerPageAnswer.parse(
    await (await server.get(`/api/v1/ledger?limit=100&cursor=${page.next_cursor}`, key)).json(),
  );
  assert.deepEqual([rest.entries.length, rest.next_cursor], [6, null]);

  const response = await server.get('/api/v1/ledger?format=ndjson', key);
  assert.equal(response.headers.get('content-type'), 'application/x-ndjson');
  assert.match(response.headers.get('x-request-id') ?? '', /^req_/);
  const lines = (await response.text()).trimEnd().split('\n');
  const verifier = createVerifier(page.end.hash);
  for (const line of lines) assert.equal(verifier.line(line), null);
  const result = verifier.end();
  assert.ok(!('problem' in result), JSON.stringify(result));
  assert.deepEqual([result.captures, result.charged, result.end], [3, 15, page.end]);
  for (const { request_id: one } of bodies) assert.ok(lines.some((line) => line.includes(one)));

  const part = (await (await server.get('/api/v1/ledger?format=ndjson&after=7', key)).text()).trimEnd().split('\n');
  assert.deepEqual(part.slice(1), lines.slice(8));
  assert.equal(ExportHead.parse(JSON.parse(part[0] ?? '')).start.seq, 7);

  const other = await server.workspace({ plan: 'custom', credits: 1, limits });
  const theirs = LedgerPageAnswer.parse(await (await server.get('/api/v1/ledger', other.key)).json());
  assert.equal(theirs.entries.length, 1, 'nobody sees the entries of another');
});

test('what is asked wrongly of the ledger is refused with every problem', async () => {
  const url = server.running.url;
  for (const [query, expected] of [
    ['format=csv', /format "csv" is not one of json, ndjson/],
    ['format=ndjson&limit=5&cursor=x', /limit is for pages.*cursor is for pages/],
    ['after=5', /after is for format=ndjson/],
    ['format=ndjson&after=-1', /after/],
    ['limit=101', /limit/],
    ['cursor=nonsense', /cursor/],
  ] as const) {
    const { message } = await assertError(await server.get(`/api/v1/ledger?${query}`), 'invalid_params', url);
    assert.match(message, expected);
  }
  await assertError(await server.get('/api/v1/ledger', null), 'unauthorized', url);
});

test('an answer that does not reach its caller is in the report, and is refunded there', async () => {
  const { id, key } = await server.workspace({ plan: 'custom', credits: 100, limits });
  const report = async () => Reconciliation.parse((await server.admin('GET', '/reconciliation')).body);
  assert.equal((await product(20, key)).status, 200);
  await eventually('what left is noted', async () => (await report()).answers_on_their_way === 0);
  assert.deepEqual((await report()).doubtful, []);

  // The caller goes away between the capture and the answer: the trace is what comes between them.
  const { traces } = server.running.services;
  const { write } = traces;
  const { promise: paid, resolve: isPaid } = Promise.withResolvers<void>();
  const { promise: gone, resolve: isGone } = Promise.withResolvers<void>();
  const slow: typeof write = async (trace) => {
    if (trace.credits > 0) {
      isPaid();
      await gone;
    }
    return write(trace);
  };
  Object.assign(traces, { write: slow });
  const sockets: Socket[] = [];
  const noteSocket = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
  subscribe('net.server.socket', noteSocket);
  try {
    const { port } = new URL(server.url);
    const headers = { authorization: `Bearer ${key}` };
    const call = request({
      host: '127.0.0.1',
      port,
      path: '/api/v1/amazon/product?query=B000000021',
      headers,
      agent: false,
    });
    call.on('error', () => {}).end();
    await paid;
    const localPort = call.socket?.localPort;
    assert.equal((await report()).answers_on_their_way, 1);
    call.destroy();
    await eventually('the server has seen it', () =>
      sockets.some(
        (socket) => socket.destroyed && (socket.remotePort === localPort || socket.remotePort === undefined),
      ),
    );
    isGone();
    await eventually('it is doubtful', async () => (await report()).doubtful_count === 1);
  } finally {
    unsubscribe('net.server.socket', noteSocket);
    Object.assign(traces, { write });
  }
  const { doubtful } = await report();
  const [one] = doubtful;
  assert.ok(one !== undefined);
  assert.deepEqual([one.workspace, one.credits, one.why], [id, 5, 'connection_broke']);
  const credits = async () =>
    ((await server.admin('GET', `/workspaces/${id}`)).body['credits'] as { total: number }).total;
  assert.equal(await credits(), 90);
  const { status, body } = await server.admin('POST', '/reconciliation/refunds', {
    request_ids: [one.request_id, 'req_no'],
  });
  assert.equal(status, 201);
  assert.deepEqual(body['refunded'], [{ refunded_request_id: one.request_id, workspace: id, credits: 5 }]);
  assert.deepEqual(body['not_refunded'], ['req_no']);
  assert.equal(await credits(), 95);
  assert.equal((await report()).doubtful_count, 0);
  for (const wrong of [{}, { request_ids: [] }, { request_ids: 'none' }]) {
    assert.equal((await server.admin('POST', '/reconciliation/refunds', wrong)).status, 400);
  }
});
