import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import type { AttemptRecord } from '@asa/contract';
import { createEgress, createUndiciTransport } from '../src/index.ts';
import { byText, openEgress, productAt, verdicts } from './helpers/egress.ts';
import { startHttp, startTcp } from './helpers/servers.ts';

/** Answers each request with the next text; the last one stays. */
const inTurn = (texts: readonly string[], seen: IncomingMessage[] = []): Parameters<typeof startHttp>[1] => {
  let n = 0;
  return (request, response) => {
    seen.push(request);
    response.end(texts[Math.min(n++, texts.length - 1)]);
  };
};

test('a page at the first attempt, with its record', async (t) => {
  const server = await startHttp(t, inTurn(['product']));
  const egress = openEgress(t, {}, { now: () => 1_700_000_000_000 });
  const seen: AttemptRecord[] = [];
  const result = await egress.fetch({
    target: productAt(`${server.url}/dp/B000000000`),
    judge: byText,
    onAttempt: (record) => seen.push(record),
  });
  assert.ok(result.outcome.ok);
  assert.equal(result.outcome.result, 'product');
  assert.equal(result.outcome.verdict, 'product');
  assert.equal(result.outcome.fetched.url, `${server.url}/dp/B000000000`);
  assert.deepEqual(result.attempts, [
    {
      n: 1,
      tier: 'direct',
      exit_country: null,
      url: `${server.url}/dp/B000000000`,
      started_at: '2023-11-14T22:13:20.000Z',
      status: 200,
      bytes: 7,
      duration_ms: 0,
      wait_ms: 0,
      hedge: false,
      shared: false,
      verdict: 'product',
      error: null,
    },
  ]);
  assert.deepEqual(seen, result.attempts);
  const { running, waiting, sessions } = egress.stats();
  assert.deepEqual([running, waiting, sessions], [0, 0, 1]);
});

test('blocked on a tier: the next tier with another session; the tier and number are those of the attempt', async (t) => {
  const seen: IncomingMessage[] = [];
  const server = await startHttp(t, (request, response) => {
    seen.push(request);
    response.setHeader('set-cookie', `visit=${seen.length}`);
    response.end(seen.length < 3 ? 'captcha' : 'product');
  });
  const transport = createUndiciTransport();
  const waits: number[] = [];
  const egress = createEgress({
    tiers: [
      { name: 'cheap', transport, exitCountries: null, headersFor: (n) => ({ 'asa-attempt': `cheap ${n}` }) },
      { name: 'dear', transport, exitCountries: null, headersFor: (n) => ({ 'asa-attempt': `dear ${n}` }) },
    ],
    policy: { maxAttempts: 5, budgetMs: 10_000, attemptTimeoutMs: 5000, maxBytes: 1000, maxConcurrent: 10 },
    sleep: async (ms) => void waits.push(ms),
  });
  t.after(() => egress.close());
  const { attempts, outcome } = await egress.fetch({ target: productAt(server.url), judge: byText });
  assert.ok(outcome.ok);
  assert.deepEqual(
    attempts.map(({ n, tier, verdict }) => [n, tier, verdict]),
    [
      [1, 'cheap', 'captcha'],
      [2, 'dear', 'captcha'],
      [3, 'dear', 'product'],
    ],
  );
  assert.deepEqual(
    seen.map(({ headers }) => headers['asa-attempt']),
    ['cheap 1', 'dear 2', 'dear 3'],
  );
  for (const { headers } of seen)
    assert.ok(!headers.cookie?.includes('visit='), 'a session that was blocked came back');
  assert.equal(waits.length, 2);
  // Those that were blocked once are kept too: three points retire one.
  const again = await egress.fetch({ target: productAt(server.url), judge: byText });
  assert.ok(again.outcome.ok);
  assert.equal(seen.at(-1)?.headers['asa-attempt'], 'cheap 1');
  assert.equal(egress.stats().sessions, 3);
});

test('requests carry one browser, the language asked for, and the cookies of the marketplace', async (t) => {
  const seen: IncomingMessage[] = [];
  const server = await startHttp(t, inTurn(['product'], seen));
  const egress = openEgress(t);
  const target = productAt(server.url, { domain: 'co.jp', language: 'zh_CN' });
  await egress.fetch({ target, judge: byText });
  const headers = seen[0]?.headers;
  assert.equal(headers?.['accept-language'], 'zh-CN,zh;q=0.9,en-US;q=0.8,en;q=0.7');
  assert.match(headers?.['user-agent'] ?? '', /^Mozilla\/5\.0 /);
  assert.equal(headers?.['accept-encoding'], 'gzip, deflate, br, zstd');
  assert.deepEqual(headers?.cookie?.split('; ').sort(), ['i18n-prefs=JPY', 'lc-acbjp=zh_CN']);
});

for (const [text, code] of [
  ['not_found', 'product_not_found'],
  ['other_product', 'asin_mismatch'],
  ['shelf', 'generic_gallery_page'],
] as const) {
  test(`${text} ends at once as ${code}, with the page`, async (t) => {
    const server = await startHttp(t, inTurn([text]));
    const { attempts, outcome } = await openEgress(t).fetch({ target: productAt(server.url), judge: byText });
    assert.equal(attempts.length, 1);
    assert.ok(!outcome.ok);
    assert.deepEqual([outcome.code, outcome.verdict, outcome.last?.result], [code, text, text]);
  });
}

for (const [name, texts, code] of [
  ['blocked to the end', ['captcha'], 'blocked_by_amazon'],
  ['refused to the end', ['refused'], 'target_unreachable'],
  ['blocked, then refused', ['captcha', 'captcha', 'captcha', 'captcha', 'refused'], 'target_unreachable'],
  ['refused, then blocked', ['refused', 'refused', 'refused', 'refused', 'waf'], 'blocked_by_amazon'],
] as const) {
  test(`${name}: ${code} after all attempts`, async (t) => {
    const server = await startHttp(t, inTurn(texts));
    const { attempts, outcome } = await openEgress(t).fetch({ target: productAt(server.url), judge: byText });
    assert.equal(attempts.length, 5);
    assert.ok(!outcome.ok);
    assert.equal(outcome.code, code);
  });
}

test('an unreadable page is asked for once more, with a fresh session', async (t) => {
  const seen: IncomingMessage[] = [];
  const server = await startHttp(t, (request, response) => {
    seen.push(request);
    response.setHeader('set-cookie', 'layout=a');
    response.end(request.url === '/once' && seen.length > 1 ? 'product' : 'unknown');
  });
  const egress = openEgress(t);
  const once = await egress.fetch({ target: productAt(`${server.url}/once`), judge: byText });
  assert.ok(once.outcome.ok);
  assert.ok(!seen[1]?.headers.cookie?.includes('layout'));
  const twice = await egress.fetch({ target: productAt(`${server.url}/never`), judge: byText });
  assert.deepEqual(verdicts(twice.attempts), ['unknown', 'unknown']);
  assert.ok(!twice.outcome.ok);
  assert.deepEqual([twice.outcome.code, twice.outcome.last?.result], ['extraction_failed', 'unknown']);
});

test('a target that is down: every attempt has its reason, and no page', async (t) => {
  const server = await startTcp(t, (socket) => socket.resetAndDestroy());
  const { attempts, outcome } = await openEgress(t, { maxAttempts: 3 }).fetch({
    target: productAt(server.url),
    judge: byText,
  });
  assert.deepEqual(verdicts(attempts), ['connection', 'connection', 'connection']);
  for (const { error, status, bytes } of attempts) {
    assert.equal(error, 'ECONNRESET');
    assert.deepEqual([status, bytes], [null, 0]);
  }
  assert.ok(!outcome.ok);
  assert.deepEqual([outcome.code, outcome.verdict, outcome.last], ['target_unreachable', 'connection', null]);
});

test('after a page and then none, the last attempt speaks', async (t) => {
  let n = 0;
  const server = await startHttp(t, (request, response) => {
    n += 1;
    if (n === 1) response.end('captcha');
    else request.socket.destroy();
  });
  const { outcome } = await openEgress(t, { maxAttempts: 2 }).fetch({ target: productAt(server.url), judge: byText });
  assert.ok(!outcome.ok);
  assert.deepEqual([outcome.code, outcome.last], ['target_unreachable', null]);
});

test('Retry-After of the target is waited for', async (t) => {
  let n = 0;
  const server = await startHttp(t, (_request, response) => {
    n += 1;
    if (n > 1) response.end('product');
    else response.writeHead(429, { 'retry-after': '2' }).end('refused');
  });
  const waits: number[] = [];
  const egress = openEgress(t, {}, { sleep: async (ms) => void waits.push(ms) });
  const { outcome } = await egress.fetch({ target: productAt(server.url), judge: byText });
  assert.ok(outcome.ok);
  assert.deepEqual(waits, [2000]);
});

test('a judge may take the body over; the record still knows its size', async (t) => {
  const server = await startHttp(t, inTurn(['x'.repeat(1234)]));
  const { attempts, outcome } = await openEgress(t).fetch({
    target: productAt(server.url),
    judge: async ({ body }) => {
      const { length } = structuredClone(body, { transfer: [body.buffer] });
      return { verdict: 'product', result: length };
    },
  });
  assert.ok(outcome.ok);
  assert.deepEqual([outcome.result, outcome.fetched.body.byteLength, attempts[0]?.bytes], [1234, 0, 1234]);
});

test('a judge that rejects is a bug: it comes through, and nothing stays taken', async (t) => {
  const server = await startHttp(t, inTurn(['product']));
  const egress = openEgress(t, { maxConcurrent: 1 });
  const target = productAt(server.url);
  const broken = egress.fetch({ target, judge: () => Promise.reject(new Error('a bug of ours')) });
  await assert.rejects(broken, /a bug of ours/);
  assert.equal(egress.stats().running, 0);
  assert.ok((await egress.fetch({ target, judge: byText })).outcome.ok);
});

test('records and pages show no credentials', async (t) => {
  const server = await startHttp(t, inTurn(['product']));
  const url = `${server.url.replace('//', '//user:secret@')}/dp?api_key=asa_live_x`;
  const { attempts, outcome } = await openEgress(t).fetch({ target: productAt(url), judge: byText });
  assert.ok(outcome.ok);
  assert.equal(attempts[0]?.url, `${server.url}/dp?api_key=***`);
  assert.equal(outcome.fetched.url, `${server.url}/dp?api_key=***`);
});

test('a country is served by the tiers that exit there, or not at all', async (t) => {
  const server = await startHttp(t, inTurn(['product']));
  const transport = createUndiciTransport();
  const egress = createEgress({
    tiers: [
      { name: 'direct', transport, exitCountries: null },
      { name: 'residential', transport, exitCountries: ['DE', 'FR'] },
    ],
    policy: { maxAttempts: 2, budgetMs: 5000, attemptTimeoutMs: 5000, maxBytes: 1000, maxConcurrent: 10 },
  });
  t.after(() => egress.close());
  assert.deepEqual([egress.hasExit('DE'), egress.hasExit('US')], [true, false]);
  const german = await egress.fetch({ target: productAt(server.url, { country: 'DE' }), judge: byText });
  assert.deepEqual(
    german.attempts.map(({ tier, exit_country }) => [tier, exit_country]),
    [['residential', 'DE']],
  );
  const american = await egress.fetch({ target: productAt(server.url, { country: 'US' }), judge: byText });
  assert.equal(american.attempts.length, 0);
  assert.ok(!american.outcome.ok);
  assert.deepEqual([american.outcome.code, american.outcome.verdict], ['forbidden_region', null]);
});

test('a policy that no request could satisfy is refused', () => {
  const transport = createUndiciTransport();
  const policy = { maxAttempts: 5, budgetMs: 10, attemptTimeoutMs: 5, maxBytes: 10, maxConcurrent: 1 };
  const tier = { name: 'direct', transport, exitCountries: null };
  assert.throws(() => createEgress({ tiers: [tier], policy: { ...policy, maxAttempts: 0 } }), /maxAttempts/);
  assert.throws(() => createEgress({ tiers: [tier], policy: { ...policy, budgetMs: Number.NaN } }), /budgetMs/);
  assert.throws(() => createEgress({ tiers: [tier, tier], policy }), /one name/);
});
