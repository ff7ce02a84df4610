import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ApiError, type ProductTarget } from '@asa/contract';
import { createReaderPool } from '../src/index.ts';
import { createSlots } from '../src/reader/slots.ts';

/** The line in front of the reader threads, and the threads themselves. */

const never = new AbortController().signal;
const slots = (options: Partial<Parameters<typeof createSlots>[0]> = {}) =>
  createSlots({ running: 1, maxWaiting: 2, maxWaitingBytes: 100, maxWaitMs: 60_000, ...options });
const isCapacity = (error: unknown): boolean => error instanceof ApiError && error.code === 'capacity';

test('places are given in the order of the line, each once', async () => {
  const line = slots();
  const order: string[] = [];
  const first = await line.take(1, never);
  const second = line.take(1, never).then((leave) => {
    order.push('second');
    return leave;
  });
  const third = line.take(1, never).then((leave) => {
    order.push('third');
    return leave;
  });
  first();
  first();
  (await second)();
  (await third)();
  assert.deepEqual(order, ['second', 'third']);
  (await line.take(1, never))();
});

test('what nobody waits for lets all others pass, and may wait for longer', async () => {
  const line = slots({ maxWaiting: 4, maxWaitMs: 1, maxPatienceMs: 60_000 });
  const order: string[] = [];
  const leave = await line.take(1, never);
  const ask = async (name: string, isPatient: boolean): Promise<void> => {
    const done = await line.take(1, never, isPatient);
    order.push(name);
    done();
  };
  const patient = [ask('patient 1', true), ask('patient 2', true)];
  await assert.rejects(ask('too late', false), isCapacity);
  const urgent = ask('urgent', false);
  leave();
  await Promise.all([...patient, urgent]);
  assert.deepEqual(order, ['urgent', 'patient 1', 'patient 2']);
});

test('a full line is capacity: too many, too large, too long', async () => {
  const line = slots();
  const leave = await line.take(1, never);
  const waiting = [line.take(60, never), line.take(40, never)];
  await assert.rejects(line.take(0, never), isCapacity);
  leave();
  (await waiting[0])?.();
  (await waiting[1])?.();
  const busy = await line.take(1, never);
  const large = line.take(90, never);
  await assert.rejects(line.take(20, never), isCapacity);
  busy();
  (await large)();
  const quick = slots({ maxWaitMs: 1 });
  const held = await quick.take(1, never);
  await assert.rejects(quick.take(1, never), isCapacity);
  held();
});

test('who gives up waiting leaves the line; what was counted for it is free again', async () => {
  const line = slots();
  const leave = await line.take(1, never);
  const gone = new AbortController();
  const waiting = line.take(100, gone.signal);
  gone.abort(new Error('gone'));
  await assert.rejects(waiting, /gone/);
  const next = line.take(100, never);
  leave();
  (await next)();
  await assert.rejects(line.take(1, AbortSignal.abort(new Error('before'))), /before/);
});

const errors: string[] = [];
const pool = createReaderPool({
  threads: 1,
  maxWaiting: 100,
  maxWaitingBytes: 1e9,
  maxWaitMs: 60_000,
  timeoutMs: 60_000,
  onError: (message) => errors.push(message),
});
after(() => pool.close());

const target: ProductTarget = {
  kind: 'product',
  asin: 'B000000001',
  domain: 'com',
  language: 'en_US',
  country: null,
  url: 'http://x/dp/B000000001',
};
const page = `<!doctype html><html lang="en-us"><body><p>nothing to read</p>${'<i>x</i>'.repeat(20_000)}</body></html>`;
const task = () => ({
  body: gzipSync(page),
  contentEncoding: 'gzip',
  contentType: 'text/html',
  status: 200,
  headers: {},
  url: target.url,
  target,
  maxBytes: 1e7,
  wantHtml: false,
});

test('a page is decoded, judged and, when it cannot be read, handed back for its ticket', async () => {
  const result = await pool.read(task(), never);
  assert.equal(result.verdict, 'unknown');
  assert.equal(new TextDecoder().decode(result.page ?? undefined), page);
});

test('a bomb ends at the limit', async () => {
  const result = await pool.read({ ...task(), body: gzipSync(Buffer.alloc(50_000_000)), maxBytes: 1_000_000 }, never);
  assert.equal(result.verdict, 'too_large');
});

test('callers that give up cost no thread: those who stay are served, and nothing is thrown about', async () => {
  const goers = Array.from({ length: 30 }, async (_, index) => {
    const gone = new AbortController();
    const reading = pool.read(task(), gone.signal);
    if (index % 2 === 0) gone.abort(new Error('gone'));
    return reading.then(
      () => 'read',
      () => 'gone',
    );
  });
  const outcomes = await Promise.all(goers);
  assert.equal(outcomes.filter((outcome) => outcome === 'read').length >= 15, true, outcomes.join());
  assert.deepEqual(errors, []);
});

test('a page that keeps its thread too long is unreadable, with the page for the ticket; the next one is read', async () => {
  const hasty = createReaderPool({
    threads: 1,
    maxWaiting: 9,
    maxWaitingBytes: 1e9,
    maxWaitMs: 60_000,
    timeoutMs: 1,
    onError: () => {},
  });
  try {
    const result = await hasty.read(task(), never);
    assert.equal(result.verdict, 'unknown');
    assert.match(result.bug ?? '', /longer than 1 ms/);
    assert.equal(new TextDecoder().decode(result.page ?? undefined), page);
  } finally {
    await hasty.close();
  }
});
