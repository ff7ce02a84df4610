import { createTestProvider, NO_PROVIDER, type PaymentProvider } from '@asa/accounts';
import type { Store } from '@asa/store';
import type { Config } from './config.ts';

/** The payment provider that the settings name. `deliver` brings a webhook of the provider `test` to where webhooks arrive. */
export function paymentProvider(
  { paymentProvider: name, testPayments, paymentWebhookSecret: secret }: Config,
  store: Store,
  now: () => number,
  deliver: (body: Uint8Array, headers: Record<string, string>) => Promise<unknown>,
): PaymentProvider {
  if (name === 'none') return NO_PROVIDER;
  return createTestProvider({ store, now, behaviour: () => testPayments, secret, deliver });
}
