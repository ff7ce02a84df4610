import { decodeAttribute } from './entities.ts';
import type { Reader } from './nodes.ts';

/** A class attribute as some element has it. */
export interface Classes {
  readonly raw: string;
  readonly tokens: ReadonlySet<string>;
  /** One of them hides the element from a shopper. */
  readonly hides: boolean;
}

/** The site's classes for what a shopper does not see. */
const HIDING = ['aok-hidden', 'a-hidden'] as const;
/** White space between tokens, by the HTML standard. */
const SPACES = /[\t\n\f\r ]+/;

function read(raw: string): Classes {
  const value = raw.includes('&') ? decodeAttribute(raw) : raw;
  const tokens = new Set(value.split(SPACES));
  tokens.delete('');
  return { raw, tokens, hides: HIDING.some((token) => tokens.has(token)) };
}

const SLOTS = 8192;
const LONGEST = 400;
/** Attributes by their bytes: the same few hundred come thousands of times a page. One a slot, so the table stays small. */
const slots: (Classes | undefined)[] = Array.from({ length: SLOTS });

function isSame(bytes: Uint8Array, start: number, end: number, raw: string): boolean {
  if (raw.length !== end - start) return false;
  for (let i = 0; i < raw.length; i++) if (bytes[start + i] !== raw.charCodeAt(i)) return false;
  return true;
}

function classesIn({ bytes, raw }: Reader, start: number, end: number): Classes {
  if (end - start > LONGEST) return read(raw.slice(start, end));
  let hash = end - start;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
  const slot = (hash ^ (hash >>> 13)) & (SLOTS - 1);
  const kept = slots[slot];
  if (kept !== undefined && isSame(bytes, start, end, kept.raw)) return kept;
  // A copy: a slice would keep the whole page alive.
  const made = read(Buffer.from(raw.slice(start, end), 'latin1').toString('latin1'));
  slots[slot] = made;
  return made;
}

/** The classes of an element, null when it has no such attribute. Tokens beyond ASCII are not what the page shows. */
export function classesAt(reader: Reader, number: number): Classes | null {
  const known = reader.classes[number];
  if (known !== undefined) return known;
  const { classStart, classEnd } = reader.outline;
  const start = classStart[number] ?? -1;
  const found = start === -1 ? null : classesIn(reader, start, classEnd[number] ?? start);
  reader.classes[number] = found;
  return found;
}

/** The element has the class token (ASCII). */
export const hasClassAt = (reader: Reader, number: number, token: string): boolean =>
  classesAt(reader, number)?.tokens.has(token) === true;

/** Which elements of a page have a class token. Elements that are written alike are looked at once. */
export class ClassIndex {
  private readonly alike = new Map<Classes, number[]>();
  private readonly byToken = new Map<string, readonly number[]>();

  constructor(reader: Reader) {
    const { count } = reader.outline;
    for (let number = 0; number < count; number++) {
      const classes = classesAt(reader, number);
      if (classes === null) continue;
      const known = this.alike.get(classes);
      if (known === undefined) this.alike.set(classes, [number]);
      else known.push(number);
    }
  }

  /** Numbers of the elements with the token, in order: those from `from` up to `to`, exclusive. */
  numbers(token: string, from: number, to: number): readonly number[] {
    let all = this.byToken.get(token);
    if (all === undefined) {
      all = this.find(token);
      this.byToken.set(token, all);
    }
    return between(all, from, to);
  }

  private find(token: string): readonly number[] {
    const found: (readonly number[])[] = [];
    for (const [classes, numbers] of this.alike) if (classes.tokens.has(token)) found.push(numbers);
    return found.length === 1 ? (found[0] ?? []) : found.flat().sort((a, b) => a - b);
  }
}

function between(numbers: readonly number[], from: number, to: number): readonly number[] {
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
