import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AmazonScraperAPI, CODES } from 'asa-client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { startSandbox, type Sandbox } from '../../../tools/sandbox.ts';
import { estimateTokens } from '../src/budget.ts';
import { serveHttp, type HttpServer } from '../src/http.ts';

/** The server as its callers meet it: by the official client, over HTTP and stdio, against the real service's sandbox. */

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');
let sandbox: Sandbox;
let http: HttpServer;
let client: Client;
before(async () => {
  sandbox = await startSandbox();
  const connect = (key: string): AmazonScraperAPI =>
    new AmazonScraperAPI(key, { baseUrl: sandbox.url, deadlineMs: 20_000 });
  http = await serveHttp({ host: '127.0.0.1', port: 0, connect, ownKey: sandbox.key });
  client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(http.url)));
  await client.listTools(); // From here on it checks every answer against its output schema.
});
after(async () => {
  await client?.close();
  await http?.close();
  await sandbox?.stop();
});

interface Result {
  readonly isError?: boolean;
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly structuredContent?: Record<string, unknown>;
}
const call = async (name: string, args: Record<string, unknown> = {}): Promise<Result> =>
  (await client.callTool({ name, arguments: args })) as unknown as Result;
const ok = async (name: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> => {
  const { isError, content, structuredContent } = await call(name, args);
  assert.notEqual(isError, true, content[0]?.text);
  assert.deepEqual(JSON.parse(content[0]?.text ?? ''), structuredContent);
  return structuredContent ?? {};
};
const tokens = (value: unknown): number => estimateTokens(JSON.stringify(value));

test('five tools, each with schemas of objects, its cost, and hints', async () => {
  const { tools } = await client.listTools();
  assert.deepEqual(
    tools.map(({ name }) => name),
    ['amazon_product', 'amazon_search', 'amazon_batch_create', 'amazon_batch_status', 'amazon_account'],
  );
  for (const tool of tools) {
    assert.equal(tool.inputSchema.type, 'object');
    assert.equal(tool.outputSchema?.type, 'object');
    assert.match(tool.description ?? '', /credits|Free\./);
    assert.equal(typeof tool.annotations?.readOnlyHint, 'boolean');
  }
  const product = tools[0]?.inputSchema.properties ?? {};
  assert.ok(
    'query' in product &&
      'domain' in product &&
      'detail' in product &&
      !('add_html' in product) &&
      !('screenshot' in product),
  );
  assert.match(client.getInstructions() ?? '', /brief/);
});

test('a product, brief and full', async () => {
  const brief = await ok('amazon_product', { query: 'B0ASA00001', domain: 'de' });
  assert.ok(tokens(brief) < 400);
  assert.deepEqual([brief['asin'], brief['currency'], brief['cost_credits']], ['B0ASA00001', 'EUR', 0]);
  const full = await ok('amazon_product', { query: 'B0ASA00001', domain: 'de', detail: 'full' });
  assert.deepEqual([full['title'], full['price']], [brief['title'], brief['price']]);
  assert.ok('variations' in full && 'reviews' in full && tokens(full) > 400);
});

test('a search, brief and full', async () => {
  const brief = await ok('amazon_search', { query: 'usb cable', sort_by: 'price_asc' });
  const products = brief['products'] as unknown[];
  assert.ok(tokens(brief) < 400 && products.length >= 3);
  const full = await ok('amazon_search', { query: 'usb cable', sort_by: 'price_asc', detail: 'full' });
  assert.equal((full['products'] as unknown[]).length, brief['products_count']);
});

test('a batch from its creation to its results', async () => {
  const created = await ok('amazon_batch_create', {
    endpoint: 'amazon.product',
    items: [{ query: 'B0ASA00001' }, { query: 'SANDBOX404' }, { query: 'B0ASA00003' }],
  });
  assert.deepEqual([created['total_count'], created['cost_credits_at_most']], [3, 15]);
  let status: Record<string, unknown> = {};
  while (status['status'] !== 'complete') status = await ok('amazon_batch_status', { id: created['id'] });
  assert.deepEqual([status['success_count'], status['failure_count']], [2, 1]);
  const results = status['results'] as Record<string, unknown>[];
  assert.deepEqual(
    results.map(({ asin, error }) => asin ?? error),
    ['B0ASA00001', 'product_not_found', 'B0ASA00003'],
  );
  assert.ok(tokens(status) < 400);
  const page = await ok('amazon_batch_status', { id: created['id'], from: 1, limit: 1, detail: 'full' });
  assert.deepEqual([(page['results'] as { index: number }[]).map(({ index }) => index), page['next_result']], [[1], 2]);
});

test('the account, brief and full', async () => {
  const brief = await ok('amazon_account');
  assert.equal(brief['plan'], 'pro');
  assert.ok('keys' in (await ok('amazon_account', { detail: 'full' })));
});

test('errors are results that say the code, the reason and what to do', async () => {
  for (const [query, code] of [
    ['SANDBOX404', 'product_not_found'],
    ['SANDBOXMIS', 'asin_mismatch'],
    ['SANDBOX422', 'blocked_by_amazon'],
    ['SANDBOX402', 'insufficient_credits'],
    ['not an asin', 'invalid_params'],
  ] as const) {
    const { isError, content } = await call('amazon_product', { query });
    const told = JSON.parse(content[0]?.text ?? '') as Record<string, unknown>;
    assert.deepEqual(
      [isError, told['code'], told['what_to_do'], told['cost_credits']],
      [true, code, CODES[code].remedy, 0],
    );
    assert.match(String(told['reason']), /\w{3}/);
    assert.match(String(told['request_id']), /^req_/);
    if (code === 'blocked_by_amazon') assert.equal(told['retry_after_seconds'], 60);
  }
  for (const args of [{}, { query: 'B0ASA00001', detail: 'huge' }, { query: 'B0ASA00001', nonsense: 1 }]) {
    const { isError, content } = await call('amazon_product', args);
    assert.equal(isError, true);
    assert.match(content[0]?.text ?? '', /"invalid_params","reason":"The arguments do not fit/);
  }
  const wrong = await call('amazon_batch_status', { id: '..' });
  assert.match(wrong.content[0]?.text ?? '', /invalid_params/);
  await assert.rejects(call('nonsense'), /There is no tool/);
});

test('over HTTP: only POST at /mcp, only this machine, a key of the caller’s own wins', async () => {
  const raw = (over: RequestInit = {}, url = http.url): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(over.headers as Record<string, string>),
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'amazon_account', arguments: {} },
      }),
      ...('method' in over ? { method: over.method, body: null } : {}),
    });
  assert.equal((await raw({ method: 'GET' })).status, 405);
  assert.equal((await raw({}, http.url.replace('/mcp', '/other'))).status, 404);
  assert.equal((await raw({ headers: { origin: 'https://evil.example' } })).status, 403);
  const other = await raw({ headers: { authorization: 'Bearer asa_test_00000000000000000000000000000000' } });
  assert.match(await other.text(), /unauthorized/);
  const closed = await serveHttp({ host: '127.0.0.1', port: 0, connect: () => assert.fail('no key'), ownKey: null });
  assert.equal((await raw({}, closed.url)).status, 401);
  await closed.close();
});

test('over stdio: the program speaks only the protocol on its standard output', async () => {
  const stdio = new Client({ name: 'test', version: '1.0.0' });
  const env = { PATH: process.env['PATH'] ?? '', ASA_API_KEY: sandbox.key, ASA_BASE_URL: sandbox.url };
  await stdio.connect(new StdioClientTransport({ command: process.execPath, args: [MAIN], env }));
  const { structuredContent } = await stdio.callTool({ name: 'amazon_product', arguments: { query: 'B0ASA00002' } });
  assert.equal((structuredContent as Record<string, unknown>)['asin'], 'B0ASA00002');
  await stdio.close();
  const keyless = spawn(process.execPath, [MAIN], { env: { PATH: env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  keyless.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  keyless.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  assert.deepEqual([(await once(keyless, 'close'))[0], out], [2, '']);
  assert.match(err, /ASA_API_KEY/);
});
