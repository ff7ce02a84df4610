export { newSecret, signatureHeaders } from './webhooks/signature.ts';
