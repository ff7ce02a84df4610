import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { VERDICTS, verdictClass, type ErrorCode, type Verdict } from '@asa/contract';
import { finalError, ladderTable, nextStep, type LadderPolicy, type PastAttempt, type Step } from '../src/index.ts';

const ALL = Object.keys(VERDICTS) as Verdict[];
const POLICY: LadderPolicy = {
  maxAttempts: 5,
  budgetMs: 45_000,
  tiers: [{ name: 'cheap' }, { name: 'middle' }, { name: 'dear' }],
};
const half = (): number => 0.5;

const after = (attempts: readonly PastAttempt[], elapsedMs = 1000, policy = POLICY): Step =>
  nextStep({ attempts, elapsedMs, policy }, half);
const tried = (verdict: Verdict, tier = 'cheap', retryAfterMs: number | null = null): PastAttempt => ({
  verdict,
  tier,
  retryAfterMs,
});

test('every combination of last outcome, unreadable pages, attempts and budget ends as the contract says', () => {
  // Written out from contract section 4, not from the code: class -> the error when it is the last word.
  const lastWords: Record<string, ErrorCode | 'ok'> = {
    product: 'ok',
    list: 'ok',
    no_results: 'ok',
    not_found: 'product_not_found',
    other_product: 'asin_mismatch',
    shelf: 'generic_gallery_page',
    captcha: 'blocked_by_amazon',
    continue_shopping: 'blocked_by_amazon',
    waf: 'blocked_by_amazon',
    sign_in: 'blocked_by_amazon',
    service_unavailable: 'blocked_by_amazon',
    offers: 'extraction_failed',
    home: 'extraction_failed',
    unknown: 'extraction_failed',
    truncated: 'target_unreachable',
    empty: 'target_unreachable',
    not_html: 'target_unreachable',
    refused: 'target_unreachable',
    timeout: 'upstream_timeout',
    connection: 'target_unreachable',
    tls: 'target_unreachable',
    proxy: 'target_unreachable',
    redirect_loop: 'target_unreachable',
    foreign_redirect: 'target_unreachable',
    too_large: 'target_unreachable',
    undecodable: 'target_unreachable',
  };
  assert.deepEqual(Object.keys(lastWords).sort(), ALL.toSorted());
  for (const last of ALL) {
    for (const unreadable of [0, 1, 2]) {
      for (const attemptsLeft of [true, false]) {
        for (const budgetLeft of [true, false]) {
          const word = lastWords[last];
          const atOnce = ['ok', 'product_not_found', 'asin_mismatch', 'generic_gallery_page'].includes(word ?? '');
          const readTwice = word === 'extraction_failed' && unreadable === 2;
          const expected =
            atOnce || readTwice || !attemptsLeft ? word : budgetLeft ? null : ('upstream_timeout' as const);
          assert.equal(
            finalError({ last, unreadable, attemptsLeft, budgetLeft }),
            expected,
            `${last}, ${unreadable} unreadable, attempts left ${attemptsLeft}, budget left ${budgetLeft}`,
          );
        }
      }
    }
  }
});

test('before the first attempt only the budget decides', () => {
  assert.equal(finalError({ last: null, unreadable: 0, attemptsLeft: true, budgetLeft: true }), null);
  assert.equal(finalError({ last: null, unreadable: 0, attemptsLeft: true, budgetLeft: false }), 'upstream_timeout');
  assert.deepEqual(after([], 0), { do: 'attempt', tier: 'cheap', freshSession: false, delayMs: 0 });
  assert.deepEqual(after([], 45_000), { do: 'finish', error: 'upstream_timeout' });
});

test('a block climbs to the next tier with a fresh session, and stays on the last one', () => {
  assert.deepEqual(after([tried('captcha')]), { do: 'attempt', tier: 'middle', freshSession: true, delayMs: 500 });
  assert.deepEqual(after([tried('waf', 'middle')]), { do: 'attempt', tier: 'dear', freshSession: true, delayMs: 500 });
  assert.deepEqual(after([tried('sign_in', 'dear')]), {
    do: 'attempt',
    tier: 'dear',
    freshSession: true,
    delayMs: 500,
  });
});

test('waits grow while one tier fails in one way, and start again on another', () => {
  const blocked = [tried('captcha', 'dear'), tried('waf', 'dear')];
  assert.equal(delayOf(after(blocked)), 1000);
  assert.equal(delayOf(after([...blocked, tried('connection', 'dear')])), 250);
  assert.equal(delayOf(after([tried('captcha', 'middle'), tried('captcha', 'dear')])), 500);
});

test('an unreachable target and a timeout are tried again on the same tier, in the same session', () => {
  for (const verdict of ['connection', 'refused', 'too_large', 'timeout'] as const) {
    const step = after([tried(verdict, 'middle')]);
    assert.ok(step.do === 'attempt');
    assert.deepEqual([step.tier, step.freshSession], ['middle', false], verdict);
  }
});

test('an unreadable page is asked for once more with a fresh session, then it is the answer', () => {
  const step = after([tried('unknown')]);
  assert.ok(step.do === 'attempt' && step.freshSession && step.tier === 'cheap');
  assert.deepEqual(after([tried('unknown'), tried('home')]), { do: 'finish', error: 'extraction_failed' });
  // What lies between the two does not matter.
  assert.equal(after([tried('unknown'), tried('captcha')]).do, 'attempt');
  assert.deepEqual(after([tried('unknown'), tried('captcha'), tried('offers')]), {
    do: 'finish',
    error: 'extraction_failed',
  });
});

test('Retry-After of the target is obeyed on its tier, not on another exit', () => {
  assert.equal(delayOf(after([tried('refused', 'cheap', 3000)])), 3000);
  assert.equal(delayOf(after([tried('service_unavailable', 'dear', 3000)])), 3000);
  assert.equal(delayOf(after([tried('service_unavailable', 'cheap', 3000)])), 500);
  assert.equal(delayOf(after([tried('refused', 'cheap', 1)])), 250);
});

test('a target that asks to stay away longer than the budget has spoken its last word', () => {
  assert.deepEqual(after([tried('service_unavailable', 'dear', 60_000)]), { do: 'finish', error: 'blocked_by_amazon' });
  assert.deepEqual(after([tried('refused', 'cheap', 60_000)]), { do: 'finish', error: 'target_unreachable' });
});

test('no attempt is begun that has no time left', () => {
  assert.deepEqual(after([tried('captcha', 'dear')], 44_450), { do: 'finish', error: 'upstream_timeout' });
  assert.equal(after([tried('captcha', 'dear')], 44_300).do, 'attempt');
});

test('a usable page is the answer, also at the last moment', () => {
  for (const verdict of ['product', 'list', 'no_results'] as const) {
    assert.deepEqual(after([tried(verdict)], Number.POSITIVE_INFINITY), { do: 'finish', error: null });
  }
});

const verdict = fc.constantFrom(...ALL);
const policy = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 8 }),
  budgetMs: fc.integer({ min: 1, max: 60_000 }),
  tiers: fc.integer({ min: 1, max: 4 }).map((n) => Array.from({ length: n }, (_, i) => ({ name: `tier${i}` }))),
});

test('property: whatever happens, a request ends within its attempts and its budget, with the word of its history', () => {
  fc.assert(
    fc.property(
      policy,
      fc.array(fc.record({ verdict, ms: fc.nat(20_000), retryAfterMs: fc.option(fc.nat(90_000)) }), {
        minLength: 8,
        maxLength: 8,
      }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (rules, happenings, chance) => {
        const attempts: PastAttempt[] = [];
        let elapsedMs = 0;
        let rung = 0;
        for (;;) {
          const step = nextStep({ attempts, elapsedMs, policy: rules }, () => chance);
          const last = attempts.at(-1);
          if (step.do === 'finish') {
            const usable = last !== undefined && verdictClass(last.verdict) === 'usable';
            assert.equal(step.error === null, usable);
            if (last === undefined) assert.fail('a request with time ended without an attempt');
            if (verdictClass(last.verdict) === 'final') assert.equal(step.error, VERDICTS[last.verdict].lastWord);
            if (step.error !== null && step.error !== 'upstream_timeout') {
              assert.equal(step.error, VERDICTS[last.verdict].lastWord);
            }
            break;
          }
          if (last !== undefined) {
            assert.ok(!['usable', 'final'].includes(verdictClass(last.verdict)), `tried again after ${last.verdict}`);
            assert.ok(step.delayMs > 0);
          }
          assert.ok(attempts.length < rules.maxAttempts);
          assert.ok(elapsedMs + step.delayMs < rules.budgetMs);
          const next = rules.tiers.findIndex(({ name }) => name === step.tier);
          assert.ok(next === rung || next === rung + 1, 'tiers are climbed one at a time');
          rung = next;
          const happening = happenings[attempts.length];
          assert.ok(happening !== undefined);
          elapsedMs += step.delayMs + happening.ms;
          attempts.push({ tier: step.tier, verdict: happening.verdict, retryAfterMs: happening.retryAfterMs });
        }
        const unreadable = attempts.filter((a) => verdictClass(a.verdict) === 'unreadable').length;
        assert.ok(unreadable <= 2, 'an unreadable page is asked for once more, not more often');
      },
    ),
    { numRuns: 500 },
  );
});

test('the table names every verdict once (unreadable ones twice) and every error they end in', () => {
  const table = ladderTable();
  const lines = table.trimEnd().split('\n');
  for (const name of ALL) {
    const rows = lines.filter((line) => line.includes(`\`${name}\``));
    assert.equal(rows.length, verdictClass(name) === 'unreadable' ? 2 : 1, name);
    const lastWord = VERDICTS[name].lastWord;
    for (const row of rows) assert.ok(row.includes(lastWord === null ? 'the answer' : `\`${lastWord}\``), row);
  }
  const columns = lines.map((line) => line.split('|').length);
  assert.equal(new Set(columns).size, 1);
  assert.match(table, /\| blocked \|.*again: next tier, fresh session, after 250-750 ms/);
});

function delayOf(step: Step): number {
  assert.ok(step.do === 'attempt');
  return step.delayMs;
}
