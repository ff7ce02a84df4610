import { randomBytes } from 'node:crypto';

/** `req_` and 12 lower-case hex digits. 48 bits: the store tells when one was used before, and a new one is made. */
export const newRequestId = (): string => `req_${randomBytes(6).toString('hex')}`;

/** Whether the text has the form of a request id. */
export const isRequestId = (text: string): boolean => /^req_[0-9a-f]{12}$/.test(text);
