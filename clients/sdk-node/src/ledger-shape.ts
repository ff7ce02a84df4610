import type { ChainEnd } from './generated/types.ts';

/** The shapes of the lines of a ledger export. Pure. */

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
const isCount = (value: unknown): value is number => isWhole(value) && value >= 0;
const isText = (value: unknown): value is string => typeof value === 'string';
const orNull =
  (is: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === null || is(value);

const END = { seq: isCount, hash: isHash, balance: isCount };
const KINDS: ReadonlySet<unknown> = new Set(['grant', 'topup', 'hold', 'capture', 'release', 'adjust']);

/** Every key of an entry: nothing may stand in an export that no hash covers. */
const ENTRY: Readonly<Record<string, (value: unknown) => boolean>> = {
  seq: (value) => isCount(value) && value > 0,
  kind: (value) => KINDS.has(value),
  amount: isWhole,
  allowance: isWhole,
  topup: isWhole,
  period: isCount,
  request_id: orNull(isText),
  key_id: orNull(isText),
  reason: orNull(isText),
  created_at: isText,
  hash: isHash,
};

export const isEnd = (value: unknown): value is ChainEnd =>
  isObject(value) && Object.entries(END).every(([key, is]) => is(value[key]));

/** What is wrong with an entry by its shape alone; null when nothing is. */
export function entryProblem(value: unknown): string | null {
  if (!isObject(value)) return 'it is no object';
  const strange = Object.keys(value).find((key) => !Object.hasOwn(ENTRY, key));
  if (strange !== undefined) return `there is no ${JSON.stringify(strange)} in an entry`;
  const [wrong] = Object.entries(ENTRY).find(([key, is]) => !is(value[key])) ?? [];
  return wrong === undefined ? null : `${wrong} ${JSON.stringify(value[wrong]) ?? 'is missing'}`;
}
