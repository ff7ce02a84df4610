import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { randomOf } from '../src/random.ts';

test('a key always gives the same draws, on every machine', () => {
  const random = randomOf('golden', 1);
  const drawn = [random.int(1, 1000), random.int(1, 1000), random.int(1, 1000), random.text('AB', 8)];
  assert.deepEqual(drawn, [86, 542, 986, 'BABBAAAA']);
});

test('parts of a key do not run together', () => {
  assert.notEqual(randomOf('a', 'bc').next(), randomOf('ab', 'c').next());
});

test('draws stay in their bounds', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: -50, max: 50 }), fc.nat(100), (key, low, width) => {
      const random = randomOf(key);
      const drawn = random.int(low, low + width);
      assert.ok(drawn >= low && drawn <= low + width);
      const items = Array.from({ length: width }, (_, i) => i);
      const sample = random.sample(items, 5);
      assert.equal(new Set(sample).size, Math.min(5, width));
    }),
  );
});
