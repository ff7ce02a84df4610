/**
 * How long refused callers are told to wait. Each is promised a token (or a place) of its own, one after another, so that a crowd that was
 * refused at one moment comes back spread over time instead of all at once: whoever obeys is served at the next try.
 */
export interface Wait {
  /** Whole seconds, rounded up to when it is surely there; at least 1. */
  readonly seconds: number;
  /** When the last one that was promised is there, in ms; the next promise goes on from here. */
  readonly promisedUntil: number;
}

interface Supply {
  readonly now: number;
  /** When the first one that was not there is there, in ms. */
  readonly firstAt: number;
  /** Milliseconds from one to the next. */
  readonly every: number;
  /** Promises reach no further than this, in ms: callers that do not wait must not push away those that do. */
  readonly horizon: number;
  readonly promisedUntil: number;
}

export function promise({ now, firstAt, every, horizon, promisedUntil }: Supply): Wait {
  const next = Math.max(firstAt, promisedUntil + every);
  const isFar = next > now + horizon;
  const at = isFar ? Math.max(firstAt, now + horizon) : next;
  return {
    seconds: Math.max(1, Math.ceil((at - now) / 1000)),
    // A clock that was set back leaves promises that are too far away to mean anything.
    promisedUntil: isFar ? Math.min(promisedUntil, now + horizon) : next,
  };
}
