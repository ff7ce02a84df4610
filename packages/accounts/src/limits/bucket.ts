import { bucketCapacity, type KeyLimits } from '@asa/contract';
import { promise, type Wait } from './waits.ts';

/**
 * The token bucket of one key (contract section 6): it gains the sustained rate, holds `bucketCapacity`, and each accepted request takes
 * one token. Levels are thousandths of a token and times whole milliseconds, so that everything is exact: a rate of r tokens a second is r
 * thousandths a millisecond. `script.ts` does the same in Redis.
 */
export interface Bucket {
  readonly level: number;
  /** When the level was true, in ms. */
  readonly at: number;
}

type Rate = Pick<KeyLimits, 'rps' | 'burst_rps'>;
export const TOKEN = 1000;
export const fullLevel = (rate: Rate): number => bucketCapacity(rate) * TOKEN;

/** A bucket at rest. */
export const fullBucket = (rate: Rate, now: number): Bucket => ({ level: fullLevel(rate), at: Math.floor(now) });

/** The bucket at a later time. A clock that was set back gains nothing and goes on from there. */
export function refill(bucket: Bucket, rate: Rate, now: number): Bucket {
  const at = Math.floor(now);
  const gained = Math.max(0, at - bucket.at) * rate.rps;
  return { level: Math.min(fullLevel(rate), bucket.level + gained), at };
}

/** The bucket after one request was accepted, or null when it has no whole token. */
export const takeToken = (bucket: Bucket): Bucket | null =>
  bucket.level < TOKEN ? null : { level: bucket.level - TOKEN, at: bucket.at };

/** How long a refused caller waits for a token of its own. */
export const waitForToken = (bucket: Bucket, rate: Rate, promisedUntil: number): Wait =>
  promise({
    now: bucket.at,
    firstAt: bucket.at + (TOKEN - bucket.level) / rate.rps,
    every: TOKEN / rate.rps,
    horizon: windowSeconds(rate) * 1000,
    promisedUntil,
  });

/** Whole seconds until there is more to spend: with none left, until the next token; otherwise until the bucket is full. */
export function secondsToMore(bucket: Bucket, rate: Rate): number {
  const missing = bucket.level < TOKEN ? TOKEN - bucket.level : fullLevel(rate) - bucket.level;
  return Math.ceil(missing / rate.rps / 1000);
}

/** Whole seconds in which an empty bucket fills: the window of the policy. */
export const windowSeconds = (rate: Rate): number => Math.max(1, Math.ceil(bucketCapacity(rate) / rate.rps));

/** Whether nothing would be lost by forgetting the bucket. */
export const isFull = (bucket: Bucket, rate: Rate): boolean => bucket.level >= fullLevel(rate);
