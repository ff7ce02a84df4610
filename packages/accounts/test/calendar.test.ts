import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anniversary, dayOf, periodAt } from '../src/calendar.ts';

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString();
const moment = fc.integer({ min: at('1999-12-31T00:00:00Z'), max: at('2080-01-01T00:00:00Z') });

test('an anniversary keeps the day where the month has it, and uses the last one where not', () => {
  const began = at('2024-01-31T13:45:10.250Z');
  assert.deepEqual(
    [0, 1, 2, 3, 12, 13, 25].map((n) => iso(anniversary(began, n)).slice(0, 16)),
    [
      '2024-01-31T13:45',
      '2024-02-29T13:45',
      '2024-03-31T13:45',
      '2024-04-30T13:45',
      '2025-01-31T13:45',
      '2025-02-28T13:45',
      '2026-02-28T13:45',
    ],
  );
  assert.equal(anniversary(began, 0), began);
});

test('anniversaries are in consecutive months, at the time of day of the beginning', () => {
  fc.assert(
    fc.property(moment, fc.integer({ min: 0, max: 600 }), (began, n) => {
      const [this_, next] = [new Date(anniversary(began, n)), new Date(anniversary(began, n + 1))];
      const months = (date: Date): number => date.getUTCFullYear() * 12 + date.getUTCMonth();
      assert.equal(months(this_) - months(new Date(began)), n);
      assert.equal(months(next) - months(this_), 1);
      assert.equal(iso(this_.getTime()).slice(10), iso(began).slice(10));
      const day = new Date(began).getUTCDate();
      const dayAfter = new Date(this_.getTime() + 86_400_000).getUTCDate();
      assert.ok(this_.getUTCDate() === day || (this_.getUTCDate() < day && dayAfter === 1));
    }),
  );
});

test('every moment is in exactly one month', () => {
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      const [began, now] = [Math.min(a, b), Math.max(a, b)];
      const n = periodAt(began, now);
      assert.ok(anniversary(began, n) <= now);
      assert.ok(now < anniversary(began, n + 1));
    }),
  );
  const began = at('2024-01-31T13:45:10.250Z');
  assert.equal(periodAt(began, at('2024-02-29T13:45:10.249Z')), 0);
  assert.equal(periodAt(began, at('2024-02-29T13:45:10.250Z')), 1);
  assert.equal(periodAt(began, began - 1000), 0);
});

test('days are those of UTC', () => {
  assert.equal(dayOf(at('2026-03-01T00:30:00+02:00')), '2026-02-28');
});
