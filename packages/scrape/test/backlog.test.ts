import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBacklog } from '../src/reader/backlog.ts';

/** A backlog whose pages take so long to read and to fetch. */
function setUp({ readMs, fetchMs, threads = 2 }: { readMs: number; fetchMs: number; threads?: number }) {
  const clock = { ms: 0 };
  const backlog = createBacklog({ threads, now: () => clock.ms });
  const one = (brings = true): void => {
    const expected = backlog.expect();
    clock.ms += fetchMs;
    if (brings) {
      expected.arrived();
      backlog.read(readMs);
    }
    expected.over();
  };
  return { backlog, one };
}

test('nothing is told before enough was read', () => {
  const { backlog } = setUp({ readMs: 10, fetchMs: 100 });
  for (let i = 0; i < 1000; i += 1) backlog.expect();
  assert.equal(backlog.waitMs(), 0);
});

test('a page waits for all that are under way, less what is read while it is fetched', () => {
  const { backlog, one } = setUp({ readMs: 10, fetchMs: 100 });
  for (let i = 0; i < 200; i += 1) one();
  const under = Array.from({ length: 20 }, () => backlog.expect());
  assert.equal(backlog.waitMs(), 0, '20 pages of 10 ms on two threads are read in the 100 ms of a fetch');
  for (let i = 0; i < 80; i += 1) under.push(backlog.expect());
  assert.ok(Math.abs(backlog.waitMs() - 400) < 1, `${backlog.waitMs()}`);
  for (const expected of under) {
    expected.over();
    expected.over();
  }
  assert.equal(backlog.waitMs(), 0, 'what ended is not waited for');
});

test('fetches that bring no page are not waited for', () => {
  const { backlog, one } = setUp({ readMs: 10, fetchMs: 100 });
  for (let i = 0; i < 200; i += 1) one();
  for (let i = 0; i < 200; i += 1) one(false);
  for (let i = 0; i < 500; i += 1) backlog.expect();
  assert.equal(backlog.waitMs(), 0);
});
