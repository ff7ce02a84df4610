import { cleanText } from '@asa/contract';

/** The same value with every text inside cleaned of what a reader does not see: odd spaces and marks of direction. */
export function cleaned<T>(value: T): T;
export function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return value.split('\n').map(cleanText).join('\n');
  if (Array.isArray(value)) return value.map((one: unknown) => cleaned(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [cleanText(name), cleaned<unknown>(one)]));
}
