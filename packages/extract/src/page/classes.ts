import type { Reader } from './nodes.ts';
import { hasClassAt } from './selector.ts';
import { isSpace } from './tags.ts';

/** Numbers of the elements that carry a class token, in order, by token. */
export type ClassIndex = ReadonlyMap<string, readonly number[]>;

const SLOTS = 4096;
const LONGEST = 48;
const AMPERSAND = 38;
/** Tokens by their bytes: the same few hundred come thousands of times a page. One a slot, so the table stays small. */
const slots: (string | undefined)[] = Array.from({ length: SLOTS });

function isSame(bytes: Uint8Array, start: number, end: number, token: string): boolean {
  if (token.length !== end - start) return false;
  for (let i = 0; i < token.length; i++) if (bytes[start + i] !== token.charCodeAt(i)) return false;
  return true;
}

/** The token at `[start, end)`, the same string for the same bytes. */
function tokenAt({ bytes, raw, plain }: Reader, start: number, end: number, hash: number): string {
  const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
  const kept = slots[slot];
  if (kept !== undefined && isSame(bytes, start, end, kept)) return kept;
  const written = raw.slice(start, end);
  if (/[\u0080-\u00ff]/.test(written)) return plain(start, end);
  // A copy: a slice would keep the whole page alive.
  if (written.length <= LONGEST) slots[slot] = Buffer.from(written, 'latin1').toString('latin1');
  return written;
}

function add(index: Map<string, number[]>, token: string, number: number): void {
  const known = index.get(token);
  if (known === undefined) index.set(token, [number]);
  else if (known.at(-1) !== number) known.push(number);
}

/** Reads the class attributes of the whole page: for pages of which many classes are asked. */
export function readClasses(reader: Reader): ClassIndex {
  const { outline, bytes } = reader;
  const index = new Map<string, number[]>();
  for (let number = 0; number < outline.count; number++) {
    const to = outline.classEnd[number] ?? 0;
    let at = outline.classStart[number] ?? -1;
    if (at === -1) continue;
    let hasReference = false;
    const first = at;
    while (at < to) {
      const start = at;
      let hash = 0;
      for (let byte = bytes[at] ?? 0; at < to && !isSpace(byte); byte = bytes[++at] ?? 0) {
        hash = (Math.imul(hash, 31) + byte) | 0;
        hasReference ||= byte === AMPERSAND;
      }
      if (at > start) add(index, tokenAt(reader, start, at, hash), number);
      at++;
    }
    if (hasReference) {
      // Rare: what was read above were no tokens, but nobody asks for such.
      for (const token of reader.value(first, to).split(/[\t\n\f\r ]+/)) if (token !== '') add(index, token, number);
    }
  }
  return index;
}

/** Numbers of the elements with one class token, of those from `from` up to `to`. */
export function classedAs(reader: Reader, token: string, from: number, to: number): number[] {
  const found: number[] = [];
  for (let number = from; number < to; number++) if (hasClassAt(reader, number, token)) found.push(number);
  return found;
}

/** The numbers of the list from `from` up to `to`, exclusive. */
export function between(numbers: readonly number[], from: number, to: number): readonly number[] {
  if (numbers.length === 0 || ((numbers[0] ?? 0) >= from && (numbers.at(-1) ?? 0) < to)) return numbers;
  return numbers.slice(firstFrom(numbers, from), firstFrom(numbers, to));
}

/** Where in the list the first number stands that is not below `from`. */
function firstFrom(numbers: readonly number[], from: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
