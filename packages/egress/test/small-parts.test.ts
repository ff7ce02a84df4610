import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitsIn } from '../src/exits.ts';
import { publicUrl } from '../src/public-url.ts';
import { retryAfterMs } from '../src/retry-after.ts';
import { openScope, ScopeEnded, untilAborted } from '../src/scope.ts';
import { Slots } from '../src/slots.ts';
import { BoundedBytes } from '../src/bytes.ts';

test('a URL that is shown holds no credentials', () => {
  assert.equal(publicUrl('https://user:secret@host.example/x?k=a+b&q=%20'), 'https://host.example/x?k=a+b&q=%20');
  assert.equal(
    publicUrl('https://host.example/x?api_key=s1&k=tv&API-KEY=s2&token=s3'),
    'https://host.example/x?api_key=***&k=tv&API-KEY=***&token=***',
  );
  assert.equal(publicUrl('no url'), '');
});

test('Retry-After in seconds and as a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(retryAfterMs(undefined, now), null);
  assert.equal(retryAfterMs('3', now), 3000);
  assert.equal(retryAfterMs(' 0 ', now), 0);
  assert.equal(retryAfterMs('Thu, 01 Jan 2026 00:00:10 GMT', now), 10_000);
  assert.equal(retryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', now), 0);
  for (const bad of ['', 'soon', '-1', '1.5', '1e9', '99999999999']) assert.equal(retryAfterMs(bad, now), null, bad);
});

test('where a tier exits', () => {
  assert.equal(exitsIn({ exitCountries: 'any' }, 'DE'), true);
  assert.equal(exitsIn({ exitCountries: ['DE', 'FR'] }, 'DE'), true);
  assert.equal(exitsIn({ exitCountries: ['FR'] }, 'DE'), false);
  assert.equal(exitsIn({ exitCountries: null }, 'DE'), false);
});

test('slots are a hard cap, handed on in order', async () => {
  const slots = new Slots(2, 10);
  const { signal } = new AbortController();
  const order: number[] = [];
  let peak = 0;
  await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      const leave = await slots.enter(signal);
      assert.ok(typeof leave === 'function');
      order.push(i);
      peak = Math.max(peak, slots.taken);
      await Promise.resolve();
      leave();
      leave();
    }),
  );
  assert.equal(peak, 2);
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual([slots.taken, slots.waiting], [0, 0]);
});

test('a full queue refuses, and an aborted one leaves it', async () => {
  const slots = new Slots(1, 1);
  const caller = new AbortController();
  const leave = await slots.enter(caller.signal);
  assert.ok(typeof leave === 'function');
  const waiting = slots.enter(caller.signal);
  assert.equal(await slots.enter(caller.signal), 'full');
  caller.abort();
  assert.equal(await waiting, 'aborted');
  assert.equal(await slots.enter(caller.signal), 'aborted');
  assert.deepEqual([slots.taken, slots.waiting], [1, 0]);
  leave();
  assert.equal(slots.taken, 0);
  assert.equal(typeof (await slots.enter(new AbortController().signal)), 'function');
});

test('a scope ends by time or with its parent, and says which', async () => {
  const parent = new AbortController();
  const byTime = openScope(parent.signal, 1);
  await new Promise<void>((resolve) => {
    byTime.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  assert.equal(byTime.ended, 'time');
  const byParent = openScope(parent.signal, 60_000);
  const closed = openScope(parent.signal, 60_000);
  closed.close();
  parent.abort();
  assert.deepEqual([byTime.ended, byParent.ended, closed.ended], ['time', 'parent', null]);
  assert.ok(byParent.signal.aborted && closed.signal.aborted);
  assert.equal(openScope(parent.signal, 60_000).ended, 'parent');
});

test('work in a scope: its result, its error, the end of the scope, and an error that comes too late', async () => {
  const late: unknown[] = [];
  const onLate = (error: unknown): void => void late.push(error);
  const open = new AbortController().signal;
  assert.equal(await untilAborted(Promise.resolve(1), open, onLate), 1);
  await assert.rejects(untilAborted(Promise.reject(new Error('own')), open, onLate), /own/);
  const scope = new AbortController();
  const work = Promise.withResolvers<number>();
  const cut = untilAborted(work.promise, scope.signal, onLate);
  scope.abort();
  await assert.rejects(cut, ScopeEnded);
  work.reject(new Error('late'));
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  assert.deepEqual(
    late.map((error) => (error as Error).message),
    ['late'],
  );
});

test('bytes are collected up to the limit, into a buffer of their length', () => {
  const bytes = new BoundedBytes(300_000, 999_999_999);
  for (let i = 0; i < 3; i += 1) assert.ok(bytes.add(Buffer.alloc(100_000, i)));
  assert.equal(bytes.add(Buffer.alloc(1)), false);
  assert.equal(bytes.size, 300_000);
  const taken = bytes.take();
  assert.equal(taken.byteLength, taken.buffer.byteLength);
  assert.deepEqual([taken[0], taken[150_000], taken[299_999]], [0, 1, 2]);
  assert.equal(new BoundedBytes(10, null).take().byteLength, 0);
});
