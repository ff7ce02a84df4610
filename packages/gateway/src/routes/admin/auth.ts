import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError } from '@asa/contract';
import { bearerToken } from '../../stages/identify.ts';

/** Whether the request carries the admin token. Compared as hashes, in constant time whatever its length. */
export function checkAdmin(message: Pick<IncomingMessage, 'headers'>, token: string): void {
  const sent = bearerToken(message.headers.authorization ?? '');
  if (sent === null) {
    throw new ApiError('unauthorized', 'The admin API needs the admin token: "Authorization: Bearer <admin token>".');
  }
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(sent), digest(token))) throw new ApiError('unauthorized', 'The admin token is wrong.');
}
