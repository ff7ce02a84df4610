import { randomUUID } from 'node:crypto';
import { ApiError, type WebhookDelivery, type ListPage } from '@asa/contract';
import type { Store, Tx } from '@asa/store';
import type { BatchHooks, HookedBatch } from '../seam.ts';
import { createAlerts, type Alerts } from './alerts.ts';
import { listDeliveries, redeliver, type DeliveryQuery, type Redelivery } from './deliveries.ts';
import { createDispatcher, type DispatchOptions } from './dispatch.ts';
import { putEndpoint, putEvents, WEBHOOK_CHANNEL, type NewEvent } from './queue.ts';
import { dnsResolve, systemResolve } from './resolve.ts';
import { readTarget, type TargetPolicy } from './target.ts';

export interface WebhooksOptions {
  readonly store: Store;
  readonly policy: TargetPolicy;
  /** The body of an event of a batch, see `batchEventBody`. */
  readonly bodyOf: DispatchOptions['bodyOf'];
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly log?: (message: string, fields?: object) => void;
  /** What is being sent when the service stops may end in this time; otherwise it is sent again after the next start. Default 3000. */
  readonly graceMs?: number;
  /** How the sending differs from the usual; for tests. */
  readonly sending?: Partial<Pick<DispatchOptions, 'resolve' | 'timeoutMs' | 'ca' | 'tcp' | 'own'>>;
}

/** Events that are signed and sent to callers (contract section 8). */
export interface Webhooks {
  /** What batches call when something happened to them. */
  readonly batches: BatchHooks;
  /** Where a workspace is told about itself. */
  readonly alerts: Alerts;
  /**
   * Everything that is wrong with the address of a webhook.
   * @param name of the parameter; default `webhook_url`
   */
  readonly urlProblems: (url: unknown, name?: string) => readonly string[];
  readonly deliveries: (query: DeliveryQuery) => Promise<ListPage<WebhookDelivery>>;
  /** See `redeliver`. */
  readonly redeliver: (redelivery: Redelivery) => Promise<WebhookDelivery>;
  /** Looks at once for what is to be sent; to be called after a transaction that stored events. Never rejects. */
  readonly wake: () => Promise<void>;
  /** From now on sends what is due. */
  readonly start: () => void;
  /** Waits until nothing is being sent. */
  readonly settled: () => Promise<void>;
  /** Takes nothing more, and waits for what is being sent. */
  readonly close: () => Promise<void>;
}

export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { store, policy, bodyOf, now = Date.now, log = () => {}, graceMs = 3000, sending = {} } = options;
  const resolve = policy.allowPrivate ? systemResolve : dnsResolve();
  const dispatcher = createDispatcher({ resolve, ...sending, store, policy, bodyOf, now, log });
  const put = async (tx: Tx, batch: HookedBatch, events: readonly NewEvent[]): Promise<void> => {
    const { id, workspaceId, webhookUrl: url, webhookSecret: secret } = batch;
    await putEndpoint(tx, { id, workspaceId, url, secret, batchId: id }, now());
    await putEvents(tx, { id, workspaceId, url }, events, now());
  };
  const urlProblems: Webhooks['urlProblems'] = (url, name) => readTarget(url, policy, name).problems;
  const checkUrl = (url: string, name: string): void => {
    const problems = urlProblems(url, name);
    if (problems.length > 0) throw new ApiError('invalid_params', `${problems.join('; ')}.`);
  };
  let listening: { end: () => Promise<void> } | null = null;
  return {
    batches: {
      batchEnded: (tx, batch) => put(tx, batch, [{ event: 'batch.completed' }]),
      itemsDone: (tx, batch, indices) =>
        put(
          tx,
          batch,
          indices.map((index) => ({ event: 'batch.item', subject: String(index) })),
        ),
    },
    alerts: createAlerts({ store, now, checkUrl, newId: randomUUID, wake: dispatcher.pump }),
    urlProblems,
    deliveries: (query) => listDeliveries(store, query),
    async redeliver(redelivery) {
      const delivery = await redeliver(store, redelivery, now());
      void dispatcher.pump();
      return delivery;
    },
    wake: dispatcher.pump,
    start() {
      listening ??= store.listen(WEBHOOK_CHANNEL, () => void dispatcher.pump());
      dispatcher.start();
    },
    settled: dispatcher.settled,
    async close() {
      await dispatcher.close(graceMs);
      await listening?.end();
      listening = null;
    },
  };
}
