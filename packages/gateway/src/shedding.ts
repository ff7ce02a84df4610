import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ApiError } from '@asa/contract';

/** Whether the process can take one more product or search request (contract section 4, `capacity`). */
export interface Shedding {
  /** Throws `capacity`, or takes a place and answers the function that gives it back. */
  enter(): () => void;
  readonly inFlight: () => number;
  /** Why nothing is accepted right now, or null. */
  reason(): string | null;
  /** Why no more should be sent here, or null: `/readyz` says it before anything is refused. */
  unready(): string | null;
  /** From now on everything is refused: the process is going down. */
  startDraining(): void;
  readonly isDraining: () => boolean;
  close(): void;
}

/** A wait that a request taken now would meet, in ms. */
export interface Waiting {
  /** What it waits for, in the words of the answer. */
  readonly what: string;
  readonly ms: () => number;
  /** The longest that is still accepted. */
  readonly mostMs: number;
}

interface SheddingOptions {
  readonly maxInflight: number;
  readonly storeReady: () => boolean;
  /** Waits for the threads and the database. */
  readonly waits: readonly Waiting[];
  /** Mean delay of the event loop, in ms. Left out: it is measured. */
  readonly loopDelay?: { readonly ms: () => number; readonly close: () => void };
  /** Milliseconds. */
  readonly now?: () => number;
}

/** Mean event-loop delay of the last second above which load is shed, in ms. */
const MAX_LOOP_DELAY_MS = 500;
/** `/readyz` turns at this share of what is accepted. */
const UNREADY_AT = { waits: 0.5, inFlight: 0.9 } as const;
/** A caller of a process that is going down comes back to another. */
const DRAINING_SECONDS = 5;
const STORE_SECONDS = 2;
/** The longest that a `Retry-After` says: what is to come is not known better. */
const MAX_SECONDS = 30;

interface Reason {
  readonly why: string;
  readonly seconds: number;
}

/** Counts what is in flight and looks at what would wait. */
export function createShedding(options: SheddingOptions): Shedding {
  const { maxInflight, storeReady, loopDelay = measureLoop(), now = () => performance.now() } = options;
  const loop: Waiting = { what: 'its turn', ms: loopDelay.ms, mostMs: MAX_LOOP_DELAY_MS };
  const waits = [loop, ...options.waits];
  const pace = createPace(now);
  let inFlight = 0;
  let draining = false;

  const refusal = (shares: { readonly waits: number; readonly inFlight: number }): Reason | null => {
    if (draining) return { why: 'the service is shutting down', seconds: DRAINING_SECONDS };
    if (!storeReady()) return { why: 'the database is not ready', seconds: STORE_SECONDS };
    const most = Math.ceil(maxInflight * shares.inFlight);
    if (inFlight >= most) {
      const why = `${inFlight} requests are in flight, the ceiling is ${maxInflight}`;
      return { why, seconds: pace.secondsFor(inFlight - most + 1) };
    }
    for (const { what, ms, mostMs } of waits) {
      const wait = ms();
      const accepted = mostMs * shares.waits;
      // What waits now is worked off meanwhile: after the excess has passed a new one is accepted.
      if (wait > accepted)
        return {
          why: `the service is overloaded, it would wait ${(wait / 1000).toFixed(1)} s for ${what}`,
          seconds: bounded((wait - accepted) / 1000),
        };
    }
    return null;
  };
  const refusing = (): Reason | null => refusal({ waits: 1, inFlight: 1 });

  return {
    enter() {
      const refused = refusing();
      if (refused !== null)
        throw new ApiError('capacity', `The request was not taken: ${refused.why}.`, {
          retryAfterSeconds: refused.seconds,
        });
      inFlight += 1;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        inFlight -= 1;
        pace.ended();
      };
    },
    inFlight: () => inFlight,
    reason: () => refusing()?.why ?? null,
    unready: () => refusal(UNREADY_AT)?.why ?? null,
    isDraining: () => draining,
    startDraining() {
      draining = true;
    },
    close: loopDelay.close,
  };
}

const bounded = (seconds: number): number => Math.min(MAX_SECONDS, Math.max(1, Math.ceil(seconds)));

/** How fast requests end: when a place is likely to be free. */
function createPace(now: () => number): { ended(): void; secondsFor(places: number): number } {
  /** Mean time from one end to the next, in ms; the latest weigh most. */
  let gapMs = 0;
  let last = now();
  return {
    ended() {
      const at = now();
      gapMs += 0.05 * (at - last - gapMs);
      last = at;
    },
    secondsFor: (places) => bounded((Math.max(gapMs, 0) * places) / 1000),
  };
}

/** The mean delay of the event loop in the last second. */
function measureLoop(): { ms: () => number; close: () => void } {
  const resolution = 20;
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  let ms = 0;
  const timer = setInterval(() => {
    // An idle second has no samples and a NaN mean. A loop without delay shows the resolution.
    ms = Number.isFinite(histogram.mean) ? Math.max(0, histogram.mean / 1e6 - resolution) : 0;
    histogram.reset();
  }, 1000);
  timer.unref();
  return {
    ms: () => ms,
    close() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}

/** How long a statement would wait for a connection of the database pool. */
export interface PoolLoad {
  readonly waitMs: () => number;
  readonly close: () => void;
}

/** What of a pool tells its load: those that wait, and an event whenever one was given a connection. */
interface Pool {
  readonly waitingCount: number;
  on(event: 'acquire', listener: () => void): unknown;
  off(event: 'acquire', listener: () => void): unknown;
}

/** By how many wait and how fast connections are given. While none is given at all, the wait is as long as that has lasted. */
export function watchPool(pool: Pool, now: () => number = () => performance.now()): PoolLoad {
  let gapMs = 0;
  let last = now();
  const given = (): void => {
    const at = now();
    // Of an idle pool the time since the last says nothing.
    if (pool.waitingCount > 0) gapMs += 0.05 * (at - last - gapMs);
    last = at;
  };
  pool.on('acquire', given);
  return {
    waitMs: () => (pool.waitingCount === 0 ? 0 : Math.max(pool.waitingCount * gapMs, now() - last)),
    close: () => void pool.off('acquire', given),
  };
}
