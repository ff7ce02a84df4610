import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { createEgress, createUndiciTransport, type Judge } from '../src/index.ts';
import { byText, openEgress, productAt, verdicts } from './helpers/egress.ts';
import { startHttp, until } from './helpers/servers.ts';

const never = (): Promise<never> => new Promise(() => {});

test('the budget aborts an attempt in flight and frees its socket', async (t) => {
  const server = await startHttp(t, () => {});
  const egress = openEgress(t, { budgetMs: 50 });
  const { attempts, outcome, budgetSpentMs } = await egress.fetch({ target: productAt(server.url), judge: byText });
  assert.ok(!outcome.ok);
  assert.equal(outcome.code, 'upstream_timeout');
  assert.deepEqual(
    attempts.map(({ verdict, error }) => [verdict, error]),
    [['timeout', 'budget']],
  );
  assert.ok(budgetSpentMs >= 49 && budgetSpentMs < 1000, `${budgetSpentMs} ms`);
  await until(() => server.open() === 0, 'the socket to be freed');
  assert.equal(egress.stats().running, 0);
});

test('attempts that time out are tried again, up to the last one or the budget', async (t) => {
  const server = await startHttp(t, () => {});
  const used = await openEgress(t, { attemptTimeoutMs: 20, maxAttempts: 3 }).fetch({
    target: productAt(server.url),
    judge: byText,
  });
  assert.deepEqual(
    used.attempts.map(({ verdict, error }) => [verdict, error]),
    Array.from({ length: 3 }, () => ['timeout', 'attempt_time']),
  );
  assert.ok(!used.outcome.ok && used.outcome.code === 'upstream_timeout');
  const short = await openEgress(t, { attemptTimeoutMs: 60, budgetMs: 250 }).fetch({
    target: productAt(server.url),
    judge: byText,
  });
  assert.ok(short.attempts.length < 5, `${short.attempts.length} attempts`);
  assert.ok(!short.outcome.ok && short.outcome.code === 'upstream_timeout');
});

test('the budget ends a judge that hangs, and what it says later goes to the log', async (t) => {
  const server = await startHttp(t, (_request, response) => response.end('page'));
  const logged: unknown[] = [];
  const judged = Promise.withResolvers<never>();
  let told: AbortSignal | null = null;
  const judge: Judge<string> = (_fetched, signal) => {
    told = signal;
    return judged.promise;
  };
  const egress = openEgress(t, { budgetMs: 100 }, { log: (message, fields) => logged.push([message, fields['err']]) });
  const { attempts, outcome } = await egress.fetch({ target: productAt(server.url), judge });
  assert.ok(!outcome.ok);
  assert.deepEqual([outcome.code, outcome.verdict, outcome.last], ['upstream_timeout', 'unread', null]);
  assert.deepEqual([attempts[0]?.status, attempts[0]?.bytes, attempts[0]?.error], [200, 4, null]);
  assert.equal((told as AbortSignal | null)?.aborted, true);
  const late = new Error('too late');
  judged.reject(late);
  await until(() => logged.length === 1, 'the log');
  assert.deepEqual(logged, [['a judge failed after its request had ended', late]]);
});

test('a call may bring less time than the policy has, and none at all', async (t) => {
  const server = await startHttp(t, () => {});
  const egress = openEgress(t, { budgetMs: 60_000, attemptTimeoutMs: 60_000 });
  const target = productAt(server.url);
  const short = await egress.fetch({ target, judge: byText, budgetMs: 40 });
  assert.ok(!short.outcome.ok && short.outcome.code === 'upstream_timeout' && short.attempts.length === 1);
  for (const budgetMs of [0, -5]) {
    const none = await egress.fetch({ target, judge: byText, budgetMs });
    assert.ok(!none.outcome.ok);
    assert.deepEqual([none.outcome.code, none.outcome.verdict, none.attempts.length], ['upstream_timeout', null, 0]);
  }
  assert.equal(server.accepted(), 1);
});

test('a caller that hangs up ends an attempt, a judge, a wait and a place in the queue at once', async (t) => {
  const server = await startHttp(t, (request, response) => {
    if (request.url === '/page') response.end('page');
    if (request.url === '/blocked') response.end('captcha');
  });
  const transport = createUndiciTransport();
  const policy = { maxAttempts: 5, budgetMs: 60_000, attemptTimeoutMs: 60_000, maxBytes: 1000, maxConcurrent: 1 };
  // The wait of the ladder is the real one here.
  const egress = createEgress({ tiers: [{ name: 'direct', transport, exitCountries: null }], policy, random: () => 0 });
  t.after(() => egress.close());

  const inAttempt = new AbortController();
  const attempt = egress.fetch({ target: productAt(server.url), judge: byText, signal: inAttempt.signal });
  await until(() => egress.stats().running === 1 && server.open() === 1, 'the attempt');
  const inQueue = new AbortController();
  const queued = egress.fetch({ target: productAt(server.url), judge: byText, signal: inQueue.signal });
  await until(() => egress.stats().waiting === 1, 'the queue');
  inQueue.abort();
  assert.equal((await queued).attempts.length, 0);
  assert.equal(egress.stats().waiting, 0);
  inAttempt.abort();
  const cut = await attempt;
  assert.deepEqual([cut.attempts[0]?.verdict, cut.attempts[0]?.error], ['caller_gone', null]);
  assert.ok(!cut.outcome.ok);

  const inJudge = new AbortController();
  const judged = await egress.fetch({
    target: productAt(`${server.url}/page`),
    judge: () => {
      inJudge.abort();
      return never();
    },
    signal: inJudge.signal,
  });
  assert.deepEqual([judged.attempts.length, judged.attempts[0]?.verdict], [1, 'caller_gone']);

  const inWait = new AbortController();
  const waited = await egress.fetch({
    target: productAt(`${server.url}/blocked`),
    judge: byText,
    signal: inWait.signal,
    onAttempt: () => void setImmediate(() => inWait.abort()),
  });
  assert.deepEqual(verdicts(waited.attempts), ['captcha']);

  const before = await egress.fetch({ target: productAt(server.url), judge: byText, signal: AbortSignal.abort() });
  assert.equal(before.attempts.length, 0);
  assert.equal(egress.stats().running, 0);
});

test('a session is not blamed for callers that hang up', async (t) => {
  const cookies: (string | undefined)[] = [];
  const server = await startHttp(t, (request, response) => {
    if (request.url !== '/page') return;
    cookies.push(request.headers.cookie);
    response.setHeader('set-cookie', 'visit=1');
    response.end('product');
  });
  const egress = openEgress(t);
  const page = (): Promise<unknown> => egress.fetch({ target: productAt(`${server.url}/page`), judge: byText });
  await page();
  for (let i = 0; i < 4; i += 1) {
    const caller = new AbortController();
    const cut = egress.fetch({ target: productAt(server.url), judge: byText, signal: caller.signal });
    await until(() => egress.stats().running === 1, 'the attempt');
    caller.abort();
    await cut;
  }
  await page();
  assert.ok(cookies[1]?.includes('visit=1'), cookies[1]);
});

test('between attempts the ladder really waits', async (t) => {
  let n = 0;
  const server = await startHttp(t, (_request, response) => response.end(n++ === 0 ? 'unknown' : 'product'));
  const transport = createUndiciTransport();
  const policy = { maxAttempts: 2, budgetMs: 60_000, attemptTimeoutMs: 60_000, maxBytes: 1000, maxConcurrent: 1 };
  const egress = createEgress({ tiers: [{ name: 'direct', transport, exitCountries: null }], policy, random: () => 0 });
  t.after(() => egress.close());
  const { outcome, budgetSpentMs } = await egress.fetch({ target: productAt(server.url), judge: byText });
  assert.ok(outcome.ok);
  assert.ok(budgetSpentMs >= 49, `${budgetSpentMs} ms`);
});

test('never more upstream requests than the cap; the others wait for their turn', async (t) => {
  // Answers when four are there, so that the cap is reached, and counts what is there at once.
  const open: ServerResponse[] = [];
  let peak = 0;
  const server = await startHttp(t, (_request, response) => {
    open.push(response);
    peak = Math.max(peak, open.length);
    if (open.length >= 4) setImmediate(() => open.splice(0).forEach((one) => one.end('product')));
  });
  const egress = openEgress(t, { maxConcurrent: 4, maxWaiting: 100 });
  const results = await Promise.all(
    Array.from({ length: 40 }, () => egress.fetch({ target: productAt(server.url), judge: byText })),
  );
  assert.ok(results.every(({ outcome }) => outcome.ok));
  assert.equal(peak, 4);
  assert.deepEqual([egress.stats().running, egress.stats().waiting], [0, 0]);
});

test('a full queue is capacity, and a wait for one longer than the budget a timeout', async (t) => {
  const server = await startHttp(t, () => {});
  const egress = openEgress(t, { maxConcurrent: 1, maxWaiting: 1, budgetMs: 80 });
  const target = productAt(server.url);
  const running = egress.fetch({ target, judge: byText });
  const waiting = egress.fetch({ target, judge: byText, budgetMs: 40 });
  const refused = await egress.fetch({ target, judge: byText });
  assert.ok(!refused.outcome.ok);
  assert.deepEqual([refused.outcome.code, refused.attempts.length], ['capacity', 0]);
  const late = await waiting;
  assert.ok(!late.outcome.ok);
  assert.deepEqual([late.outcome.code, late.attempts.length], ['upstream_timeout', 0]);
  await running;
});

test('a judge does not hold a place for upstream requests', async (t) => {
  const server = await startHttp(t, (_request, response) => response.end('product'));
  const egress = openEgress(t, { maxConcurrent: 1, maxWaiting: 0 });
  const target = productAt(server.url);
  const gate = Promise.withResolvers<void>();
  const first = egress.fetch({
    target,
    judge: async (fetched, signal) => {
      await gate.promise;
      return byText(fetched, signal);
    },
  });
  await until(() => server.accepted() === 1 && egress.stats().running === 0, 'the first page');
  assert.ok((await egress.fetch({ target, judge: byText })).outcome.ok);
  gate.resolve();
  assert.ok((await first).outcome.ok);
});

test('requests that end well, fail or are aborted leave no timer and no listener behind', async (t) => {
  const server = await startHttp(t, (request, response) => response.end(request.url === '/ok' ? 'product' : 'captcha'));
  const egress = openEgress(t, { budgetMs: 600_000, attemptTimeoutMs: 600_000 });
  const caller = new AbortController();
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  await egress.fetch({ target: productAt(`${server.url}/ok`), judge: byText, signal: caller.signal });
  const before = timers();
  for (const path of ['/ok', '/blocked']) {
    for (let i = 0; i < 5; i += 1) {
      await egress.fetch({ target: productAt(server.url + path), judge: byText, signal: caller.signal });
    }
  }
  assert.ok(timers() <= before, `${timers()} timers, ${before} before`);
  assert.equal(getEventListeners(caller.signal, 'abort').length, 0);
});
