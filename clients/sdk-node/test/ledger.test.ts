import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLedgerVerifier, type LedgerProblem, type LedgerWhole } from '../src/index.ts';
import { good, tampered } from '../../../tools/ledger-vectors.ts';
import { difference } from './player.ts';

/** The client's own check of a ledger against the vectors; tools/ledger-vectors.test.ts holds the service's against the same. */

function verify(lines: readonly string[], known: string | null): LedgerProblem | LedgerWhole {
  const verifier = createLedgerVerifier(known);
  for (const line of lines) verifier.line(line);
  return verifier.end();
}
for (const { name, lines, known, expect } of good) {
  test(`a good export: ${name}`, () => {
    const result = verify(lines, known);
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(difference(result, expect), null);
  });
}

for (const { name, lines, known, expect } of tampered) {
  test(`a tampered export: ${name}`, () => {
    const result = verify(lines, known);
    assert.ok(!result.ok, 'it was not found out');
    const { line, seq, problem } = result;
    assert.deepEqual([line, seq], [expect.line, expect.seq], problem);
    assert.ok(problem.includes(expect.problem), problem);
  });
}

test('there is a case for every key of an entry and every kind', () => {
  const [whole] = good;
  assert.ok(whole);
  const entries = whole.lines.slice(1, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    new Set(entries.map(({ kind }) => kind)),
    new Set(['grant', 'topup', 'hold', 'release', 'capture', 'adjust']),
  );
  const changed = new Set(
    tampered.flatMap(({ lines }) => {
      if (lines.length !== whole.lines.length) return [];
      const at = lines.findIndex((line, i) => line !== whole.lines[i]);
      try {
        const now = JSON.parse(lines[at] ?? '') as Record<string, unknown>;
        const before = entries[at - 1] ?? {};
        return Object.keys(before).filter((key) => now[key] !== before[key]);
      } catch {
        return [];
      }
    }),
  );
  for (const key of Object.keys(entries[0] ?? {})) assert.ok(changed.has(key), `nothing changes ${key}`);
});
