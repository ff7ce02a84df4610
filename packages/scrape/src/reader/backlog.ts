/**
 * How long a page that is asked for now would wait for a reader thread when it arrives: told from what is under way, so that a request can be
 * refused before anything is fetched for it.
 */
export interface Backlog {
  /** A fetch begins that should bring a page. */
  readonly expect: () => Expected;
  /** A page kept its thread for so long, in ms. */
  readonly read: (ms: number) => void;
  /** Milliseconds that the page of a request that is taken now will wait, as it looks. 0 until enough was read to tell. */
  readonly waitMs: () => number;
}

export interface Expected {
  /** Its page is here and asks for a thread. */
  readonly arrived: () => void;
  /** Nothing more comes of it. Calling it again does nothing. */
  readonly over: () => void;
}

/** The latest weigh most: a mean over some twenty. */
const WEIGHT = 0.05;
const FALL_WEIGHT = 0.2;
const RISE_WEIGHT = 0.005;
/** Threads compile what they run: the first pages say nothing of the later ones. */
const MIN_READ = 100;

/** @param now milliseconds, monotonic. */
export function createBacklog({ threads, now }: { readonly threads: number; readonly now: () => number }): Backlog {
  let under = 0;
  let read = 0;
  let readMs = 0;
  /** How long a fetch takes until its page arrives, when nothing is in its way. */
  let fetchMs = 0;
  /** Share of the fetches that bring a page. */
  let share = 1;
  const mean = (old: number, value: number, weight = WEIGHT): number => old + weight * (value - old);
  // Quickly down, slowly up: under load everything takes longer, and that must not make room for more load.
  const low = (old: number, value: number): number => mean(old, value, value < old ? FALL_WEIGHT : RISE_WEIGHT);
  return {
    expect() {
      const since = now();
      under += 1;
      let here = false;
      let ended = false;
      return {
        arrived() {
          if (!here) fetchMs = fetchMs === 0 ? now() - since : low(fetchMs, now() - since);
          here = true;
        },
        over() {
          if (ended) return;
          ended = true;
          under -= 1;
          share = mean(share, here ? 1 : 0);
        },
      };
    },
    read(ms) {
      read += 1;
      readMs = readMs === 0 ? ms : mean(readMs, ms);
    },
    // All that are under way are read before it; while it is fetched itself the threads go on.
    waitMs: () => (read < MIN_READ ? 0 : Math.max(0, (under * share * readMs) / threads - fetchMs)),
  };
}
