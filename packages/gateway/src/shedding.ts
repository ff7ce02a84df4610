import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ApiError } from '@asa/contract';

/** Whether the process can take one more product or search request (contract section 4, `capacity`). */
export interface Shedding {
  /** Throws `capacity`, or takes a place and answers the function that gives it back. */
  enter(): () => void;
  readonly inFlight: () => number;
  /** Why nothing is accepted right now, or null. Read by `/readyz` too. */
  reason(): string | null;
  /** From now on everything is refused: the process is going down. */
  startDraining(): void;
  readonly isDraining: () => boolean;
  close(): void;
}

interface SheddingOptions {
  readonly maxInflight: number;
  readonly storeReady: () => boolean;
  /** Mean event-loop delay of the last second above which load is shed, in ms. */
  readonly maxLoopDelayMs?: number;
}

/** Watches the event loop and counts what is in flight. */
export function createShedding({ maxInflight, storeReady, maxLoopDelayMs = 500 }: SheddingOptions): Shedding {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  let loopDelayMs = 0;
  const timer = setInterval(() => {
    // An idle second has no samples and a NaN mean.
    loopDelayMs = Number.isFinite(histogram.mean) ? histogram.mean / 1e6 : 0;
    histogram.reset();
  }, 1000);
  timer.unref();
  let inFlight = 0;
  let draining = false;

  const reason = (): string | null => {
    if (draining) return 'the service is shutting down';
    if (!storeReady()) return 'the database is not ready';
    if (loopDelayMs > maxLoopDelayMs) return 'the service is overloaded';
    if (inFlight >= maxInflight) return `${inFlight} requests are in flight, the ceiling is ${maxInflight}`;
    return null;
  };

  return {
    enter() {
      const why = reason();
      if (why !== null)
        throw new ApiError('capacity', `The request was not taken: ${why}.`, { retryAfterSeconds: draining ? 5 : 1 });
      inFlight += 1;
      let left = false;
      return () => {
        if (!left) inFlight -= 1;
        left = true;
      };
    },
    inFlight: () => inFlight,
    reason,
    isDraining: () => draining,
    startDraining() {
      draining = true;
    },
    close() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
