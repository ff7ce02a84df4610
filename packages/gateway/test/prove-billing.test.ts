import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prove } from './prove/prove.ts';

/** `npm run prove:billing` does the same with more kills. */
const KILLS = 8;

test('after kill -9 at random moments the callers, the origin and the ledger say the same', async (t) => {
  const seed = Date.now() % 1_000_000;
  t.diagnostic(`seed ${seed}`);
  const figures = await prove({ kills: KILLS, seed, log: (line) => t.diagnostic(line) });
  t.diagnostic(JSON.stringify(figures));
  // It was a load, and it was cut.
  assert.ok(figures.succeeded > 20 && figures.failed > 0, JSON.stringify(figures));
  assert.ok(figures.inFlight >= KILLS, JSON.stringify(figures));
});
