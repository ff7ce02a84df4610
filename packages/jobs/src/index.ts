export { newSecret, signatureHeaders } from './webhooks/signature.ts';
export type { BatchHooks, HookedBatch } from './seam.ts';
