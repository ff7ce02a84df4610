import type { AttemptRecord, Target, Verdict } from '@asa/contract';
import { publicUrl } from './public-url.ts';
import { retryAfterMs } from './retry-after.ts';
import { ScopeEnded, untilAborted, type Scope } from './scope.ts';
import type { Session } from './session/session.ts';
import type { Fetched } from './transport.ts';
import type { EgressPolicy, Judge, Tier } from './types.ts';

export interface Attempt<R> {
  readonly record: AttemptRecord;
  readonly retryAfterMs: number | null;
  /** The page and what the judge said of it; null when none arrived or the judge was cut. */
  readonly page: { readonly fetched: Fetched; readonly result: R } | null;
}

interface Work<R> {
  readonly n: number;
  readonly target: Target;
  readonly tier: Tier;
  readonly session: Session;
  readonly scope: Scope;
  readonly policy: EgressPolicy;
  readonly judge: Judge<R>;
  readonly now: () => number;
  /** Called when the upstream part is over, before the judge; not when something throws. */
  readonly leave: () => void;
  readonly onLateJudge: (error: unknown) => void;
}

/** One attempt from request to verdict. Rejects only when the judge does. */
export async function makeAttempt<R>(work: Work<R>): Promise<Attempt<R>> {
  const { n, target, tier, session, scope, policy, now } = work;
  const startedAt = now();
  let outcome: Verdict | null = null;
  const record = (verdict: Verdict, error: string | null, arrived: Arrived): AttemptRecord => {
    outcome = verdict;
    return {
      n,
      tier: tier.name,
      exit_country: session.exit.country,
      url: publicUrl(arrived.url),
      started_at: new Date(startedAt).toISOString(),
      status: arrived.status,
      bytes: arrived.bytes,
      duration_ms: Math.round(now() - startedAt),
      verdict,
      error,
    };
  };
  try {
    const sent = await tier.transport.fetch({
      url: target.url,
      headers: { ...session.headers, ...tier.headersFor?.(n) },
      signal: scope.signal,
      timeoutMs: policy.attemptTimeoutMs,
      maxBytes: policy.maxBytes,
      session,
      proxy: session.exit.proxy,
      fingerprint: session.fingerprint,
    });
    work.leave();
    if (!sent.ok) {
      const { failure } = sent;
      return {
        record: record(failure.verdict, cutBy(scope) ?? failure.reason, failure),
        retryAfterMs: null,
        page: null,
      };
    }
    const fetched = { ...sent.fetched, url: publicUrl(sent.fetched.url) };
    // Before the judge, which may take the body over.
    const arrived = { url: fetched.url, status: fetched.status, bytes: fetched.body.byteLength };
    const judged = await untilEnded(work, fetched);
    if (judged === null) return { record: record('timeout', cutBy(scope), arrived), retryAfterMs: null, page: null };
    return {
      record: record(judged.verdict, null, arrived),
      retryAfterMs: retryAfterMs(fetched.headers['retry-after'], now()),
      page: { fetched, result: judged.result },
    };
  } finally {
    // Nothing is the session's fault when its caller hung up.
    session.end(scope.ended === 'parent' ? null : outcome);
  }
}

interface Arrived {
  readonly url: string;
  readonly status: number | null;
  readonly bytes: number;
}

/** The judge's word, or null when the time ran out first. */
async function untilEnded<R>({ judge, scope, onLateJudge }: Work<R>, fetched: Fetched): ReturnType<typeof orNull<R>> {
  return orNull<R>(untilAborted(judge(fetched, scope.signal), scope.signal, onLateJudge));
}

async function orNull<R>(word: ReturnType<Judge<R>>): Promise<{ verdict: Verdict; result: R } | null> {
  try {
    return await word;
  } catch (error) {
    if (error instanceof ScopeEnded) return null;
    throw error;
  }
}

/** What cut an attempt short from outside, for the trace. */
const cutBy = ({ ended }: Scope): string | null =>
  ended === null ? null : ended === 'time' ? 'budget' : 'caller_gone';
