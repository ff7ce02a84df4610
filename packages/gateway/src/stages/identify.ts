import type { IncomingMessage } from 'node:http';
import { ApiError, rawParams } from '@asa/contract';
import type { Accounts, Principal } from '@asa/accounts';

/** The token of an `Authorization: Bearer` header, or null when it is none. */
export const bearerToken = (header: string): string | null => /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? null;

type Sent = Pick<IncomingMessage, 'rawHeaders' | 'url'>;

/** Every key that was sent, without repetitions, and whether an Authorization header was there that is not a Bearer token. */
export function sentKeys(message: Sent): {
  keys: string[];
  malformed: boolean;
} {
  const keys = new Set<string>();
  let malformed = false;
  for (const value of headersNamed(message, 'authorization')) {
    const token = bearerToken(value);
    if (token === null) malformed = true;
    else keys.add(token);
  }
  for (const value of headersNamed(message, 'x-api-key')) keys.add(value.trim());
  const query = queryOf(message.url);
  // Its name may be written with escapes.
  const mayHoldKey = query.includes('api_key') || query.includes('%');
  if (mayHoldKey) for (const value of rawParams(query).get('api_key') ?? []) keys.add(value.trim());
  // A header or parameter that is there but empty is no key.
  keys.delete('');
  return { keys: [...keys], malformed };
}

/** Every value of a header: the parsed ones keep only the first of two. */
function headersNamed({ rawHeaders }: Sent, name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const sent = rawHeaders[at] ?? '';
    if (sent.length === name.length && sent.toLowerCase() === name) values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
}

const queryOf = (url: string | undefined): string => {
  const mark = url?.indexOf('?') ?? -1;
  return mark < 0 || url === undefined ? '' : url.slice(mark + 1);
};

/**
 * The `identify` stage: key -> principal. Throws `unauthorized` or `revoked`, and `rate_limited` for an address that tries many keys that
 * there are not; never repeats what was sent.
 */
export async function identify(accounts: Accounts, message: Sent, address: string): Promise<Principal> {
  const { keys, malformed } = sentKeys(message);
  const [key, ...others] = keys;
  if (key === undefined) {
    throw new ApiError(
      'unauthorized',
      malformed
        ? 'The Authorization header is not of the form "Bearer <key>".'
        : 'No API key was sent. Send it as "Authorization: Bearer <key>", "X-API-Key: <key>" or "?api_key=<key>".',
    );
  }
  if (others.length > 0) throw new ApiError('unauthorized', `${keys.length} different API keys were sent; send one.`);
  const found = await accounts.keys.identify(key, address);
  if (found.status === 'ok') return found.principal;
  if (found.status === 'revoked')
    throw new ApiError('revoked', 'This API key was revoked. Use another key of the workspace.');
  if (found.status === 'throttled') {
    throw new ApiError(
      'rate_limited',
      `Your address tried many API keys that are unknown, so this one was not looked up. Wait ${found.retryAfterSeconds} s; keys that were used here before are not affected.`,
      { retryAfterSeconds: found.retryAfterSeconds },
    );
  }
  throw new ApiError(
    'unauthorized',
    found.status === 'malformed'
      ? 'The API key is malformed: it is asa_live_ or asa_test_ and 32 letters and digits.'
      : 'The API key is unknown. Check for a typing mistake, or that it belongs to this service.',
  );
}
