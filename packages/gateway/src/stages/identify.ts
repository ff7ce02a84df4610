import type { IncomingMessage } from 'node:http';
import { rawParams, Refusal } from '@asa/contract';
import type { Accounts, Identified, Principal } from '@asa/accounts';
import { after } from '../context.ts';

/** The token of an `Authorization: Bearer` header, or null when it is none. */
export const bearerToken = (header: string): string | null => /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? null;

type Sent = Pick<IncomingMessage, 'rawHeaders' | 'url'>;

/** Every key that was sent, without repetitions, and whether an Authorization header was there that is not a Bearer token. */
export function sentKeys(message: Sent): {
  keys: string[];
  malformed: boolean;
} {
  const keys: string[] = [];
  let malformed = false;
  // A header or parameter that is there but empty is no key.
  const add = (key: string): void => {
    if (key !== '' && !keys.includes(key)) keys.push(key);
  };
  const { rawHeaders } = message;
  // The parsed headers keep only the first of two.
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const value = rawHeaders[at + 1] ?? '';
    if (isNamed(name, 'authorization')) {
      const token = bearerToken(value);
      if (token === null) malformed = true;
      else add(token);
    } else if (isNamed(name, 'x-api-key')) add(value.trim());
  }
  const query = queryOf(message.url);
  // Its name may be written with escapes.
  const mayHoldKey = query.includes('api_key') || query.includes('%');
  if (mayHoldKey) for (const value of rawParams(query).get('api_key') ?? []) add(value.trim());
  return { keys, malformed };
}

const isNamed = (sent: string, name: string): boolean => sent.length === name.length && sent.toLowerCase() === name;

const queryOf = (url: string | undefined): string => {
  const mark = url?.indexOf('?') ?? -1;
  return mark < 0 || url === undefined ? '' : url.slice(mark + 1);
};

const NO_KEY = new Refusal(
  'unauthorized',
  'No API key was sent. Send it as "Authorization: Bearer <key>", "X-API-Key: <key>" or "?api_key=<key>".',
);
const NO_BEARER = new Refusal('unauthorized', 'The Authorization header is not of the form "Bearer <key>".');
const REVOKED = new Refusal('revoked', 'This API key was revoked. Use another key of the workspace.');
const MALFORMED = new Refusal(
  'unauthorized',
  'The API key is malformed: it is asa_live_ or asa_test_ and 32 letters and digits.',
);
const UNKNOWN = new Refusal(
  'unauthorized',
  'The API key is unknown. Check for a typing mistake, or that it belongs to this service.',
);

/**
 * The `identify` stage: key -> principal, or `unauthorized` or `revoked`, and `rate_limited` for an address that tries many keys that
 * there are not; never repeats what was sent.
 */
export function identify(
  accounts: Accounts,
  message: Sent,
  address: string,
): Principal | Refusal | Promise<Principal | Refusal> {
  const { keys, malformed } = sentKeys(message);
  const [key, ...others] = keys;
  if (key === undefined) return malformed ? NO_BEARER : NO_KEY;
  if (others.length > 0) return new Refusal('unauthorized', `${keys.length} different API keys were sent; send one.`);
  return after(accounts.keys.identify(key, address), principalOf);
}

function principalOf(found: Identified): Principal | Refusal {
  switch (found.status) {
    case 'ok':
      return found.principal;
    case 'revoked':
      return REVOKED;
    case 'malformed':
      return MALFORMED;
    case 'throttled': {
      const { retryAfterSeconds: seconds } = found;
      return new Refusal(
        'rate_limited',
        `Your address tried many API keys that are unknown, so this one was not looked up. Wait ${seconds} s; keys that were used here before are not affected.`,
        seconds,
      );
    }
    default:
      return UNKNOWN;
  }
}
