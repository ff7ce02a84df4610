import type { Identifier } from '../keys/identify.ts';
import type { Redis } from './redis.ts';

const CHANNEL = 'asa:forget';

/**
 * What one node forgets of keys, because one was revoked or its ceilings changed, all others forget too. A node that may have missed a message
 * forgets everything; without Redis what is cached is believed for a few seconds (`keys/identify.ts`).
 */
export function spreadForgetting(redis: Redis | null, identifier: Identifier): Identifier {
  if (redis === null) return identifier;
  redis.listen(CHANNEL, () => identifier.forget());
  return {
    ...identifier,
    forget() {
      identifier.forget();
      redis.send(['PUBLISH', CHANNEL, 'keys']);
    },
  };
}
