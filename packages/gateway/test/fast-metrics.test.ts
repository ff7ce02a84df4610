import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Counter, Histogram, Registry } from 'prom-client';
import { createHistogram, createTally } from '../src/fast-metrics.ts';

const lines = async (registry: Registry): Promise<string[]> => (await registry.metrics()).split('\n').toSorted();

test('a scrape reads what the counters and histograms of the library would give', async () => {
  const bounds = [0.001, 0.5, 1, 2.5];
  const values = fc.oneof(
    fc.constantFrom(0, ...bounds, 3),
    fc.integer({ min: 0, max: 4000 }).map((n) => n / 1000),
  );
  const words = fc.constantFrom('a', 'b "quoted"', 'c\nd');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(words, words, values), { maxLength: 60 }), async (calls) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const tally = createTally(ours, { name: 'asa_a_total', help: 'A.', labels: ['one', 'two'] });
      const observe = createHistogram(ours, { name: 'asa_b_seconds', help: 'B.', label: 'one', bounds });
      const counter = new Counter({ name: 'asa_a_total', help: 'A.', labelNames: ['one', 'two'], registers: [theirs] });
      const histogram = new Histogram({
        name: 'asa_b_seconds',
        help: 'B.',
        labelNames: ['one'],
        buckets: bounds,
        registers: [theirs],
      });
      for (const [one, two, value] of calls) {
        tally(one, two);
        counter.inc({ one, two });
        observe(one, value);
        histogram.observe({ one }, value);
      }
      assert.deepEqual(await lines(ours), await lines(theirs));
    }),
    { numRuns: 50 },
  );
});
