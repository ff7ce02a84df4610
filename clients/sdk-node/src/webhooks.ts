import { createHmac, timingSafeEqual } from 'node:crypto';

/** Headers of a request, however its server hands them over. */
export type ReceivedHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** A webhook as it was received. */
export interface ReceivedWebhook {
  /** The raw body, byte for byte, before anything has parsed it. A text is taken as UTF-8. */
  readonly body: string | Uint8Array;
  readonly headers: ReceivedHeaders;
  /** The secret of the batch (`whsec_...`), or several while one is being changed for another. */
  readonly secret: string | readonly string[];
  /**
   * Which signature to check. `standard` (default): the headers `webhook-id`, `webhook-timestamp` and `webhook-signature` of the Standard Webhooks
   * specification; a copy sent again later does not pass. `asa`: `X-ASA-Signature`, which has no time in it.
   */
  readonly kind?: 'standard' | 'asa';
  /** How old or early a signature may be, in seconds. Default 300. */
  readonly toleranceSeconds?: number;
  /** The receiver's clock, in milliseconds since the epoch. Default: now. */
  readonly now?: number;
}

/** What a receiver finds. Anything but `valid` is to be answered with 400 and not acted on. */
export type WebhookVerdict = 'valid' | 'no_match' | 'too_old' | 'too_new' | 'malformed';

const PREFIX = 'whsec_';
const TOLERANCE_SECONDS = 300;

/**
 * Whether a webhook comes from the service and is not an old copy.
 * @throws TypeError when a secret is not one (`whsec_` and base64)
 */
export const verifyWebhookSignature = (received: ReceivedWebhook): boolean => checkWebhook(received) === 'valid';

/** The same, and why not. */
export function checkWebhook(received: ReceivedWebhook): WebhookVerdict {
  const secrets = typeof received.secret === 'string' ? [received.secret] : received.secret;
  if (secrets.length === 0) throw new TypeError('No webhook secret was given.');
  for (const secret of secrets)
    if (!new RegExp(`^${PREFIX}[A-Za-z0-9+/]+=*$`).test(secret))
      throw new TypeError(`A webhook secret is ${PREFIX} and base64; give the webhook_signature_secret of the batch.`);
  const body = typeof received.body === 'string' ? Buffer.from(received.body) : received.body;
  return (received.kind ?? 'standard') === 'asa'
    ? checkAsa(secrets, body, received)
    : checkStandard(secrets, body, received);
}

function checkAsa(secrets: readonly string[], body: Uint8Array, { headers }: ReceivedWebhook): WebhookVerdict {
  const given = header(headers, 'x-asa-signature');
  if (given === undefined || !/^sha256=[0-9a-f]{64}$/i.test(given)) return 'malformed';
  const matches = secrets.some((secret) =>
    same(given.toLowerCase(), `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`),
  );
  return matches ? 'valid' : 'no_match';
}

function checkStandard(secrets: readonly string[], body: Uint8Array, received: ReceivedWebhook): WebhookVerdict {
  const { headers, now = Date.now(), toleranceSeconds = TOLERANCE_SECONDS } = received;
  const id = header(headers, 'webhook-id');
  const time = header(headers, 'webhook-timestamp');
  const signatures = header(headers, 'webhook-signature');
  if (!id || !signatures || time === undefined || !/^\d{1,15}$/.test(time)) return 'malformed';
  const age = now / 1000 - Number(time);
  if (age > toleranceSeconds) return 'too_old';
  if (age < -toleranceSeconds) return 'too_new';
  // Entries of other versions are passed over: their text differs.
  const expected = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest('base64')}`;
  });
  const given = signatures.split(' ');
  return given.some((entry) => expected.some((one) => same(entry, one))) ? 'valid' : 'no_match';
}

/** A header, whatever the case of its name; of several values none counts. */
function header(headers: ReceivedHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : undefined;
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
