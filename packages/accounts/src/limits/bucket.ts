import { bucketCapacity, type KeyLimits } from '@asa/contract';

/**
 * The token bucket of one key (contract section 6): it gains the sustained rate, holds `bucketCapacity`, and each accepted request takes
 * one token. Levels are thousandths of a token and times whole milliseconds, so that everything is exact: a rate of r tokens a second is r
 * thousandths a millisecond.
 */
export interface Bucket {
  readonly level: number;
  /** When the level was true, in ms. */
  readonly at: number;
}

type Rate = Pick<KeyLimits, 'rps' | 'burst_rps'>;
export const TOKEN = 1000;
const full = (rate: Rate): number => bucketCapacity(rate) * TOKEN;

/** A bucket at rest. */
export const fullBucket = (rate: Rate, now: number): Bucket => ({ level: full(rate), at: Math.floor(now) });

/** The bucket at a later time. A clock that was set back gains nothing and goes on from there. */
export function refill(bucket: Bucket, rate: Rate, now: number): Bucket {
  const at = Math.floor(now);
  const gained = Math.max(0, at - bucket.at) * rate.rps;
  return { level: Math.min(full(rate), bucket.level + gained), at };
}

/** The bucket after one request was accepted, or null when it has no whole token. */
export const takeToken = (bucket: Bucket): Bucket | null =>
  bucket.level < TOKEN ? null : { level: bucket.level - TOKEN, at: bucket.at };

/** Whole seconds after which a token is there for sure; at least 1. */
export const secondsToToken = (bucket: Bucket, rate: Rate): number =>
  Math.max(1, Math.ceil((TOKEN - bucket.level) / rate.rps / 1000));

/** Whole seconds until the bucket is full again; 0 when it is. */
export const secondsToFull = (bucket: Bucket, rate: Rate): number =>
  Math.ceil((full(rate) - bucket.level) / rate.rps / 1000);

/** Whether nothing would be lost by forgetting the bucket. */
export const isFull = (bucket: Bucket, rate: Rate): boolean => bucket.level >= full(rate);
