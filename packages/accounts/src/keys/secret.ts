import { BASE62, SECRET_CHARACTERS } from '@asa/contract';
import type { Context } from '../types.ts';

/** The largest multiple of 62 in a byte: bytes from here on would favour some characters. */
const FAIR_BELOW = 248;

/** Characters of base62, each as likely as the others, from bytes that cannot be guessed. */
export function newSecret(random: Context['random']): string {
  let secret = '';
  while (secret.length < SECRET_CHARACTERS) {
    for (const byte of random(SECRET_CHARACTERS)) {
      if (byte < FAIR_BELOW && secret.length < SECRET_CHARACTERS) secret += BASE62[byte % BASE62.length];
    }
  }
  return secret;
}
