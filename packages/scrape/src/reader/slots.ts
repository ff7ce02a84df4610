import { ApiError } from '@asa/contract';

/** Places for work that runs at once, with a bounded line in front of them. */
export interface Slots {
  /**
   * Waits for a place; answers the function that gives it back. Throws `capacity` when the line is full (in pages or in
   * bytes) or the wait is too long; rejects when the signal aborts.
   * @param isPatient nobody waits for it: whoever is not goes first.
   */
  take(bytes: number, signal: AbortSignal, isPatient?: boolean): Promise<() => void>;
}

interface SlotsOptions {
  readonly running: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  readonly maxWaitMs: number;
  /** Of the patient. Default: the same. */
  readonly maxPatienceMs?: number;
}

interface Waiting {
  readonly bytes: number;
  readonly go: () => void;
}

const full = (): ApiError =>
  new ApiError('capacity', 'The request was not taken: too many pages wait to be read.', { retryAfterSeconds: 2 });

export function createSlots(options: SlotsOptions): Slots {
  const { running: places, maxWaiting, maxWaitingBytes, maxWaitMs, maxPatienceMs = options.maxWaitMs } = options;
  const urgent = new Set<Waiting>();
  const patient = new Set<Waiting>();
  let running = 0;
  let waitingBytes = 0;

  const leave = (): void => {
    running -= 1;
    const [next] = urgent.size > 0 ? urgent : patient;
    next?.go();
  };
  const enter = (): (() => void) => {
    running += 1;
    let left = false;
    return () => {
      if (!left) leave();
      left = true;
    };
  };

  return {
    take(bytes, signal, isPatient = false) {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      if (running < places) return Promise.resolve(enter());
      const line = isPatient ? patient : urgent;
      if (urgent.size + patient.size >= maxWaiting || waitingBytes + bytes > maxWaitingBytes)
        return Promise.reject(full());
      return new Promise((resolve, reject) => {
        const end = (): void => {
          line.delete(waiting);
          waitingBytes -= bytes;
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
        };
        const waiting: Waiting = {
          bytes,
          go() {
            end();
            resolve(enter());
          },
        };
        const onAbort = (): void => {
          end();
          reject(signal.reason as Error);
        };
        const timer = setTimeout(
          () => {
            end();
            reject(full());
          },
          isPatient ? maxPatienceMs : maxWaitMs,
        );
        signal.addEventListener('abort', onAbort, { once: true });
        line.add(waiting);
        waitingBytes += bytes;
      });
    },
  };
}
