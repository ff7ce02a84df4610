/** Times of the last second, oldest first: how many requests of a key were accepted in it. Bounded by what its bucket lets through. */
export interface Recent {
  add: (at: number) => void;
  /** How many there were in the second that ends now. */
  count: (now: number) => number;
}

const WINDOW_MS = 1000;
const MIN_WASTE = 64;

export function createRecent(): Recent {
  let times: number[] = [];
  let from = 0;
  const drop = (now: number): void => {
    // A time after now is left from before the clock was set back.
    while (from < times.length && !inWindow(times[from] ?? 0, now)) from += 1;
    if (from < MIN_WASTE || from < times.length / 2) return;
    times = times.slice(from);
    from = 0;
  };
  return {
    add(at) {
      drop(at);
      times.push(at);
    },
    count(now) {
      drop(now);
      return times.length - from;
    },
  };
}

const inWindow = (at: number, now: number): boolean => at <= now && now - at < WINDOW_MS;
