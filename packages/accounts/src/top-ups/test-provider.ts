import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Store } from '@asa/store';
import { WebhookRefused, type Payment, type PaymentProvider } from './provider.ts';

/** How the provider `test` behaves. */
export const TEST_PAYMENTS = {
  succeed: 'takes the money and says so',
  decline: 'declines',
  hang: 'takes the money and never answers',
  lost: 'never answers and never heard of it',
  twice: 'takes the money, says so, and tells it by webhook twice',
  pending: 'says that it will tell later',
} as const;
export type TestPayments = keyof typeof TEST_PAYMENTS;

/** Older and newer webhooks than this are refused, in seconds. */
const TOLERANCE_S = 300;

export interface TestProviderOptions {
  readonly store: Store;
  readonly now: () => number;
  /** How it behaves at the next charge. */
  readonly behaviour: () => TestPayments;
  /** What its webhooks are signed with; null: it sends none and none is believed. */
  readonly secret: string | null;
  /** Brings a webhook to where webhooks arrive. */
  readonly deliver: (body: Uint8Array, headers: Record<string, string>) => Promise<unknown>;
}

/** A provider that takes no real money. Its books are in the database, so that all nodes deal with the same one. */
export function createTestProvider({ store, now, behaviour, secret, deliver }: TestProviderOptions): PaymentProvider {
  return {
    name: 'test',
    unavailable: null,

    async charge({ id, cents }, signal) {
      const how = behaviour();
      if (how === 'lost') return never(signal);
      const state = how === 'decline' ? 'declined' : how === 'pending' ? 'pending' : 'paid';
      const [row] = await store.query<BookRow>(
        `INSERT INTO test_payments AS p (idempotency_key, payment_id, cents, state, asked, created_at) VALUES ($1, $2, $3, $4, 1, $5)
         ON CONFLICT (idempotency_key) DO UPDATE SET asked = p.asked + 1 RETURNING payment_id, state`,
        [id, `pay_${id}`, cents, state, new Date(now())],
      );
      if (row === undefined) throw new Error('the test provider lost its books');
      if (how === 'hang') return never(signal);
      if (how === 'twice' && secret !== null) {
        const { body, headers } = testWebhook(secret, id, toPayment(row), now());
        // As a real one does: after its answer, whether or not that arrived.
        setImmediate(() => void Promise.allSettled([deliver(body, headers), deliver(body, headers)]));
      }
      return toPayment(row);
    },

    async find(id) {
      const [row] = await store.query<BookRow>(
        'SELECT payment_id, state FROM test_payments WHERE idempotency_key = $1',
        [id],
      );
      return row === undefined ? { status: 'unknown' } : toPayment(row);
    },

    readWebhook(body, headers) {
      if (secret === null) throw new WebhookRefused('there is no secret');
      const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = headers;
      if (typeof id !== 'string' || typeof time !== 'string' || typeof signature !== 'string') {
        throw new WebhookRefused('the signature is missing');
      }
      const expected = Buffer.from(signatureOf(secret, id, time, body));
      const sent = Buffer.from(signature);
      if (sent.length !== expected.length || !timingSafeEqual(sent, expected))
        throw new WebhookRefused('the signature is wrong');
      if (!(Math.abs(now() / 1000 - Number(time)) <= TOLERANCE_S)) throw new WebhookRefused('it is too old');
      return readBody(body);
    },
  };
}

interface BookRow {
  payment_id: string;
  state: 'paid' | 'declined' | 'pending';
}

const toPayment = ({ payment_id, state }: BookRow): Payment =>
  state === 'paid'
    ? { status: 'paid', paymentId: payment_id }
    : state === 'declined'
      ? { status: 'declined', reason: 'the payment was declined' }
      : { status: 'pending' };

const never = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the test provider does not answer')), { once: true });
  });

const signatureOf = (secret: string, id: string, time: string, body: Uint8Array): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${time}.`).update(body).digest('base64')}`;

/** A webhook of the provider `test`, signed in the way of the Standard Webhooks specification. @param at milliseconds */
export function testWebhook(
  secret: string,
  topUpId: string,
  payment: Payment,
  at: number,
): { body: Buffer; headers: Record<string, string> } {
  const body = Buffer.from(JSON.stringify({ type: 'payment', top_up: topUpId, ...payment }));
  const [id, time] = [`evt_${topUpId}`, String(Math.floor(at / 1000))];
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': signatureOf(secret, id, time, body),
  };
  return { body, headers };
}

function readBody(body: Uint8Array): { id: string; payment: Payment } | null {
  const told: unknown = JSON.parse(Buffer.from(body).toString());
  if (typeof told !== 'object' || told === null || !('top_up' in told) || !('status' in told)) return null;
  const id = String(told.top_up);
  if (told.status === 'paid')
    return { id, payment: { status: 'paid', paymentId: 'paymentId' in told ? String(told.paymentId) : id } };
  if (told.status === 'declined') return { id, payment: { status: 'declined', reason: 'the payment was declined' } };
  return null;
}
