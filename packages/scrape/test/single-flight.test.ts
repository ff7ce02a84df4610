import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseProductParams, parseSearchParams, rawParams, type AttemptRecord, type PlanName } from '@asa/contract';
import { createEgress, createUndiciTransport } from '@asa/egress';
import { createReaderPool, Flights, scrapeProduct, scrapeSearch, type PageOutcome, type Source } from '../src/index.ts';

/** Requests for the same page at the same time, over a real socket and the real reader. */

const waiting: { url: string; response: ServerResponse }[] = [];
let hits = 0;
const server = createServer((request, response) => {
  hits += 1;
  waiting.push({ url: request.url ?? '', response });
});
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve);
});
const { port } = server.address() as AddressInfo;
const pool = createReaderPool({
  threads: 1,
  maxWaiting: 1000,
  maxWaitingBytes: 1e9,
  maxWaitMs: 60_000,
  timeoutMs: 60_000,
  onError: (message) => assert.fail(message),
});
const transport = createUndiciTransport();
const egress = createEgress({
  tiers: [
    { name: 'all', transport, exitCountries: 'any' },
    { name: 'best', transport, exitCountries: 'any', plans: ['pro'] },
  ],
  policy: { maxAttempts: 2, budgetMs: 30_000, attemptTimeoutMs: 30_000, maxBytes: 1e6, maxConcurrent: 500 },
  rules: { pace: null },
  sleep: () => Promise.resolve(),
});
after(async () => {
  await egress.close();
  await pool.close();
  server.closeAllConnections();
  server.close();
});

const GONE =
  '<!doctype html><html lang="de-de"><head><title>Page Not Found</title></head><body><a href="/dogsofamazon"><img src="/images/G/01/error/1.jpg" alt="Dogs of Amazon"></a></body></html>';
const UNREADABLE =
  '<!doctype html><html lang="en-us"><head><title>Amazon.com: About</title></head><body><div id="nav-main"></div><p>A page of some other kind.</p></body></html>';

const newSource = (budgetMs = 30_000): Source & { flights: Flights<PageOutcome> } => ({
  egress,
  template: `http://127.0.0.1:${port}/{domain}`,
  budgetMs,
  flights: new Flights(),
});
const options = {
  pool,
  now: () => performance.now(),
  maxPageBytes: 1e6,
  onBug: (url: string, stack: string) => assert.fail(`${url} ${stack}`),
};

interface Call {
  readonly outcome: ReturnType<typeof scrapeProduct>;
  readonly attempts: AttemptRecord[];
  readonly hangUp: () => void;
}
function call(source: Source, query = 'query=B000000000', plan: PlanName = 'free'): Call {
  const caller = new AbortController();
  const attempts: AttemptRecord[] = [];
  const watcher = { signal: caller.signal, onAttempt: (record: AttemptRecord) => attempts.push(record), plan };
  const outcome = scrapeProduct(source, parseProductParams(rawParams(query)), options, watcher);
  return { outcome, attempts, hangUp: () => caller.abort() };
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > deadline) assert.fail(`never happened: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
}
const arrived = (n: number): Promise<void> => until(() => waiting.length === n, `${n} requests at the marketplace`);
function answer(body = GONE, status = 404): void {
  for (const { response } of waiting.splice(0)) response.writeHead(status, { 'content-type': 'text/html' }).end(body);
}
async function codeOf({ outcome }: Call): Promise<string> {
  const { result } = await outcome;
  return result.ok ? 'ok' : result.error.code;
}

test('a hundred requests for one page make one fetch; each has its attempts, marked as shared but for the first', async () => {
  const source = newSource();
  hits = 0;
  const calls = Array.from({ length: 100 }, () => call(source));
  await arrived(1);
  assert.deepEqual(source.flights.stats(), { open: 1, joined: 99 });
  answer();
  for (const [i, one] of calls.entries()) {
    const { attempts, result } = await one.outcome;
    assert.ok(!result.ok && result.error.code === 'product_not_found');
    assert.deepEqual(attempts, one.attempts);
    assert.deepEqual(
      attempts.map(({ n, verdict, shared }) => [n, verdict, shared]),
      [[1, 'not_found', i > 0]],
    );
  }
  assert.equal(hits, 1);
  assert.equal(source.flights.stats().open, 0);
});

test('nothing is kept: a request after the answer makes a fetch of its own', async () => {
  const source = newSource();
  for (let i = 1; i <= 2; i += 1) {
    const one = call(source);
    await arrived(1);
    answer();
    await one.outcome;
    assert.equal(one.attempts[0]?.shared, false);
  }
});

test('another product, marketplace, language, country, add_html or set of tiers is another page', async () => {
  const source = newSource();
  const calls = [
    call(source),
    call(source, 'query=B000000001'),
    call(source, 'query=B000000000&domain=de'),
    call(source, 'query=B000000000&domain=de&language=en_GB'),
    call(source, 'query=B000000000&country=DE'),
    call(source, 'query=B000000000&add_html=true'),
    call(source, 'query=B000000000', 'pro'),
    // These are the same as the first: the plans have the same tiers, the defaults are written out.
    call(source, 'query=B000000000', 'vibe'),
    call(source, 'query=b000000000&domain=com&language=en_US&add_html=false'),
  ];
  await arrived(7);
  assert.equal(source.flights.stats().joined, 2);
  answer();
  for (const one of calls) assert.equal(await codeOf(one), 'product_not_found');
});

test('pages of one search share too, whatever else the searches ask for', async () => {
  const source = newSource();
  const search = (query: string) =>
    scrapeSearch(source, parseSearchParams(rawParams(query)), options, {
      signal: new AbortController().signal,
      onAttempt: () => {},
    });
  hits = 0;
  const both = [search('query=x&pages=2'), search('query=x')];
  await arrived(1);
  answer(UNREADABLE, 200);
  // An unreadable page is asked for once more; both wait for that too.
  await arrived(1);
  answer(UNREADABLE, 200);
  for (const one of both) {
    const { result, attempts } = await one;
    assert.ok(!result.ok && result.error.code === 'extraction_failed');
    assert.equal(attempts.length, 2);
  }
  assert.equal(hits, 2);
});

test('one that joins late sees the attempts before it, and a page is filed once', async () => {
  const source = newSource();
  const first = call(source);
  await arrived(1);
  answer(UNREADABLE, 200);
  await arrived(1);
  const late = call(source);
  assert.deepEqual(
    late.attempts.map(({ n, verdict, shared }) => [n, verdict, shared]),
    [[1, 'unknown', true]],
  );
  answer(UNREADABLE, 200);
  const outcomes = await Promise.all([first.outcome, late.outcome]);
  assert.equal(outcomes.filter(({ ticket }) => ticket !== null).length, 1);
  assert.deepEqual(
    outcomes.map(({ attempts }) => attempts.length),
    [2, 2],
  );
});

test('whoever hangs up leaves alone, the one who started it too; the others get their page', async () => {
  const source = newSource();
  const [starter, second, third] = [call(source), call(source), call(source)];
  await arrived(1);
  starter.hangUp();
  second.hangUp();
  assert.equal(await codeOf(starter), 'upstream_timeout');
  assert.equal(await codeOf(second), 'upstream_timeout');
  assert.deepEqual(starter.attempts, [], 'the attempt is not over');
  assert.equal(waiting.length, 1);
  answer();
  assert.equal(await codeOf(third), 'product_not_found');
});

test('when the last one hangs up the work is aborted, and its trace says so; who comes then starts anew', async () => {
  const source = newSource();
  const [first, last] = [call(source), call(source)];
  await arrived(1);
  const closed = new Promise((resolve) => {
    waiting[0]?.response.once('close', resolve);
  });
  first.hangUp();
  await first.outcome;
  last.hangUp();
  await until(() => source.flights.stats().open === 0, 'the flight to be given up');
  const next = call(source);
  await last.outcome;
  assert.deepEqual(
    last.attempts.map(({ verdict, shared }) => [verdict, shared]),
    [['caller_gone', true]],
  );
  await closed;
  waiting.shift();
  await arrived(1);
  assert.equal(next.attempts.length, 0);
  answer();
  assert.equal(await codeOf(next), 'product_not_found');
  assert.deepEqual([source.flights.stats().open, egress.stats().running], [0, 0]);
});

test('each has its own deadline: the shorter one leaves, the longer one goes on with what it has', async () => {
  const source = newSource();
  const short = { ...source, budgetMs: 60 };
  // The short one comes second: it leaves the flight of the other.
  const long = call(source);
  await arrived(1);
  const hasty = call(short);
  assert.equal(await codeOf(hasty), 'upstream_timeout');
  assert.equal(long.attempts.length, 0);
  answer();
  assert.equal(await codeOf(long), 'product_not_found');

  // The short one comes first: when its flight ends with its time, the other one starts its own.
  const starter = call(short);
  await arrived(1);
  const patient = call(source);
  assert.equal(await codeOf(starter), 'upstream_timeout');
  waiting.shift();
  await arrived(1);
  answer();
  assert.equal(await codeOf(patient), 'product_not_found');
  assert.deepEqual(
    patient.attempts.map(({ n, verdict, shared }) => [n, verdict, shared]),
    [
      [1, 'timeout', true],
      [2, 'not_found', false],
    ],
  );
});

test('a bug reaches everybody who waits, and nothing stays open', async () => {
  const source = newSource();
  const broken: Source = { ...source, egress: { ...egress, fetch: () => Promise.reject(new Error('a bug of ours')) } };
  const calls = [call(broken), call(broken)];
  for (const one of calls) await assert.rejects(one.outcome, /a bug of ours/);
  assert.equal(source.flights.stats().open, 0);
});

test('more flights than the bound are not shared, and work all the same', async () => {
  const source: Source = { ...newSource(), flights: new Flights(1) };
  const calls = [call(source), call(source, 'query=B000000001'), call(source, 'query=B000000001')];
  await arrived(3);
  answer();
  for (const one of calls) assert.equal(await codeOf(one), 'product_not_found');
});

test('without flights nothing is shared', async () => {
  const { flights: _, ...source } = newSource();
  const calls = [call(source), call(source)];
  await arrived(2);
  answer();
  for (const one of calls) assert.equal((await one.outcome).attempts[0]?.shared, false);
});
