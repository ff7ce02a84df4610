/** Work that is done for many callers at once, some time after the first of them asked. */
export interface Batch {
  /** There is something to do. */
  poke: () => void;
  /** Does what there is now; resolves when it is done. Rejects when it failed; it stays to be done. */
  flush: () => Promise<void>;
  /** Stops the timer; what is left is for `flush`. */
  stop: () => void;
}

/**
 * @param everyMs how long work waits at most.
 * @param work does all there is; must leave it to be done again when it rejects.
 * @param onError hears of failures that nobody waits for; the work is tried again after `everyMs`.
 */
export function createBatch(everyMs: number, work: () => Promise<void>, onError: (error: unknown) => void): Batch {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    // One after another, also after a failure: the one before has its own reader.
    const next = running.then(work, work);
    running = next.catch(() => {});
    return next;
  };
  const poke = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      flush().catch((error: unknown) => {
        onError(error);
        poke();
      });
    }, everyMs).unref();
  };
  const stop = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return { poke, flush, stop };
}
