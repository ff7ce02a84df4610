import { createHmac, randomBytes } from 'node:crypto';

/** Bytes of a secret: what the Standard Webhooks specification advises (24 to 64). */
const SECRET_BYTES = 32;
const PREFIX = 'whsec_';

/** A new secret: `whsec_` and the base64 of bytes from a CSPRNG. */
export const newSecret = (random: (size: number) => Buffer = randomBytes): string =>
  `${PREFIX}${random(SECRET_BYTES).toString('base64')}`;

/** The bytes that the Standard Webhooks signature uses: the secret without its prefix, decoded. */
export function secretBytes(secret: string): Buffer {
  if (!secret.startsWith(PREFIX)) throw new TypeError('A webhook secret starts with whsec_.');
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}

export interface Signed {
  /** Id of the event: the same in every attempt. */
  readonly id: string;
  /** When this attempt is sent, in whole seconds since the epoch. */
  readonly timestamp: number;
  /** The raw body, byte for byte as it is sent. */
  readonly body: Uint8Array;
}

/** Value of `X-ASA-Signature`: the key is the whole secret string, the message the raw body (contract section 8). */
export const asaSignature = (secret: string, body: Uint8Array): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** One `v1,...` entry of `webhook-signature`: the message is `id.timestamp.body`, the key the decoded secret. */
export const standardSignature = (secret: string, { id, timestamp, body }: Signed): string =>
  `v1,${createHmac('sha256', secretBytes(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;

/**
 * The headers that sign one attempt.
 * @param secrets newest first. `X-ASA-Signature` is made with the newest; `webhook-signature` has an entry for each, so that a receiver can
 *   change from one to the next without losing an event.
 */
export function signatureHeaders(secrets: readonly [string, ...string[]], signed: Signed): Record<string, string> {
  return {
    'x-asa-signature': asaSignature(secrets[0], signed.body),
    'webhook-id': signed.id,
    'webhook-timestamp': String(signed.timestamp),
    'webhook-signature': secrets.map((secret) => standardSignature(secret, signed)).join(' '),
  };
}
