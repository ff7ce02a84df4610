import { verdictClass, type AttemptRecord, type OwnVerdict, type Target, type Verdict } from '@asa/contract';
import { publicUrl } from './public-url.ts';
import { retryAfterMs } from './retry-after.ts';
import { ScopeEnded, untilAborted, type Scope } from './scope.ts';
import type { Session } from './session/session.ts';
import type { Fetched } from './transport.ts';
import type { EgressPolicy, Judge, Tier } from './types.ts';

export interface Attempt<R> {
  readonly record: AttemptRecord;
  /** When it was sent, in ms. */
  readonly startedAt: number;
  /** Time until the page had arrived, or until it was given up, in ms. */
  readonly upstreamMs: number;
  /** What the target's `Retry-After` asked for, in ms; null when it asked for nothing. */
  readonly retryAfterMs: number | null;
  /** The page and what the judge said of it; null when none arrived or the judge was cut. */
  readonly page: { readonly fetched: Fetched; readonly result: R } | null;
}

interface Work<R> {
  readonly n: number;
  /** How long it waited for its turn, in ms. */
  readonly waitMs: number;
  /** Whether it races another one. */
  readonly hedge: boolean;
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
  const { n, waitMs, hedge, target, tier, session, scope, policy, now } = work;
  const startedAt = now();
  let blame: Verdict | null = null;
  const end = (
    verdict: Verdict,
    error: string | null,
    arrived: Arrived,
    more: Omit<Attempt<R>, 'record' | 'startedAt'>,
  ): Attempt<R> => {
    // Nothing is the session's fault that we or its caller cut short.
    blame = verdictClass(verdict) === 'cut' || error === 'budget' ? null : verdict;
    const record: AttemptRecord = {
      n,
      tier: tier.name,
      exit_country: session.exit.country,
      url: publicUrl(arrived.url),
      started_at: new Date(startedAt).toISOString(),
      status: arrived.status,
      bytes: arrived.bytes,
      duration_ms: Math.round(now() - startedAt),
      wait_ms: Math.round(waitMs),
      hedge,
      shared: false,
      verdict,
      error,
    };
    return { record, startedAt, ...more };
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
    const upstreamMs = now() - startedAt;
    work.leave();
    if (!sent.ok) {
      const { failure } = sent;
      const none = { upstreamMs, retryAfterMs: null, page: null };
      const { ended } = scope;
      if (ended === null) return end(failure.verdict, failure.reason, failure, none);
      // The page had not arrived when the time of the request was up: that it was slow is the target's doing.
      return ended === 'time' ? end('timeout', 'budget', failure, none) : end(GIVEN_UP[ended], null, failure, none);
    }
    const fetched = { ...sent.fetched, url: publicUrl(sent.fetched.url) };
    // Before the judge, which may take the body over.
    const arrived = { url: fetched.url, status: fetched.status, bytes: fetched.body.byteLength };
    const judged = await untilEnded(work, fetched);
    if (judged === null) {
      return end(GIVEN_UP[scope.ended ?? 'time'], null, arrived, { upstreamMs, retryAfterMs: null, page: null });
    }
    return end(judged.verdict, null, arrived, {
      upstreamMs,
      retryAfterMs: retryAfterMs(fetched.headers['retry-after'], now()),
      page: { fetched, result: judged.result },
    });
  } finally {
    session.end(blame);
  }
}

/** What became of an attempt by what ended it before its page was read. */
const GIVEN_UP: Readonly<Record<NonNullable<Scope['ended']>, OwnVerdict>> = {
  time: 'unread',
  parent: 'caller_gone',
  outrun: 'outrun',
};

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
