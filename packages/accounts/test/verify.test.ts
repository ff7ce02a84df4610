import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ChainEntry } from '@asa/contract';
import fc from 'fast-check';
import { createVerifier, type Tampering, type Verified } from '../src/index.ts';
import { entryHash, GENESIS } from '../src/ledger/chain.ts';
import { hold, startHouse } from './helpers.ts';

/** An export that was changed anywhere is found out, and the first entry that it shows in is named. */

function verify(lines: readonly string[], known?: string): Tampering | Verified {
  const verifier = createVerifier(known);
  for (const line of lines) verifier.line(line);
  return verifier.end();
}
const entryOf = (line: string): ChainEntry => JSON.parse(line) as ChainEntry;

/** A ledger with everything that there is in one: a month that ends, refunds, open requests. */
async function someLedger(t: TestContext) {
  const { accounts, clock } = await startHouse(t);
  const { ledger, workspaces } = accounts;
  const { id } = await workspaces.create({ name: 'w', plan: 'custom', allowance: 100, credits: 1000 });
  for (let round = 0; round < 3; round += 1) {
    const holds = await Promise.all(Array.from({ length: 8 }, (_, i) => hold(accounts, id, 5 + 5 * (i % 3))));
    const [one, two, three, four, ...others] = holds;
    assert.ok(one && two && three && four);
    await Promise.all([ledger.capture(one, 5), ledger.capture(two, 5), ledger.release(three)]);
    if (round === 1) clock.ms += 40 * 86_400_000;
    await Promise.all(others.map((each) => ledger.capture(each, 5)));
    await ledger.undo(two);
    if (round < 2) await ledger.release(four);
    await workspaces.credits(id, {
      amount: round === 0 ? 10 : -10,
      reason: `by "hand" ${round}`,
      idempotencyKey: null,
    });
  }
  const exported = async (after = 0) => Array.fromAsync(await ledger.export(id, after));
  return { id, ledger, lines: await exported(), exported };
}

test('an export that nobody touched is whole', async (t) => {
  const { id, lines, exported, ledger } = await someLedger(t);
  const whole = verify(lines);
  assert.ok(!('problem' in whole), JSON.stringify(whole));
  assert.equal(whole.workspace, id);
  assert.equal(whole.entries, lines.length - 2);
  assert.deepEqual([whole.captures, whole.charged, whole.open], [18, 75, 1]);
  assert.equal(whole.end.balance, await ledger.remaining(id));

  await t.test('also in parts, each of which follows on the one before', async () => {
    for (const after of [1, 7, whole.end.seq - 1, whole.end.seq, whole.end.seq + 5]) {
      const part = verify(await exported(after));
      assert.ok(!('problem' in part), `${after}: ${JSON.stringify(part)}`);
      assert.deepEqual(part.end, whole.end);
      assert.equal(part.start.seq, Math.min(after, whole.end.seq));
    }
  });

  await t.test('pages show the same entries, newest first, to the same end', async () => {
    const seen: ChainEntry[] = [];
    let cursor: string | null = null;
    do {
      const page = await ledger.chain(id, { limit: 7, cursor });
      assert.deepEqual(page.end, whole.end);
      seen.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    assert.deepEqual(seen.toReversed(), lines.slice(1, -1).map(entryOf));
  });

  await t.test('a hash that is known from elsewhere is in it, or it is another chain', () => {
    assert.ok(!('problem' in verify(lines, entryOf(lines[5] ?? '').hash)));
    assert.match((verify(lines, 'f'.repeat(64)) as Tampering).problem, /no entry has the hash/);
  });
});

test('whatever is changed in an export is found, at the first entry that was changed', async (t) => {
  const { lines } = await someLedger(t);
  const place = fc.integer({ min: 1, max: lines.length - 2 });
  /** Everything that can be said differently in an entry. */
  const fields = fc.constantFrom<keyof ChainEntry>(...(Object.keys(entryOf(lines[1] ?? '')) as (keyof ChainEntry)[]));
  const values = fc.oneof(
    fc.integer({ min: -2000, max: 2000 }),
    fc.string({ maxLength: 12 }),
    fc.constant(null),
    fc.constantFrom('hold', 'capture', 'release', 'adjust', 'topup', 'grant'),
    fc.constantFrom(...lines.slice(1, -1).map((line) => entryOf(line).hash)),
    fc.constantFrom(...lines.slice(1, -1).map((line) => entryOf(line).request_id)),
  );
  const kinds = fc.oneof(
    fc.record({ how: fc.constant('change' as const), place, fields, values }),
    fc.record({ how: fc.constant('drop' as const), place }),
    fc.record({ how: fc.constant('double' as const), place }),
    fc.record({ how: fc.constant('swap' as const), place, other: place }),
    fc.record({ how: fc.constant('insert' as const), place, other: place }),
    fc.record({ how: fc.constant('cut' as const), place }),
    fc.record({ how: fc.constant('cut tail' as const), place }),
    fc.record({ how: fc.constant('shift credits' as const), place, credits: fc.integer({ min: 1, max: 50 }) }),
    fc.record({ how: fc.constant('extra' as const), place, values }),
  );
  fc.assert(
    fc.property(kinds, (kind) => {
      const changed = [...lines];
      const line = changed[kind.place] ?? '';
      switch (kind.how) {
        case 'change':
          changed[kind.place] = JSON.stringify({ ...entryOf(line), [kind.fields]: kind.values });
          break;
        case 'shift credits': {
          const entry = entryOf(line);
          changed[kind.place] = JSON.stringify({
            ...entry,
            allowance: entry.allowance + kind.credits,
            topup: entry.topup - kind.credits,
          });
          break;
        }
        case 'extra':
          changed[kind.place] = JSON.stringify({ ...entryOf(line), more: kind.values });
          break;
        case 'drop':
          changed.splice(kind.place, 1);
          break;
        case 'double':
          changed.splice(kind.place, 0, line);
          break;
        case 'insert':
          changed.splice(kind.place, 0, changed[kind.other] ?? '');
          break;
        case 'swap':
          changed[kind.place] = changed[kind.other] ?? '';
          changed[kind.other] = line;
          break;
        case 'cut':
          changed.splice(kind.place, changed.length - 1 - kind.place);
          break;
        case 'cut tail':
          changed.splice(kind.place);
      }
      const first = changed.findIndex((text, i) => text !== lines[i]);
      fc.pre(first !== -1 || changed.length !== lines.length);
      const result = verify(changed);
      assert.ok('problem' in result, `not found: ${JSON.stringify(kind)}`);
      // A doubled line shows at the second of the two, which is the first that differs; what is cut off shows at the end of the file.
      assert.equal(result.line, first === -1 ? changed.length : first + 1, JSON.stringify([kind, result]));
    }),
    { numRuns: 500 },
  );
});

/** Writes a chain anew, as somebody with the whole file could: then only sums, pots and the life of requests can be wrong. */
function rewritten(lines: readonly string[], change: (entries: ChainEntry[]) => void, end = true): string[] {
  const head = JSON.parse(lines[0] ?? '') as { workspace: string };
  const entries = lines.slice(1, -1).map(entryOf);
  change(entries);
  let [hash, balance] = [GENESIS, 0];
  for (const [i, entry] of entries.entries()) {
    const {
      kind,
      allowance,
      topup,
      period,
      request_id: requestId,
      key_id: keyId,
      reason,
      created_at: createdAt,
    } = entry;
    const facts = { kind, allowance, topup, period, requestId, keyId, reason, createdAt };
    hash = entryHash(hash, { workspaceId: head.workspace, seq: i + 1, ...facts });
    balance += entry.amount;
    entries[i] = { ...entry, seq: i + 1, hash };
  }
  const tail = end ? { end: { seq: entries.length, hash, balance } } : (JSON.parse(lines.at(-1) ?? '') as object);
  return [lines[0] ?? '', ...entries.map((entry) => JSON.stringify(entry)), JSON.stringify(tail)];
}

test('a chain that was written anew is found out by what cannot be, or by a hash from elsewhere', async (t) => {
  const { lines } = await someLedger(t);
  assert.deepEqual(
    rewritten(lines, () => {}),
    lines,
    'the chain is what it says it is',
  );
  const at = (kind: string, n = 0) =>
    lines.flatMap((line, i) => (line.includes(`"kind":"${kind}"`) ? [i - 1] : []))[n] ?? -1;
  const problem = (change: (entries: ChainEntry[]) => void): [number | null, string] => {
    const result = verify(rewritten(lines, change));
    assert.ok('problem' in result);
    return [result.seq, result.problem];
  };
  const copy = (entries: ChainEntry[], i: number): ChainEntry => ({ ...(entries[i] ?? assert.fail()) });
  const capture = at('capture');
  const cases: [string, (entries: ChainEntry[]) => void, number, RegExp][] = [
    ['captured twice', (all) => all.splice(capture + 1, 0, copy(all, capture)), capture + 2, /captured before/],
    ['held twice', (all) => all.splice(at('hold') + 1, 0, copy(all, at('hold'))), at('hold') + 2, /held before/],
    [
      'released twice',
      (all) => all.splice(at('release') + 1, 0, copy(all, at('release'))),
      at('release') + 2,
      /released before/,
    ],
    [
      'never held',
      (all) => (all[capture] = { ...copy(all, capture), request_id: 'req_ffffffffffff' }),
      capture + 1,
      /never held/,
    ],
    [
      'more than held',
      (all) => (all[capture] = { ...copy(all, capture), amount: -500, topup: -500, allowance: 0 }),
      capture + 1,
      /captures 500 of/,
    ],
    [
      'pots that do not add up',
      (all) => (all[capture] = { ...copy(all, capture), amount: -4 }),
      capture + 1,
      /not the sum/,
    ],
    [
      'spent what was not there',
      (all) => {
        all[0] = { ...copy(all, 0), amount: 1, allowance: 1 };
        all[1] = { ...copy(all, 1), amount: 1, topup: 1 };
      },
      -1,
      /takes \d+ credits where there were/,
    ],
    [
      'refunded twice',
      (all) => {
        const i = all.findIndex((entry) => entry.kind === 'adjust' && entry.request_id !== null);
        all.splice(i + 1, 0, copy(all, i));
      },
      -1,
      /refunds 5 of 5/,
    ],
  ];
  for (const [name, change, seq, expected] of cases) {
    const [found, text] = problem(change);
    assert.match(text, expected, name);
    if (seq >= 0) assert.equal(found, seq, name);
  }
  const cheaper = rewritten(lines, (all) => (all[1] = { ...copy(all, 1), amount: 999, topup: 999 }));
  assert.ok(!('problem' in verify(cheaper)), 'one that is right in itself');
  const receipt = entryOf(lines[capture + 1] ?? '').hash;
  assert.match((verify(cheaper, receipt) as Tampering).problem, /no entry has the hash/);
  assert.match((verify(rewritten(lines, (all) => all.pop(), false)) as Tampering).problem, /entries are missing/);
});

test('npm run verify:ledger tells', async (t) => {
  const { lines } = await someLedger(t);
  const folder = mkdtempSync(join(tmpdir(), 'asa-verify-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ledger.ndjson');
  const run = (...args: string[]) => {
    const tool = join(import.meta.dirname, '../../../tools/verify-ledger.ts');
    return spawnSync(process.execPath, [tool, ...args], { encoding: 'utf8' });
  };
  writeFileSync(file, `${lines.join('\n')}\n`);
  const good = run(file, '--hash', entryOf(lines[3] ?? '').hash);
  assert.equal(good.status, 0, good.stderr);
  assert.match(good.stdout, /are whole/);
  const dearer = { ...entryOf(lines[9] ?? ''), amount: -1 };
  writeFileSync(file, `${lines.with(9, JSON.stringify(dearer)).join('\n')}\n`);
  const bad = run(file);
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /^TAMPERED: entry 9 \(line 10\): /);
  assert.equal(run().status, 2);
  assert.equal(run(join(folder, 'nothing')).status, 2);
});
