/** The form of API keys (contract section 5). A key itself is a secret; its short prefix is what people see. */

export const KEY_MODES = ['live', 'test'] as const;
export type KeyMode = (typeof KEY_MODES)[number];

export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Characters of base62 after the prefix of the kind. */
export const SECRET_CHARACTERS = 32;
/** How many of them the short prefix shows. */
const SHOWN_CHARACTERS = 12;

/** Keys of a workspace that may be active at once. */
export const MAX_ACTIVE_KEYS = 20;
/** How long a key that is replaced goes on working: unless said otherwise, and at most, in seconds. */
export const KEY_OVERLAP = { default: 86_400, max: 30 * 86_400 } as const;
/** How long the usage of a key is kept, also after it was revoked. */
export const USAGE_DAYS = 90;

const KEY = new RegExp(
  `^(asa_(${KEY_MODES.join('|')})_[0-9A-Za-z]{${SHOWN_CHARACTERS}})[0-9A-Za-z]{${SECRET_CHARACTERS - SHOWN_CHARACTERS}}$`,
);
const SHORT_PREFIX = new RegExp(`^asa_(?:${KEY_MODES.join('|')})_[0-9A-Za-z]{${SHOWN_CHARACTERS}}$`);
const KEY_ANYWHERE = new RegExp(KEY.source.slice(1, -1), 'g');

/** Builds a key. `secret` is `SECRET_CHARACTERS` of base62 from a source that cannot be guessed. */
export const formatKey = (mode: KeyMode, secret: string): string => `asa_${mode}_${secret}`;

/** What can be told from a key's form; null when it has not the form of a key. */
export function parseKey(raw: string): { readonly mode: KeyMode; readonly shortPrefix: string } | null {
  const [, shortPrefix, mode] = KEY.exec(raw) ?? [];
  return shortPrefix === undefined ? null : { mode: mode as KeyMode, shortPrefix };
}

/** Whether the text has the form of a short prefix: the kind's prefix and the next 12 characters. */
export const isShortPrefix = (text: string): boolean => SHORT_PREFIX.test(text);

/** The text with every key in it cut down to its short prefix, for what is stored or logged. */
export const maskKeys = (text: string): string => text.replace(KEY_ANYWHERE, '$1');
