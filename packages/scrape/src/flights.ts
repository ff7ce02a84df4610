import type { AttemptRecord } from '@asa/contract';

/** Who waits for a page. */
export interface Passenger {
  /** Aborted when it does not wait any more. */
  readonly signal: AbortSignal;
  /** How long it can wait from now on, in ms; null: as long as the flight lasts. */
  readonly waitMs: number | null;
  /** Told of each attempt as it ends, those before it came included. */
  readonly onAttempt: (record: AttemptRecord) => void;
}

/** Work for which any number of callers wait. */
export interface Flight<T> {
  /** When its own time is up, in ms. */
  readonly endsAt: number;
  /**
   * Waits for the result with the others; null when this one had to leave earlier. Who leaves changes nothing for those who stay;
   * when the last one leaves, the work is aborted, and that one waits until it has stopped. Rejects when the work does.
   */
  join(passenger: Passenger): Promise<T | null>;
}

export interface FlightStats {
  /** Pages that are being fetched now. */
  readonly open: number;
  /** Callers who waited for a page that was already being fetched, since the start. */
  readonly joined: number;
}

/** The work itself. It should stop soon when the signal aborts. */
type Work<T> = (signal: AbortSignal, onAttempt: (record: AttemptRecord) => void) => Promise<T>;

/**
 * Single-flight: of requests for the same page at the same time one is carried out. Nothing is kept when it is over: this is no
 * cache. Bounded by `most` flights; beyond that everybody flies alone.
 */
export class Flights<T> {
  readonly #open = new Map<string, Flight<T>>();
  readonly #most: number;
  #joined = 0;

  constructor(most = 10_000) {
    this.#most = most;
  }

  /** The flight under way for this key, or null. */
  find(key: string): Flight<T> | null {
    const flight = this.#open.get(key) ?? null;
    if (flight !== null) this.#joined += 1;
    return flight;
  }

  /** Starts one; others find it until it is over, or is given up. */
  start(key: string, endsAt: number, work: Work<T>): Flight<T> {
    const isListed = this.#open.size < this.#most && !this.#open.has(key);
    const flight = startFlight(work, endsAt, () => {
      if (this.#open.get(key) === flight) this.#open.delete(key);
    });
    if (isListed) this.#open.set(key, flight);
    return flight;
  }

  stats(): FlightStats {
    return { open: this.#open.size, joined: this.#joined };
  }
}

function startFlight<T>(work: Work<T>, endsAt: number, onOver: () => void): Flight<T> {
  const controller = new AbortController();
  const records: AttemptRecord[] = [];
  const aboard = new Set<Passenger>();
  const done = work(controller.signal, (record) => {
    records.push(record);
    for (const { onAttempt } of aboard) onAttempt(record);
  }).finally(onOver);
  // Whoever is aboard hears of it; the last one to leave waits for it.
  done.catch(() => {});

  return {
    endsAt,
    async join(passenger) {
      for (const record of records) passenger.onAttempt(record);
      aboard.add(passenger);
      const isGone = await untilGone(done, passenger);
      if (!isGone) {
        aboard.delete(passenger);
        return done;
      }
      if (aboard.size > 1) {
        aboard.delete(passenger);
        return null;
      }
      // Nobody may come aboard what is being given up.
      onOver();
      controller.abort();
      await done;
      aboard.delete(passenger);
      return null;
    },
  };
}

/** Whether the passenger has to leave before the work is done. Never rejects. */
function untilGone(done: Promise<unknown>, { signal, waitMs }: Passenger): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isGone: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(isGone);
    };
    const onAbort = (): void => end(true);
    const timer = waitMs === null ? undefined : setTimeout(onAbort, Math.max(0, waitMs));
    if (signal.aborted) return end(true);
    signal.addEventListener('abort', onAbort, { once: true });
    done.then(
      () => end(false),
      () => end(false),
    );
  });
}
