import { decodeAttribute } from './entities.ts';
import type { Reader } from './nodes.ts';

/** A class attribute as some element has it. */
export interface Classes {
  readonly raw: string;
  readonly tokens: ReadonlySet<string>;
  /** One of them hides the element from a shopper. */
  readonly hides: boolean;
  /** Elements that have it, while an index of a page is made; they are those of the page `listedBy`. */
  listed: number[];
  listedBy: ClassIndex | null;
}

/** The site's classes for what a shopper does not see. */
const HIDING = ['aok-hidden', 'a-hidden'] as const;
/** White space between tokens, by the HTML standard. */
const SPACES = /[\t\n\f\r ]+/;

/** The tokens of a class attribute's value (decoded). */
export const tokensOf = (value: string): ReadonlySet<string> =>
  new Set(value.split(SPACES).filter((one) => one !== ''));

/** One of the class tokens hides the element from a shopper. */
export const hideIt = (tokens: ReadonlySet<string>): boolean => HIDING.some((token) => tokens.has(token));

function read(raw: string): Classes {
  const tokens = tokensOf(raw.includes('&') ? decodeAttribute(raw) : raw);
  return { raw, tokens, hides: hideIt(tokens), listed: [], listedBy: null };
}

const SLOTS = 8192;
const LONGEST = 400;
/** Not every byte: what is found is compared whole. */
const STRIDE = 3;
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
  for (let i = start; i < end; i += STRIDE) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
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
  private readonly lists = new Map<string, (readonly number[])[]>();
  private readonly merged = new Map<string, readonly number[]>();

  constructor(reader: Reader) {
    const alike: Classes[] = [];
    const { count } = reader.outline;
    for (let number = 0; number < count; number++) {
      const classes = classesAt(reader, number);
      if (classes === null) continue;
      if (classes.listedBy === this) classes.listed.push(number);
      else {
        classes.listedBy = this;
        classes.listed = [number];
        alike.push(classes);
      }
    }
    for (const classes of alike) {
      for (const token of classes.tokens) this.add(token, classes.listed);
      // Nothing of the page stays in the table that outlives it.
      classes.listedBy = null;
      classes.listed = [];
    }
  }

  private add(token: string, numbers: readonly number[]): void {
    const known = this.lists.get(token);
    if (known === undefined) this.lists.set(token, [numbers]);
    else known.push(numbers);
  }

  /** Numbers of the elements with the token, in order. */
  numbers(token: string): readonly number[] {
    let all = this.merged.get(token);
    if (all === undefined) {
      const lists = this.lists.get(token) ?? [];
      all = lists.length <= 1 ? (lists[0] ?? []) : lists.flat().sort((a, b) => a - b);
      this.merged.set(token, all);
    }
    return all;
  }
}

/** Where in a list of rising numbers the first stands that is not below `from`. */
export function firstFrom(numbers: readonly number[], from: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
