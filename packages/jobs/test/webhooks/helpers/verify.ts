import { timingSafeEqual } from 'node:crypto';
import { asaSignature, standardSignature } from '../../../src/webhooks/signature.ts';

/** How much older or newer than its reader's clock a signed timestamp may be, in seconds (Standard Webhooks). */
const TOLERANCE_SECONDS = 300;

/** What a receiver finds; anything but `valid` is to be answered with 400 and not acted on. */
export type Verdict = 'valid' | 'no_match' | 'too_old' | 'too_new' | 'malformed';

export interface Received {
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Checks `X-ASA-Signature`. It has no time in it, so a copy of an old event passes: the other kind is the one that is replay-safe. */
export function verifyAsa(secret: string, { headers, body }: Received): Verdict {
  const given = headers['x-asa-signature'];
  if (given === undefined || !/^sha256=[0-9a-f]{64}$/i.test(given)) return 'malformed';
  return same(given.toLowerCase(), asaSignature(secret, body)) ? 'valid' : 'no_match';
}

/**
 * Checks the Standard Webhooks trio: the first entry of version `v1` that matches counts, entries of other versions are passed over.
 * @param now seconds since the epoch
 */
export function verifyStandard(secret: string, { headers, body }: Received, now: number): Verdict {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures } = headers;
  if (!id || !signatures || time === undefined || !/^\d{1,15}$/.test(time)) return 'malformed';
  const timestamp = Number(time);
  if (timestamp < now - TOLERANCE_SECONDS) return 'too_old';
  if (timestamp > now + TOLERANCE_SECONDS) return 'too_new';
  const expected = standardSignature(secret, { id, timestamp, body });
  return signatures.split(' ').some((entry) => same(entry, expected)) ? 'valid' : 'no_match';
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
