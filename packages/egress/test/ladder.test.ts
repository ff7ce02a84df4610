import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { VERDICTS, verdictClass, type ErrorCode, type Verdict } from '@asa/contract';
import {
  finalError,
  ladderTable,
  nextStep,
  type Asker,
  type LadderPolicy,
  type PastAttempt,
  type Step,
  type TierView,
} from '../src/index.ts';

const ALL = Object.keys(VERDICTS) as Verdict[];
const POLICY: LadderPolicy = { maxAttempts: 5, budgetMs: 45_000 };
const TIERS: readonly TierView[] = [{ name: 'cheap' }, { name: 'middle' }, { name: 'dear' }];
const half = (): number => 0.5;

const after = (attempts: readonly PastAttempt[], elapsedMs = 1000, tiers = TIERS, asker?: Asker): Step =>
  nextStep({ attempts, elapsedMs, policy: POLICY, tiers, ...(asker === undefined ? {} : { asker }) }, half);
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
    unread: 'upstream_timeout',
    outrun: 'upstream_timeout',
    caller_gone: 'upstream_timeout',
  };
  assert.deepEqual(Object.keys(lastWords).sort(), ALL.toSorted());
  // What we ended ourselves was ended for good.
  const cut = new Set<Verdict>(['unread', 'outrun', 'caller_gone']);
  for (const last of ALL) {
    for (const unreadable of [0, 1, 2]) {
      for (const attemptsLeft of [true, false]) {
        for (const budgetLeft of [true, false]) {
          const word = lastWords[last];
          const atOnce =
            ['ok', 'product_not_found', 'asin_mismatch', 'generic_gallery_page'].includes(word ?? '') || cut.has(last);
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

test('an unreachable target and a timeout are tried again on the same tier, in the same session, then on the next', () => {
  for (const verdict of ['connection', 'refused', 'too_large', 'timeout'] as const) {
    assert.deepEqual(where(after([tried(verdict, 'middle')])), ['middle', false], verdict);
    assert.deepEqual(where(after([tried(verdict, 'middle'), tried(verdict, 'middle')])), ['dear', false], verdict);
    assert.deepEqual(where(after([tried(verdict, 'dear'), tried(verdict, 'dear')])), ['dear', false], verdict);
  }
  // Only those of one tier and one kind in a row.
  assert.deepEqual(where(after([tried('timeout'), tried('connection')])), ['cheap', false]);
});

test('a session whose proxy failed is left, and after two of them the tier', () => {
  assert.deepEqual(where(after([tried('proxy')])), ['cheap', true]);
  assert.deepEqual(where(after([tried('proxy'), tried('proxy')])), ['middle', true]);
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
  const exits = [{ name: 'only', hasOtherExits: true }];
  assert.equal(delayOf(after([tried('service_unavailable', 'only', 3000)], 0, exits)), 500);
  assert.equal(delayOf(after([tried('refused', 'only', 3000)], 0, exits)), 3000, 'the same session has the same exit');
});

test('a target that asks to stay away longer than the budget is left for another tier, or has spoken its last word', () => {
  assert.deepEqual(where(after([tried('refused', 'cheap', 60_000)])), ['middle', false]);
  assert.deepEqual(where(after([tried('service_unavailable', 'dear', 60_000)])), ['middle', true]);
  const [only] = TIERS;
  assert.ok(only !== undefined);
  const alone = (verdict: Verdict): Step => after([tried(verdict, 'cheap', 60_000)], 1000, [only]);
  assert.deepEqual(alone('service_unavailable'), { do: 'finish', error: 'blocked_by_amazon' });
  assert.deepEqual(alone('refused'), { do: 'finish', error: 'target_unreachable' });
});

test('a tier whose breaker is open is skipped, a probed one is not; when all are open the least bad is used', () => {
  const tiers = (...healths: TierView['health'][]): TierView[] =>
    healths.map((health = 'closed', i) => ({ name: `t${i}`, health, badShare: [0.9, 0.6, 0.7][i] ?? 1 }));
  assert.deepEqual(where(after([], 0, tiers('open', 'closed', 'closed'))), ['t1', false]);
  assert.deepEqual(where(after([], 0, tiers('probe', 'closed', 'closed'))), ['t0', false]);
  assert.deepEqual(where(after([], 0, tiers('open', 'open', 'open'))), ['t1', false]);
  assert.deepEqual(where(after([tried('captcha', 't0')], 0, tiers('closed', 'open', 'closed'))), ['t2', true]);
  assert.deepEqual(where(after([tried('captcha', 't0')], 0, tiers('closed', 'open', 'open'))), ['t0', true]);
  assert.deepEqual(where(after([tried('captcha', 't2')], 0, tiers('closed', 'probe', 'open'))), ['t1', true]);
  assert.deepEqual(where(after([tried('timeout', 't0')], 0, tiers('open', 'closed', 'closed'))), ['t1', false]);
});

test('a tier that cannot begin in time is passed over; when none can, nothing is charged and the caller hears when', () => {
  const tiers = [
    { name: 'cheap', waitMs: 50_000 },
    { name: 'dear', waitMs: 2000 },
  ];
  assert.deepEqual(where(after([], 0, tiers)), ['dear', false]);
  assert.deepEqual(after([], 44_000, tiers), { do: 'finish', error: 'capacity', retryAfterMs: 2000 });
  assert.deepEqual(after([tried('captcha', 'dear')], 43_500, tiers), { do: 'finish', error: 'blocked_by_amazon' });
});

test('plan and country decide which tiers there are', () => {
  const tiers: TierView[] = [
    { name: 'all', exitCountries: null },
    { name: 'paid', exitCountries: ['DE', 'FR'], plans: ['vibe', 'pro'] },
    { name: 'best', exitCountries: 'any', plans: ['pro'] },
  ];
  const first = (asker: Asker): Step => after([], 0, tiers, asker);
  assert.deepEqual(where(first({ plan: 'free', country: null })), ['all', false]);
  assert.deepEqual(where(first({ plan: 'vibe', country: 'DE' })), ['paid', false]);
  assert.deepEqual(where(first({ plan: 'pro', country: 'JP' })), ['best', false]);
  assert.deepEqual(where(first({ plan: null, country: 'JP' })), ['best', false]);
  for (const asker of [
    { plan: 'vibe', country: 'JP' },
    { plan: 'free', country: 'DE' },
  ] as const) {
    assert.deepEqual(first(asker), { do: 'finish', error: 'forbidden_region' });
  }
  const climbed = after([tried('captcha', 'all')], 0, tiers, { plan: 'free', country: null });
  assert.deepEqual(where(climbed), ['all', true], 'a plan does not climb to a tier of another');
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
});
const state = fc.record({
  health: fc.constantFrom('closed' as const, 'open' as const, 'probe' as const),
  badShare: fc.constantFrom(0, 0.2, 0.5, 1),
  waitMs: fc.oneof(fc.constant(0), fc.nat(90_000)),
  hasOtherExits: fc.boolean(),
  plans: fc.constantFrom(undefined, ['pro' as const], ['free' as const, 'pro' as const]),
  exitCountries: fc.constantFrom(null, 'any' as const, ['DE']),
});
const asker = fc.record({
  plan: fc.constantFrom(null, 'free' as const, 'pro' as const),
  country: fc.constantFrom(null, 'DE'),
});
type Stand = Omit<TierView, 'name' | 'plans'> & { readonly plans: TierView['plans'] | undefined };
const views = (states: readonly Stand[]): TierView[] =>
  states.map(({ plans, ...rest }, i) => ({ name: `tier${i}`, ...rest, ...(plans === undefined ? {} : { plans }) }));

test('property: whatever happens and however the tiers stand, a request ends within its attempts and its budget', () => {
  fc.assert(
    fc.property(
      policy,
      asker,
      fc.array(
        fc.record({
          verdict,
          ms: fc.nat(20_000),
          retryAfterMs: fc.option(fc.nat(90_000)),
          tiers: fc.array(state, { minLength: 3, maxLength: 3 }),
        }),
        { minLength: 9, maxLength: 9 },
      ),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (rules, who, happenings, chance) => {
        const attempts: PastAttempt[] = [];
        let elapsedMs = 0;
        const fixed = views(happenings[0]?.tiers ?? []);
        for (;;) {
          const happening = happenings[attempts.length];
          assert.ok(happening !== undefined);
          // What a tier is stays; how it stands changes.
          const tiers = views(happening.tiers).map((tier, i): TierView => {
            const { plans, exitCountries = null } = fixed[i] ?? {};
            const { plans: _, ...rest } = tier;
            return { ...rest, exitCountries, ...(plans === undefined ? {} : { plans }) };
          });
          const own = tiers.filter(
            ({ plans, exitCountries }) =>
              (who.plan === null || plans === undefined || plans.includes(who.plan)) &&
              (who.country === null || exitCountries === 'any' || (exitCountries ?? []).includes(who.country)),
          );
          const step = nextStep({ attempts, elapsedMs, policy: rules, tiers, asker: who }, () => chance);
          const last = attempts.at(-1);
          const leftMs = rules.budgetMs - elapsedMs;
          if (step.do === 'finish') {
            if (last === undefined) {
              if (own.length === 0) assert.equal(step.error, 'forbidden_region');
              else {
                assert.equal(step.error, 'capacity');
                assert.ok(
                  own.every(({ waitMs = 0 }) => waitMs > 0 && waitMs + 100 > leftMs),
                  'a tier could have begun',
                );
              }
              break;
            }
            assert.equal(step.error === null, verdictClass(last.verdict) === 'usable');
            if (verdictClass(last.verdict) === 'final') assert.equal(step.error, VERDICTS[last.verdict].lastWord);
            if (step.error !== null && step.error !== 'upstream_timeout') {
              assert.equal(step.error, VERDICTS[last.verdict].lastWord);
            }
            break;
          }
          const kind = last === undefined ? null : verdictClass(last.verdict);
          assert.ok(kind === null || !['usable', 'final', 'cut'].includes(kind), `tried again after ${last?.verdict}`);
          assert.ok(attempts.length < rules.maxAttempts);
          const chosen = own.find(({ name }) => name === step.tier);
          assert.ok(chosen !== undefined, 'a tier that the caller may not use');
          const wait = Math.max(step.delayMs, chosen.waitMs ?? 0);
          assert.ok(wait === 0 || wait + 100 <= leftMs, 'it would come too late');
          if (last !== undefined) assert.ok(step.delayMs > 0);
          if (chosen.health === 'open') {
            // Only where no other that could begin was left.
            const others = own.filter(({ health, waitMs = 0, name }) => {
              const asked = name === last?.tier ? (last.retryAfterMs ?? 0) : 0;
              return health !== 'open' && Math.max(waitMs, asked, last === undefined ? 0 : 6000) + 100 <= leftMs;
            });
            assert.deepEqual(others, []);
          }
          elapsedMs += wait + happening.ms;
          attempts.push({ tier: step.tier, verdict: happening.verdict, retryAfterMs: happening.retryAfterMs });
        }
        const unreadable = attempts.filter((a) => verdictClass(a.verdict) === 'unreadable').length;
        assert.ok(unreadable <= 2, 'an unreadable page is asked for once more, not more often');
      },
    ),
    { numRuns: 1000 },
  );
});

test('exhaustive: after every verdict, with every state of three tiers, the next tier is the one that the rule names', () => {
  const healths = ['closed', 'open', 'probe'] as const;
  const combinations = healths.flatMap((a) => healths.flatMap((b) => healths.map((c) => [a, b, c] as const)));
  let seen = 0;
  for (const last of ALL.filter(
    (name) => finalError({ last: name, unreadable: 1, attemptsLeft: true, budgetLeft: true }) === null,
  )) {
    for (const from of [0, 1, 2]) {
      for (const times of [1, 2]) {
        if (verdictClass(last) === 'unreadable' && times === 2) continue;
        for (const states of combinations) {
          const tiers = states.map((health, i) => ({ name: `t${i}`, health, badShare: [0.6, 0.9, 0.7][i] ?? 1 }));
          const history = Array.from({ length: times }, () => tried(last, `t${from}`));
          const step = after(history, 1000, tiers);
          assert.ok(step.do === 'attempt');
          const usable = [0, 1, 2].filter((i) => states[i] !== 'open');
          const kind = verdictClass(last);
          const climbs = kind === 'blocked' || (kind !== 'unreadable' && times === 2);
          const above = usable.filter((i) => i > from);
          const same = usable.filter((i) => i === from);
          const below = usable.filter((i) => i < from).reverse();
          const order = climbs ? [...above, ...same, ...below] : [...same, ...above, ...below];
          assert.equal(step.tier, `t${order[0] ?? 0}`, `${times} x ${last} on t${from}, ${states.join(' ')}`);
          seen += 1;
        }
      }
    }
  }
  assert.ok(seen > 2500, `${seen} cases`);
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

function where(step: Step): [string, boolean] {
  assert.ok(step.do === 'attempt', JSON.stringify(step));
  return [step.tier, step.freshSession];
}

function delayOf(step: Step): number {
  assert.ok(step.do === 'attempt');
  return step.delayMs;
}
