import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Verdict } from '@asa/contract';
import { badShare, beginProbe, CLOSED, health, onOutcome, tierOutcome, type Breaker } from '../src/policy/breaker.ts';
import { BREAKER_RULES as RULES } from '../src/policy/rules.ts';

const note = (breaker: Breaker, outcome: 'good' | 'bad' | null, now: number, wasProbe = false): Breaker =>
  onOutcome(breaker, outcome, wasProbe, now, RULES);
const noteAll = (breaker: Breaker, outcomes: readonly ('good' | 'bad')[], now: number): Breaker =>
  outcomes.reduce((state, outcome) => note(state, outcome, now), breaker);
const BAD = Array.from({ length: RULES.leastOutcomes }, () => 'bad' as const);
const GOOD = BAD.map(() => 'good' as const);

/** One that opened for the nth time in a row just now. */
function openedAt(now: number, times: number): Breaker {
  let breaker = noteAll(CLOSED, BAD, now);
  for (let i = 1; i < times; i += 1) breaker = note({ ...breaker, probeAt: now, probedAt: now }, 'bad', now, true);
  return breaker;
}

test('it opens when enough was tried and half of it went badly, and not before', () => {
  assert.equal(health(noteAll(CLOSED, BAD.slice(1), 0), 0, RULES), 'closed');
  assert.equal(health(noteAll(CLOSED, BAD, 0), 0, RULES), 'open');
  assert.equal(health(noteAll(CLOSED, [...GOOD, ...BAD.slice(1)], 0), 0, RULES), 'closed');
  assert.equal(health(noteAll(CLOSED, [...GOOD, ...BAD], 0), 0, RULES), 'open');
});

test('what is older than the window is forgotten', () => {
  const breaker = noteAll(CLOSED, BAD.slice(1), 0);
  assert.equal(badShare(breaker, RULES.windowMs - 1, RULES), 1);
  assert.equal(badShare(breaker, RULES.windowMs + 1, RULES), 0);
  assert.equal(health(note(breaker, 'bad', RULES.windowMs + 1), RULES.windowMs + 1, RULES), 'closed');
});

test('open for a while, then one probe at a time; good ones close it, and it starts with a clean record', () => {
  let breaker = openedAt(0, 1);
  assert.equal(health(breaker, RULES.firstOpenMs - 1, RULES), 'open');
  let now = RULES.firstOpenMs;
  for (let i = 0; i < RULES.probes; i += 1) {
    assert.equal(health(breaker, now, RULES), 'probe');
    breaker = beginProbe(breaker, now);
    assert.equal(health(breaker, now, RULES), 'open', 'a second probe beside the first');
    now += 10;
    breaker = note(breaker, 'good', now, true);
  }
  assert.equal(health(breaker, now, RULES), 'closed');
  assert.equal(badShare(breaker, now, RULES), 0);
});

test('a bad probe opens it for twice as long, up to the most', () => {
  for (const times of [1, 2, 3, 4, 10, 100]) {
    const breaker = openedAt(0, times);
    assert.equal(breaker.opened, times);
    assert.equal(breaker.probeAt, Math.min(RULES.mostOpenMs, RULES.firstOpenMs * 2 ** (times - 1)), `${times} times`);
  }
});

test('one that opens again soon after it closed is open for longer; after a long good time it starts anew', () => {
  const closed: Breaker = { ...CLOSED, opened: 3, closedAt: 0 };
  assert.equal(noteAll(closed, BAD, 1000).opened, 4);
  assert.equal(noteAll(closed, BAD, RULES.mostOpenMs + 1).opened, 1);
});

test('a probe that never comes back, or says nothing, makes room for another', () => {
  const probing = beginProbe(openedAt(0, 1), RULES.firstOpenMs);
  assert.equal(health(probing, RULES.firstOpenMs + RULES.probeMs, RULES), 'probe');
  assert.equal(health(note(probing, null, RULES.firstOpenMs + 1, true), RULES.firstOpenMs + 1, RULES), 'probe');
});

test('requests that were in flight when it opened, or had no other tier, neither close nor prolong it', () => {
  const breaker = openedAt(0, 1);
  const after = noteAll(noteAll(breaker, GOOD, 5), BAD, 10);
  assert.deepEqual([after.probeAt, after.opened], [breaker.probeAt, breaker.opened]);
});

test('what an attempt says of its tier', () => {
  const said = (verdict: Verdict, error: string | null = null) => tierOutcome({ verdict, error });
  for (const verdict of ['product', 'no_results', 'not_found', 'other_product'] as const)
    assert.equal(said(verdict), 'good');
  for (const verdict of ['captcha', 'waf', 'refused', 'empty', 'connection', 'proxy', 'timeout'] as const)
    assert.equal(said(verdict), 'bad');
  for (const verdict of ['unknown', 'truncated', 'redirect_loop', 'outrun', 'caller_gone', 'unread'] as const)
    assert.equal(said(verdict), null);
  assert.equal(said('timeout', 'budget'), null, 'our time was too short, not the tier too slow');
});

test('property: never open for longer than the most, never without a way back, and its memory is bounded', () => {
  const event = fc.record({
    ms: fc.oneof(fc.nat(200), fc.nat(400_000)),
    outcome: fc.constantFrom('good' as const, 'bad' as const, 'bad' as const, null),
    takesProbe: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), (events) => {
      let now = 1_700_000_000_000;
      let breaker = CLOSED;
      for (const { ms, outcome, takesProbe } of events) {
        now += ms;
        const wasProbe = takesProbe && health(breaker, now, RULES) === 'probe';
        if (wasProbe) breaker = beginProbe(breaker, now);
        const before = health(breaker, now, RULES);
        breaker = note(breaker, outcome, now, wasProbe);
        const after = health(breaker, now, RULES);
        if (before === 'closed' && after === 'open') assert.equal(outcome, 'bad');
        if (before !== 'closed' && after === 'closed') assert.ok(wasProbe && outcome === 'good');
        assert.ok(breaker.parts.length <= RULES.parts);
        assert.ok((breaker.probeAt ?? now) - now <= RULES.mostOpenMs);
        const later = now + RULES.mostOpenMs + RULES.probeMs;
        assert.notEqual(health(breaker, later, RULES), 'open', 'a tier is lost for ever');
        const share = badShare(breaker, now, RULES);
        assert.ok(share >= 0 && share <= 1);
      }
    }),
    { numRuns: 300 },
  );
});
