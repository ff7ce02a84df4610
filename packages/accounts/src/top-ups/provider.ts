/** What a provider is asked to take. */
export interface Charge {
  /** The idempotency key: however often the provider is asked with it, it takes the money once. */
  readonly id: string;
  readonly workspaceId: string;
  readonly credits: number;
  /** US cents. */
  readonly cents: number;
}

/** What became of a charge. */
export type Payment =
  | { readonly status: 'paid'; readonly paymentId: string }
  /** `reason`: a sentence for the workspace, without its end. */
  | { readonly status: 'declined'; readonly reason: string }
  /** It is told later, by a webhook or when asked. */
  | { readonly status: 'pending' };

/** A webhook that is not the provider's: its signature is wrong, missing or too old. */
export class WebhookRefused extends Error {
  override name = 'WebhookRefused';
}

/** Takes money for credits. Errors and silence mean that the outcome is not known; then it is asked again, with the same id. */
export interface PaymentProvider {
  readonly name: string;
  /** Why it can never take anything, as a sentence without its end; null: it can. */
  readonly unavailable: string | null;
  /** Takes the money, once for each id. */
  readonly charge: (charge: Charge, signal: AbortSignal) => Promise<Payment>;
  /** What became of the charge with this id; `unknown`: it never arrived. */
  readonly find: (id: string, signal: AbortSignal) => Promise<Payment | { readonly status: 'unknown' }>;
  /**
   * What a webhook tells: of which charge, and what became of it; null when it is about something else.
   * @throws WebhookRefused
   */
  readonly readWebhook: (
    body: Uint8Array,
    headers: Readonly<Record<string, unknown>>,
  ) => { readonly id: string; readonly payment: Payment } | null;
}

/** No provider: the operator adds credits by hand. */
export const NO_PROVIDER: PaymentProvider = {
  name: 'none',
  unavailable: 'no payment provider is set up here',
  charge: () => Promise.resolve({ status: 'declined', reason: 'no payment provider is set up here' }),
  find: () => Promise.resolve({ status: 'unknown' }),
  readWebhook: () => {
    throw new WebhookRefused('there is no provider');
  },
};
