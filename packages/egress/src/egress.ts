import type { AttemptRecord, ErrorCode, PlanName } from '@asa/contract';
import { makeAttempt, type Attempt } from './attempt.ts';
import { exitsIn, isForPlan } from './exits.ts';
import { TierSets } from './tier-sets.ts';
import { nextStep, type PastAttempt, type Step } from './ladder/next-step.ts';
import { openScope, type Scope } from './scope.ts';
import { SessionPool } from './session/pool.ts';
import { Slots } from './slots.ts';
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

/** Puts tiers, sessions and the ladder together. Throws a RangeError for a policy that no request could satisfy. */
export function createEgress(options: EgressOptions): Egress {
  const { policy } = options;
  const now = options.now ?? steadyNow;
  const random = options.random ?? Math.random;
  const sleep = options.sleep ?? wait;
  const log = options.log ?? (() => {});
  for (const name of ['maxAttempts', 'budgetMs', 'attemptTimeoutMs', 'maxBytes', 'maxConcurrent'] as const) {
    if (!(policy[name] >= 1)) throw new RangeError(`${name} is ${policy[name]}; it must be at least 1`);
  }
  const tierSets = new TierSets(options.tiers);
  const slots = new Slots(policy.maxConcurrent, policy.maxWaiting ?? policy.maxConcurrent);
  const sessions = new SessionPool({ now, random });

  async function fetch<R>(request: EgressRequest<R>): Promise<EgressResult<R>> {
    const { target } = request;
    const startedAt = now();
    const attempts: AttemptRecord[] = [];
    const past: PastAttempt[] = [];
    let last: Attempt<R> | null = null;
    const end = (code: ErrorCode | null): EgressResult<R> => ({
      attempts,
      budgetSpentMs: now() - startedAt,
      outcome: outcomeOf(code, last),
    });

    const { tiers, leave: leaveTiers } = tierSets.enter();
    const eligible = tiers.filter((tier) => isEligible(tier, target.country, request.plan));
    if (eligible.length === 0) {
      leaveTiers();
      return end('forbidden_region');
    }
    const budgetMs = Math.min(policy.budgetMs, request.budgetMs ?? policy.budgetMs);
    const ladder = { maxAttempts: policy.maxAttempts, budgetMs, tiers: eligible };
    const scope = openScope(request.signal, budgetMs);
    try {
      for (;;) {
        const elapsedMs = scope.ended === null ? now() - startedAt : Number.POSITIVE_INFINITY;
        const step = nextStep({ attempts: past, elapsedMs, policy: ladder }, random);
        if (step.do === 'finish') return end(step.error);
        if (step.delayMs > 0) await sleep(step.delayMs, scope.signal);
        const leave = await slots.enter(scope.signal);
        if (leave === 'full') return end('capacity');
        if (leave === 'aborted') continue;
        try {
          last = await attempt(request, step, eligible, { n: attempts.length + 1, scope, leave });
        } finally {
          leave();
        }
        attempts.push(last.record);
        past.push({ ...last.record, retryAfterMs: last.retryAfterMs });
        request.onAttempt?.(last.record);
      }
    } finally {
      scope.close();
      leaveTiers();
    }
  }

  async function attempt<R>(
    { target, judge }: EgressRequest<R>,
    step: Extract<Step, { do: 'attempt' }>,
    eligible: readonly Tier[],
    { n, scope, leave }: { readonly n: number; readonly scope: Scope; readonly leave: () => void },
  ): Promise<Attempt<R>> {
    const tier = eligible.find(({ name }) => name === step.tier);
    if (tier === undefined) throw new Error(`the ladder chose a tier that is not there: ${step.tier}`);
    const { domain, language, country } = target;
    const session = sessions.acquire({ domain, language, country, tier }, step.freshSession);
    const onLateJudge = (error: unknown): void => {
      // A judge that stops because its signal says so has done what it should.
      if (error instanceof Error && error.name === 'AbortError') return;
      log('a judge failed after its request had ended', { err: error, domain });
    };
    return makeAttempt({ n, target, tier, session, scope, policy, judge, now, leave, onLateJudge });
  }

  return {
    fetch,
    hasExit: (country, plan) => tierSets.current.some((tier) => isEligible(tier, country, plan)),
    stats: () => ({ running: slots.taken, waiting: slots.waiting, sessions: sessions.size }),
    sessionStats: () => sessions.stats(),
    replaceTiers(tiers) {
      tierSets.replace(tiers);
      sessions.keepOnly(tiers);
    },
    close: () => tierSets.close(),
  };
}

const isEligible = (tier: Tier, country: string | null, plan: PlanName | undefined): boolean =>
  isForPlan(tier, plan) && (country === null || exitsIn(tier, country));

function outcomeOf<R>(code: ErrorCode | null, last: Attempt<R> | null): EgressResult<R>['outcome'] {
  const verdict = last?.record.verdict ?? null;
  const page = last?.page ?? null;
  if (code !== null) return { ok: false, code, verdict, last: page };
  if (page === null || verdict === null) throw new Error('the ladder ended well without a page');
  return { ok: true, verdict, ...page };
}
