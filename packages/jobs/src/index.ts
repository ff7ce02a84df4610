export { newSecret } from './webhooks/signature.ts';
export { createWebhooks } from './webhooks/webhooks.ts';
export type { Webhooks, WebhooksOptions } from './webhooks/webhooks.ts';
export type { AlertEvent, Alerts, AlertTarget } from './webhooks/alerts.ts';
export type { BatchHooks, HookedBatch } from './seam.ts';
