import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVerifier } from '@asa/accounts';
import { createLedgerVerifier } from 'asa-client';
import { good, tampered } from './ledger-vectors.ts';

/** What the service's check of a ledger says of the vectors is what they and the client say. */

function verify<T extends { line(text: string): unknown; end(): unknown }>(
  verifier: T,
  lines: readonly string[],
): ReturnType<T['end']> {
  for (const line of lines) verifier.line(line);
  return verifier.end() as ReturnType<T['end']>;
}

test('the service and the client find the same in every good export', () => {
  for (const { name, lines, known } of good) {
    const client = verify(createLedgerVerifier(known), lines);
    assert.deepEqual({ ok: true, ...verify(createVerifier(known), lines) }, client, name);
  }
});

test('the service finds every tampered export where the vectors say', () => {
  for (const { name, lines, known, expect } of tampered) {
    const result = verify(createVerifier(known), lines);
    assert.ok('problem' in result, `${name} was not found out`);
    assert.deepEqual([result.line, result.seq], [expect.line, expect.seq], name);
    assert.ok(result.problem.includes(expect.problem), result.problem);
  }
});
