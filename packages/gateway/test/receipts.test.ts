import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { RECEIPT_KEYS_PATH, ReceiptKeysAnswer, verifyReceipt, type ReceiptClaims } from '@asa/contract';
import { startPages, startServer, type TestServer } from './harness.ts';
import { playMarketplace } from './pages.ts';

/** Receipts over HTTP: what they state is what was answered, byte for byte, and what was charged. */

let server: TestServer;
let pages: Awaited<ReturnType<typeof startPages>>;
before(async () => {
  pages = await startPages(playMarketplace);
  server = await startServer({ ASA_ORIGIN_URL: pages.template, ASA_MAX_ATTEMPTS: '2' });
});
after(async () => {
  await server.close();
  await pages.close();
});

const keys = async () => ReceiptKeysAnswer.parse(await (await fetch(`${server.url}${RECEIPT_KEYS_PATH}`)).json()).keys;

async function buy(path: string, key: string): Promise<{ response: Response; bytes: Buffer; claims: ReceiptClaims }> {
  const response = await server.get(path, key);
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.equal(response.status, 200, bytes.toString());
  const check = await verifyReceipt(response.headers.get('asa-receipt') ?? '', await keys(), bytes);
  assert.ok(check.ok, check.ok ? '' : check.problem);
  return { response, bytes, claims: check.claims };
}

test('a receipt is of this body, this request, this key and this charge', async () => {
  for (const [path, endpoint, credits] of [
    ['/api/v1/amazon/product?query=B000000001', 'amazon.product', 5],
    ['/api/v1/amazon/product?query=B000000001&add_html=true', 'amazon.product', 5],
    ['/api/v1/amazon/search?query=chairs&pages=2', 'amazon.search', 10],
  ] as const) {
    const { response, claims } = await buy(path, server.liveKey);
    assert.equal(claims.request_id, response.headers.get('x-request-id'));
    assert.equal(claims.endpoint, endpoint);
    assert.equal(claims.credits, credits);
    assert.equal(String(claims.credits), response.headers.get('asa-cost'));
    assert.ok(server.liveKey.startsWith(claims.key) && claims.key.length < server.liveKey.length);
  }
});

test('an answer of the sandbox has a receipt too: of nothing', async () => {
  const { claims } = await buy('/api/v1/amazon/product?query=B000000001', server.testKey);
  assert.equal(claims.credits, 0);
  assert.equal(claims.entry, null);
});

test('what is free has no receipt: errors, accounts', async () => {
  for (const path of ['/api/v1/amazon/product?query=GONE000404', '/api/v1/account']) {
    const response = await server.get(path);
    await response.arrayBuffer();
    assert.equal(response.headers.get('asa-receipt'), null);
  }
});

test('the tool checks a receipt against the service, also after the key was rotated', async () => {
  const { response, bytes } = await buy('/api/v1/amazon/product?query=B000000001', server.liveKey);
  assert.equal((await server.admin('POST', '/receipt-keys')).status, 201);
  assert.equal((await keys()).length, 2);
  const receipt = response.headers.get('asa-receipt') ?? '';
  const body = join(server.running.dataDir, 'body.json');
  const verify = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../../tools/verify-receipt.ts'), ...args]);
  await writeFile(body, bytes);
  const { stdout } = await verify('--receipt', receipt, '--keys', server.url, '--body', body);
  assert.match(stdout, /"credits": 5[\s\S]*The body is the one that was sent/);
  await writeFile(body, `${bytes.toString()} `);
  await assert.rejects(verify('--receipt', receipt, '--keys', server.url, '--body', body), /the body is another one/);
});
