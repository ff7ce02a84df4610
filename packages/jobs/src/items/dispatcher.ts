import { randomUUID } from 'node:crypto';
import type { Store } from '@asa/store';
import type { BatchHooks } from '../seam.ts';
import type { ItemOutcome, ItemRunner } from '../types.ts';
import { claim, lookForWork, type Claimed } from './claim.ts';
import { packText } from './compress.ts';
import { keepResult } from './keep.ts';
import { nextTry } from './policy.ts';
import { endingOf, takeOver } from './recover.ts';
import type { Ending, Written } from './write.ts';
import { createEndingWriter } from './writer.ts';

export interface DispatcherOptions {
  readonly store: Store;
  readonly runner: ItemRunner;
  readonly hooks: BatchHooks;
  /** Items of this process at work at once. */
  readonly concurrency: number;
  /** Whether the process may take on work now. */
  readonly mayStart: () => boolean;
  readonly newRequestId: () => string;
  readonly now: () => number;
  readonly log: (message: string, fields?: object) => void;
  readonly onWritten: (written: Written) => void;
}

export interface Dispatcher {
  readonly start: () => void;
  /** There may be something to claim. */
  readonly wake: () => void;
  /** Items of this process at work. */
  readonly atWork: () => number;
  /** Claims nothing more, lets what is at work finish for so long, then interrupts it: it is tried again, here or elsewhere. */
  readonly stop: (drainMs: number) => Promise<void>;
}

/** Notifications wake it; this is for one that was never heard. */
const POLL_MS = 1000;
const RECOVER_MS = 3000;
/** What was interrupted has this long to give back what it holds. */
const RELEASE_MS = 5000;
const RECOVERED_AT_ONCE = 8;
const MIN_TIMER_MS = 10;
/** While there is work in hand, places that become free wait so long for others: each claim is a transaction, whatever it claims. */
const GATHER_MS = 20;

/** The workers of this process: claims items in fair order, has them carried out, writes what came of them. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, runner, hooks, concurrency, mayStart, newRequestId, now, log, onWritten } = options;
  /** Claims in the hands of this process, or about to be: recovery leaves them alone. */
  const inUse = new Set<string>();
  const active = new Set<Promise<void>>();
  const interrupt = new AbortController();
  let stopped = true;
  let pumping: Promise<void> | null = null;
  let recovering: Promise<void> | null = null;
  let mayHaveWork = false;
  const timers: NodeJS.Timeout[] = [];
  let delayed: NodeJS.Timeout | undefined;
  let gathering: NodeJS.Timeout | undefined;

  const writer = createEndingWriter({
    store,
    hooks,
    now,
    log,
    letGo: (claimId) => inUse.delete(claimId),
    onWritten(written) {
      onWritten(written);
      // Also a workspace that was at its ceiling may go on.
      wake();
    },
  });

  const run = async (item: Claimed): Promise<void> => {
    try {
      const outcome = await runner.run({
        owner: item.owner,
        endpoint: item.endpoint,
        input: item.input,
        requestId: newRequestId(),
        copyOf: item.copyOf,
        isLate: now() >= item.expiresAt,
        signal: interrupt.signal,
        keep: (kept) => keepResult(store, item, kept),
      });
      writer.add(await endingFor(item, outcome));
    } catch (error) {
      // What became of it is found out by recovery.
      inUse.delete(item.claimId);
      log('A try of a batch item has no known end; it is looked into.', {
        batch: item.batchId,
        index: item.index,
        error,
      });
    }
  };
  const endingFor = async (item: Claimed, outcome: ItemOutcome): Promise<Ending> => {
    const { batchId, index, claimId, tries, expiresAt, owner } = item;
    const own = { batchId, index, claimId };
    if (outcome === 'interrupted') return { ...own, kind: 'again', at: null, counts: false };
    const { requestId, durationMs } = outcome;
    const result = { ...own, kind: 'result', requestId, durationMs } as const;
    if (outcome.ok) {
      const data = outcome.isKept ? null : await packText(outcome.body);
      return { ...result, httpStatus: 200, error: null, message: null, data, credits: outcome.credits, isLate: false };
    }
    const { retryAfterMs, httpStatus, error, isLate } = outcome;
    const at = nextTry({ retryAfterMs, tries, mode: owner.mode, now: now(), expiresAt });
    if (at !== null) return { ...own, kind: 'again', at, counts: true };
    // PostgreSQL's texts have no NUL.
    const message = outcome.message.replaceAll('\0', '');
    return { ...result, httpStatus, error, message, data: null, credits: 0, isLate };
  };

  const isOn = (): boolean => !stopped;
  const pump = async (): Promise<void> => {
    while (mayHaveWork && isOn() && mayStart()) {
      const free = concurrency - active.size - writer.waiting();
      if (free <= 0) return;
      mayHaveWork = false;
      const claimIds = Array.from({ length: free }, () => randomUUID());
      for (const id of claimIds) inUse.add(id);
      let claimed: Claimed[] = [];
      try {
        claimed = await claim(store, { claimIds, now: now() });
      } finally {
        const taken = new Set(claimed.map((item) => item.claimId));
        for (const id of claimIds) if (!taken.has(id)) inUse.delete(id);
      }
      // Fewer than asked for: there is nothing more for now.
      if (claimed.length === free) mayHaveWork = true;
      for (const item of claimed) {
        const running = run(item).finally(() => {
          active.delete(running);
          pumpAgain();
        });
        active.add(running);
      }
    }
  };
  const pumpAgain = (): void => {
    if (stopped || !mayHaveWork || gathering !== undefined) return;
    if (active.size === 0) {
      pumpNow();
      return;
    }
    gathering = setTimeout(() => {
      gathering = undefined;
      pumpNow();
    }, GATHER_MS).unref();
  };
  const pumpNow = (): void => {
    if (stopped || !mayHaveWork) return;
    pumping ??= pump()
      .catch((error: unknown) => log('Batch items could not be claimed.', { error }))
      .finally(() => {
        pumping = null;
        if (mayHaveWork && active.size + writer.waiting() < concurrency && mayStart()) setImmediate(pumpAgain);
      });
  };
  const wake = (): void => {
    mayHaveWork = true;
    pumpAgain();
  };
  const look = async (): Promise<void> => {
    if (stopped || active.size >= concurrency) return;
    if (mayHaveWork) {
      // Known already: nothing to ask for. A claim moves what waited for its time, too.
      pumpAgain();
      return;
    }
    const { waiting, nextAt } = await lookForWork(store, now());
    if (waiting) wake();
    clearTimeout(delayed);
    if (nextAt === null || stopped) return;
    const inMs = Math.min(POLL_MS, Math.max(MIN_TIMER_MS, nextAt - now()));
    delayed = setTimeout(() => void look().catch(() => {}), inMs).unref();
  };

  const recover = async (): Promise<void> => {
    const lost = await takeOver(store, inUse);
    for (const { claim_id: claimId } of lost) inUse.add(claimId);
    if (lost.length > 0) log('Batch items of a node that is gone were taken over.', { items: lost.length });
    const left = lost.values();
    await Promise.all(
      Array.from({ length: RECOVERED_AT_ONCE }, async () => {
        for (const one of left) {
          try {
            writer.add(await endingOf(runner, one));
          } catch (error) {
            inUse.delete(one.claim_id);
            log('A batch item could not be taken over yet.', { batch: one.batch_id, index: one.index, error });
          }
        }
      }),
    );
  };
  const recoverOnce = (): Promise<void> =>
    (recovering ??= recover()
      .catch((error: unknown) => log('Batch items could not be taken over.', { error }))
      .finally(() => {
        recovering = null;
      }));

  return {
    start() {
      stopped = false;
      timers.push(
        setInterval(() => void look().catch(() => {}), POLL_MS),
        setInterval(() => void recoverOnce(), RECOVER_MS),
      );
      for (const timer of timers) timer.unref();
      void recoverOnce();
      wake();
    },
    wake() {
      if (!stopped) void look().catch((error: unknown) => log('There was no looking for batch items.', { error }));
    },
    atWork: () => active.size,
    async stop(drainMs) {
      if (stopped) return;
      stopped = true;
      for (const timer of timers) clearInterval(timer);
      clearTimeout(delayed);
      clearTimeout(gathering);
      await pumping;
      await recovering;
      const atMost = async (ms: number): Promise<void> => {
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<void>((done) => {
          timer = setTimeout(done, ms);
        });
        await Promise.race([Promise.allSettled(active), late]);
        clearTimeout(timer);
      };
      await atMost(drainMs);
      interrupt.abort();
      await atMost(RELEASE_MS);
      await writer.flush();
    },
  };
}
