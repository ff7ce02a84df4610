import { randomFillSync } from 'node:crypto';

const BYTES = 6;
/** Random bytes are fetched for so many ids at once: a call for each would cost more than the rest of it. */
const IDS = 512;
const pool = Buffer.alloc(BYTES * IDS);
let used = pool.length;

/** `req_` and 12 lower-case hex digits. 48 bits: the store tells when one was used before, and a new one is made. */
export function newRequestId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += BYTES;
  return `req_${pool.toString('hex', used - BYTES, used)}`;
}

/** Whether the text has the form of a request id. */
export const isRequestId = (text: string): boolean => /^req_[0-9a-f]{12}$/.test(text);
