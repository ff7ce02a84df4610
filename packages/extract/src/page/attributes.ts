import { endsName, isSpace } from './tags.ts';

const GT = 62;
const SLASH = 47;
const EQUALS = 61;
const DOUBLE = 34;
const SINGLE = 39;

/** Text of a range of the page. */
type TextOfRange = (start: number, end: number) => string;

/** The page's bytes as Latin-1 and the texts of its ranges. */
export interface AttributeSource {
  readonly raw: string;
  readonly bytes: Uint8Array;
  /** As it stands. */
  readonly plain: TextOfRange;
  /** With character references decoded as in an attribute. */
  readonly value: TextOfRange;
}

const BEYOND_ASCII = /[\u0080-\u00ff]/;
const SLOTS = 1024;
/** Names by their bytes: the same few hundred come thousands of times a page. One a slot, so the table stays small. */
const slots: ({ readonly raw: string; readonly name: string } | undefined)[] = Array.from({ length: SLOTS });

/** Looking through so many names is quicker than asking the object. */
const FEW = 16;

function isRaw(bytes: Uint8Array, start: number, end: number, raw: string): boolean {
  if (raw.length !== end - start) return false;
  for (let i = 0; i < raw.length; i++) if (bytes[start + i] !== raw.charCodeAt(i)) return false;
  return true;
}

function nameAt({ raw, bytes, plain }: AttributeSource, start: number, end: number): string {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
  const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
  const kept = slots[slot];
  if (kept !== undefined && isRaw(bytes, start, end, kept.raw)) return kept.name;
  const written = raw.slice(start, end);
  if (BEYOND_ASCII.test(written)) return plain(start, end).toLowerCase();
  const name = written.toLowerCase();
  // Copies: a slice would keep the whole page alive.
  if (name.length <= 40) slots[slot] = { raw: Buffer.from(written).toString(), name: Buffer.from(name).toString() };
  return name;
}

/** Goes through a start tag; the ranges are those of the attribute it stands at. */
class Cursor {
  nameStart = 0;
  nameEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  private at: number;
  private readonly page: AttributeSource;

  /** `from` is the byte after the tag's name. The tag is whole: the outline has seen its end. */
  constructor(page: AttributeSource, from: number) {
    this.page = page;
    this.at = from;
  }

  /** Goes to the next attribute; false at the end of the tag. An attribute without a value has an empty range. */
  next(): boolean {
    const { bytes } = this.page;
    const { length } = bytes;
    let i = this.at;
    let c = bytes[i] ?? GT;
    while (c === SLASH || isSpace(c)) c = bytes[++i] ?? GT;
    if (c === GT) return false;
    this.nameStart = i++;
    while (i < length && (c = bytes[i] ?? GT) !== EQUALS && !endsName(c)) i++;
    this.nameEnd = i;
    while (isSpace((c = bytes[i] ?? GT))) i++;
    this.valueStart = this.valueEnd = this.at = i;
    if (c === EQUALS) this.value(i + 1);
    return true;
  }

  private value(from: number): void {
    const { bytes, raw } = this.page;
    let i = from;
    while (isSpace(bytes[i] ?? GT)) i++;
    const c = bytes[i] ?? GT;
    if (c === DOUBLE || c === SINGLE) {
      this.valueStart = i + 1;
      const end = raw.indexOf(c === DOUBLE ? '"' : "'", i + 1);
      this.valueEnd = end === -1 ? raw.length : end;
      this.at = this.valueEnd + 1;
      return;
    }
    this.valueStart = i;
    while (i < bytes.length && bytes[i] !== GT && !isSpace(bytes[i] ?? GT)) i++;
    this.valueEnd = this.at = i;
  }
}

/** The attributes of a start tag. Names are in lower case, the first of equal names counts. */
export function readAttributes(page: AttributeSource, from: number): Record<string, string> {
  const attributes: Record<string, string> = {};
  const names: string[] = [];
  const cursor = new Cursor(page, from);
  while (cursor.next()) {
    const name = nameAt(page, cursor.nameStart, cursor.nameEnd);
    const isKnown = names.length < FEW ? names.includes(name) : Object.hasOwn(attributes, name);
    if (isKnown) continue;
    names.push(name);
    attributes[name] = page.value(cursor.valueStart, cursor.valueEnd);
  }
  return attributes;
}

/** A range of the page. One object is filled again at each question: read it before the next. */
export interface Span {
  start: number;
  end: number;
}

/** Finds the value of one attribute of a start tag (its name in lower case, ASCII); false when the tag has none. */
export function findAttribute(page: AttributeSource, from: number, name: string, into: Span): boolean {
  const cursor = new Cursor(page, from);
  while (cursor.next()) {
    if (!isNamed(page.bytes, cursor.nameStart, cursor.nameEnd, name)) continue;
    into.start = cursor.valueStart;
    into.end = cursor.valueEnd;
    return true;
  }
  return false;
}

/** The bytes are this name, in whatever case. */
function isNamed(bytes: Uint8Array, start: number, end: number, name: string): boolean {
  if (end - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) {
    const byte = bytes[start + i] ?? 0;
    if ((byte >= 65 && byte <= 90 ? byte + 32 : byte) !== name.charCodeAt(i)) return false;
  }
  return true;
}
