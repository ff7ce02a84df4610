import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { good, tampered } from '../../../tools/ledger-vectors.ts';
import { difference } from '../../sdk-node/test/player.ts';
import { asa } from './cli.ts';

/** `asa bill verify` says of every vector what the client says of it, and its exit code says whether. */

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'asa-bill-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const flags = (known: string | null): string[] => (known === null ? [] : ['--hash', known]);

test('every good export is whole, from a file and from a pipe', async () => {
  const file = join(folder, 'ledger.jsonl');
  for (const { name, lines, known, expect } of good) {
    writeFileSync(file, text(lines));
    const { code, out, err } = await asa(['bill', 'verify', file, ...flags(known)]);
    assert.equal(code, 0, `${name}: ${err}`);
    assert.equal(difference(JSON.parse(out), { ok: true, ...expect }), null);
    assert.deepEqual(await asa(['bill', 'verify', '-', ...flags(known)], { stdin: text(lines) }), {
      code,
      out,
      err: '',
    });
  }
  const table = await asa(['bill', 'verify', file, '--table']);
  assert.match(table.out, /entries \d+ to 15 are whole/);
});

test('every tampered export ends with 1 and names the first entry where it shows', async () => {
  for (const { name, lines, known, expect } of tampered) {
    const { code, out, err } = await asa(['bill', 'verify', '-', ...flags(known)], { stdin: text(lines) });
    assert.equal(code, 1, name);
    const { line, seq, problem } = JSON.parse(out) as { line: number; seq: number | null; problem: string };
    assert.deepEqual([line, seq], [expect.line, expect.seq], name);
    assert.ok(problem.includes(expect.problem), problem);
    const where = seq === null ? `line ${line}` : `entry ${seq} (line ${line})`;
    assert.ok(err.startsWith(`TAMPERED: ${where}: `), err);
  }
});

test('a file that is not there and a hash that is none are wrong usage', async () => {
  for (const argv of [
    ['bill', 'verify', join(folder, 'nothing.jsonl')],
    ['bill', 'verify', '-', '--hash', 'F'.repeat(64)],
    ['bill', 'verify', '-', '--hash', 'abc'],
    ['bill', 'export', '--after', '-1'],
    ['bill', 'verify'],
  ]) {
    const { code, out } = await asa(argv);
    assert.deepEqual([code, out], [2, ''], argv.join(' '));
  }
});
