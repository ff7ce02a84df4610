/** Work that has begun. */
export interface Runner<A> {
  /** Rejects only by a bug. */
  readonly done: Promise<A>;
  /** Whether what another could do more quickly is over. */
  readonly isPastRace: () => boolean;
  /** Ends it soon; `done` settles all the same. */
  readonly cut: () => void;
}

interface Course<A> {
  /** How long the first one runs alone, in ms; null: it always does. */
  readonly aloneMs: number | null;
  readonly after: (ms: number, then: () => void) => () => void;
  /** Starts the one that races it, or null when that is not possible. */
  readonly second: () => Promise<Runner<A> | null>;
  /** Whether a result is one to stop at. */
  readonly isGood: (result: A) => boolean;
  /** For what fails after the race is decided. */
  readonly onLate: (error: unknown) => void;
}

/**
 * Runs one, and a second one beside it when it is slow. The first good result wins, and the other one is cut; when the first to
 * end is not good, the other one runs on. Both have settled when this does, so that nothing they hold stays taken. The
 * results are in the order in which they were over; the one that counts is the last, and the only one when there was no race.
 */
export async function race<A>(first: Runner<A>, course: Course<A>): Promise<[A] | [A, A]> {
  const { aloneMs, after } = course;
  if (aloneMs === null || !(await isSlow(first, aloneMs, after))) return [await first.done];
  const second = first.isPastRace() ? null : await course.second();
  if (second === null) return [await first.done];
  const tagged = (runner: Runner<A>, other: Runner<A>) =>
    runner.done.then(
      (result) => ({ result, other }),
      async (error: unknown): Promise<never> => {
        other.cut();
        // The error that is told is the first one.
        await other.done.catch(course.onLate);
        throw error;
      },
    );
  const both = [tagged(first, second), tagged(second, first)];
  // One that fails when the other has won is told to `onLate`, below.
  for (const one of both) one.catch(() => {});
  const { result, other } = await Promise.race(both);
  if (!course.isGood(result)) return [result, await other.done];
  other.cut();
  const loser = await other.done.catch((error: unknown) => {
    course.onLate(error);
    return null;
  });
  return loser === null ? [result] : [loser, result];
}

/** Whether it takes longer than that. */
function isSlow(runner: Runner<unknown>, ms: number, after: Course<unknown>['after']): Promise<boolean> {
  return new Promise((resolve) => {
    const callOff = after(ms, () => resolve(true));
    const onDone = (): void => {
      callOff();
      resolve(false);
    };
    // Whoever waits for the result hears of a failure.
    runner.done.then(onDone, onDone);
  });
}
