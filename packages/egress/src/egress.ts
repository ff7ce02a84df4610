import { verdictClass, type AttemptRecord, type ErrorCode, type PlanName } from '@asa/contract';
import { makeAttempt, type Attempt } from './attempt.ts';
import { nextStep, type PastAttempt, type Step } from './ladder/next-step.ts';
import { MIN_ATTEMPT_MS } from './ladder/rules.ts';
import { mayServe } from './ladder/tiers.ts';
import { BREAKER_RULES, HEDGE_RULES, PACE_RULES } from './policy/rules.ts';
import { Traffic } from './policy/traffic.ts';
import { race, type Runner } from './race.ts';
import { openPart, openScope, type Scope } from './scope.ts';
import { SessionPool } from './session/pool.ts';
import { Slots } from './slots.ts';
import { TierSets } from './tier-sets.ts';
import { takeTurn, type Turn } from './turn.ts';
import type { Egress, EgressOptions, EgressRequest, EgressResult, Tier } from './types.ts';

/** Milliseconds since the epoch from the clock that never goes back, so that no correction of the system's time ends a budget. */
const steadyNow = (): number => performance.timeOrigin + performance.now();

/** Resolves after `ms`, or at once when the signal aborts. */
const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });

const callAfter = (ms: number, then: () => void): (() => void) => {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
};

/** One request on its way. */
interface Journey<R> extends EgressRequest<R> {
  readonly tiers: readonly Tier[];
  readonly scope: Scope;
  /** When its time is up, in ms. */
  readonly endsAt: number;
}

/** Puts tiers, sessions, the ladder and the politeness together. Throws a RangeError for a policy that no request could satisfy. */
export function createEgress(options: EgressOptions): Egress {
  const { policy } = options;
  const now = options.now ?? steadyNow;
  const random = options.random ?? Math.random;
  const sleep = options.sleep ?? wait;
  const after = options.after ?? callAfter;
  const log = options.log ?? (() => {});
  for (const name of ['maxAttempts', 'budgetMs', 'attemptTimeoutMs', 'maxBytes', 'maxConcurrent'] as const) {
    if (!(policy[name] >= 1)) throw new RangeError(`${name} is ${policy[name]}; it must be at least 1`);
  }
  const tierSets = new TierSets(options.tiers);
  const slots = new Slots(policy.maxConcurrent, policy.maxWaiting ?? policy.maxConcurrent);
  const sessions = new SessionPool({ now, random });
  const { pace = PACE_RULES, breaker = BREAKER_RULES, hedge = HEDGE_RULES } = options.rules ?? {};
  const traffic = new Traffic({ now, random, after }, { pace, breaker, hedge });
  const turns = { sessions, traffic, slots };
  const hedges = { started: 0, won: 0 };

  async function fetch<R>(request: EgressRequest<R>): Promise<EgressResult<R>> {
    const { target, plan = null } = request;
    const { domain, country } = target;
    const startedAt = now();
    const budgetMs = Math.min(policy.budgetMs, request.budgetMs ?? policy.budgetMs);
    const attempts: AttemptRecord[] = [];
    const past: PastAttempt[] = [];
    let last: Attempt<R> | null = null;
    // Tiers whose exits turned out to be busy longer than they looked, until the next attempt.
    const late = new Set<string>();
    const { tiers, leave: leaveTiers } = tierSets.enter();
    const scope = openScope(request.signal, budgetMs);
    const journey: Journey<R> = { ...request, tiers, scope, endsAt: startedAt + budgetMs };
    const end = (code: ErrorCode | null, retryAfterMs: number | null = null): EgressResult<R> => ({
      attempts,
      budgetSpentMs: now() - startedAt,
      outcome: outcomeOf(code, last, retryAfterMs),
    });
    try {
      for (;;) {
        const decidedAt = now();
        const elapsedMs = scope.ended === null ? decidedAt - startedAt : Number.POSITIVE_INFINITY;
        const views = tiers.map((tier) => {
          const view = traffic.view(tier, domain, country);
          return late.has(tier.name) ? { ...view, waitMs: Math.max(view.waitMs ?? 0, budgetMs) } : view;
        });
        const ladder = { maxAttempts: policy.maxAttempts, budgetMs };
        const step = nextStep(
          { attempts: past, elapsedMs, policy: ladder, tiers: views, asker: { plan, country } },
          random,
        );
        if (step.do === 'finish') return end(step.error, step.retryAfterMs ?? null);
        if (step.delayMs > 0) await sleep(step.delayMs, scope.signal);
        const turn = await takeTurn(turns, {
          target,
          tier: tierOf(tiers, step),
          freshSession: step.freshSession,
          signal: scope.signal,
          latestAt: journey.endsAt - MIN_ATTEMPT_MS,
          mayQueue: true,
        });
        if (turn === 'full') return end('capacity');
        if (turn === 'late') late.add(step.tier);
        if (typeof turn === 'string') continue;
        late.clear();
        const waitMs = now() - decidedAt;
        const made = await contest(
          journey,
          turn,
          attempts.length + 1,
          waitMs,
          attempts.length + 1 < policy.maxAttempts,
        );
        for (const attempt of made) {
          last = attempt;
          past.push({ ...attempt.record, retryAfterMs: attempt.retryAfterMs });
        }
        for (const { record } of made.toSorted((a, b) => a.record.n - b.record.n)) {
          attempts.push(record);
          request.onAttempt?.(record);
        }
      }
    } finally {
      scope.close();
      leaveTiers();
    }
  }

  /** One attempt, or two that race when that is wanted and possible; the last one counts. */
  function contest<R>(
    journey: Journey<R>,
    turn: Turn,
    n: number,
    waitMs: number,
    mayRace: boolean,
  ): Promise<readonly Attempt<R>[]> {
    const { target, scope } = journey;
    const { tier } = turn;
    const { domain } = target;
    const isHedged = mayRace && (tier.hedge ?? policy.hedge ?? false);
    const first = run(journey, turn, { n, waitMs, hedge: false });
    return race(first, {
      aloneMs: isHedged ? traffic.slowAfterMs(tier, domain) : null,
      after,
      isGood: ({ record }) => isAnswer(record),
      onLate: (err) => log('an attempt failed after another one had won', { err, domain }),
      async second() {
        if (scope.ended !== null) return null;
        // It is worth having only at once: an exit or a process that is busy has better things to do.
        const more = { freshSession: false, latestAt: now(), mayQueue: false };
        const other = await takeTurn(turns, { target, tier, signal: scope.signal, ...more });
        if (typeof other === 'string') return null;
        hedges.started += 1;
        const runner = run(journey, other, { n: n + 1, waitMs: 0, hedge: true });
        runner.done.then(
          ({ record }) => (hedges.won += isAnswer(record) ? 1 : 0),
          () => {},
        );
        return runner;
      },
    });
  }

  function run<R>(
    { target, judge, scope: whole }: Journey<R>,
    turn: Turn,
    numbers: { readonly n: number; readonly waitMs: number; readonly hedge: boolean },
  ): Runner<Attempt<R>> {
    const scope = openPart(whole);
    let isPastRace = false;
    const leave = (): void => {
      isPastRace = true;
      turn.leave();
    };
    const onLateJudge = (error: unknown): void => {
      // A judge that stops because its signal says so has done what it should.
      if (error instanceof Error && error.name === 'AbortError') return;
      log('a judge failed after its request had ended', { err: error, domain: target.domain });
    };
    const { tier, session } = turn;
    const attempt = async (): Promise<Attempt<R>> => {
      let made: Attempt<R> | null = null;
      try {
        made = await makeAttempt({ ...numbers, target, tier, session, scope, policy, judge, now, leave, onLateJudge });
        return made;
      } finally {
        scope.close();
        turn.note(made);
      }
    };
    return { done: attempt(), isPastRace: () => isPastRace, cut: scope.cut };
  }

  return {
    fetch,
    hasExit: (country, plan) => tierSets.current.some((tier) => mayServe(tier, { plan: plan ?? null, country })),
    tierNames: (plan) => tierNames(tierSets.current, plan),
    stats: () => ({
      running: slots.taken,
      waiting: slots.waiting,
      sessions: sessions.size,
      hedges: { ...hedges },
      ...traffic.stats(),
    }),
    sessionStats: () => sessions.stats(),
    replaceTiers(tiers) {
      tierSets.replace(tiers);
      sessions.keepOnly(tiers);
      traffic.keepOnly(tiers);
    },
    close: () => tierSets.close(),
  };
}

/** Whether nothing is better than what this attempt brought. */
const isAnswer = ({ verdict }: AttemptRecord): boolean => ['usable', 'final'].includes(verdictClass(verdict));

const tierNames = (tiers: readonly Tier[], plan: PlanName | undefined): string[] =>
  tiers.filter((tier) => mayServe(tier, { plan: plan ?? null, country: null })).map(({ name }) => name);

function tierOf(tiers: readonly Tier[], step: Extract<Step, { do: 'attempt' }>): Tier {
  const tier = tiers.find(({ name }) => name === step.tier);
  if (tier === undefined) throw new Error(`the ladder chose a tier that is not there: ${step.tier}`);
  return tier;
}

function outcomeOf<R>(
  code: ErrorCode | null,
  last: Attempt<R> | null,
  retryAfterMs: number | null,
): EgressResult<R>['outcome'] {
  const verdict = last?.record.verdict ?? null;
  const page = last?.page ?? null;
  if (code !== null) return { ok: false, code, verdict, last: page, retryAfterMs };
  if (page === null || verdict === null) throw new Error('the ladder ended well without a page');
  return { ok: true, verdict, ...page };
}
