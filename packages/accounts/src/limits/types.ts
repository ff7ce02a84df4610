import { Refusal } from '@asa/contract';
import type { Principal } from '../types.ts';

/** What an answer's headers say of a key's rate. */
export interface RateFacts {
  /** Requests accepted in the last second. */
  readonly acceptedLastSecond: number;
  /** Requests a second. */
  readonly sustained: number;
  readonly burst: number;
  /** Tokens of the full bucket: requests that can come at once after a rest. */
  readonly capacity: number;
  /** Whole seconds in which the capacity comes back. */
  readonly windowSeconds: number;
  /** Requests that would be accepted now. */
  readonly remaining: number;
  /**
   * Whole seconds until there is more: when nothing remains, until a request is accepted (what `Retry-After` of a refusal says too); otherwise
   * until `remaining` is the capacity.
   */
  readonly resetSeconds: number;
}

/** A key's requests in flight. */
export interface InFlight {
  readonly inFlight: number;
  readonly ceiling: number;
}

/** A place among a key's requests in flight. */
export interface Place {
  /** How it stands now, this request included while it has its place. */
  readonly now: () => InFlight;
  /** Gives the place back; calling it again does nothing. */
  readonly leave: () => void;
}

/** What became of one call at the ceilings of its key. */
export type Admission =
  | {
      readonly ok: true;
      readonly rate: RateFacts;
      /** Null for calls that do not count. */ readonly place: Place | null;
    }
  | {
      readonly ok: false;
      readonly rate: RateFacts;
      /** Only when the concurrency was what refused it: when a place is likely to be there, in whole seconds. */
      readonly crowded: (InFlight & { readonly seconds: number }) | null;
      /** `rate_limited`, with the seconds to wait. */
      readonly error: Refusal;
    };

/** Rate and concurrency of each key (contract section 6). */
export interface Limits {
  /**
   * Takes one token and, for calls that count as in flight, one place. Every call with a valid key counts towards the rate, also one that
   * then finds no place; one that finds no token takes nothing.
   */
  readonly admit: (principal: Principal, counts: boolean) => Admission | Promise<Admission>;
  /** How the key stands now, as far as this process knows; takes nothing. */
  readonly facts: (principal: Principal) => RateFacts;
  /** How many keys are being remembered; keys at rest are forgotten. */
  readonly size: () => number;
}

export const rateLimited = ({ shortPrefix, limits }: Principal, seconds: number): Refusal =>
  new Refusal(
    'rate_limited',
    `The key ${shortPrefix} is over its request rate: ${limits.rps} requests a second, in bursts ${limits.burst_rps}. Wait ${seconds} s.`,
    seconds,
  );

export const crowded = ({ shortPrefix, limits }: Principal, seconds: number): Refusal =>
  new Refusal(
    'rate_limited',
    `The key ${shortPrefix} has ${limits.concurrency} requests in flight, its concurrency ceiling. Wait until one of them is answered.`,
    seconds,
  );
