import { endsName, isSpace } from './tags.ts';

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

/**
 * The attributes of a start tag; `from` is the character after its name. Names are in lower case, the first of equal
 * names counts. The tag is whole: the outline has seen its end.
 */
export function readAttributes(page: AttributeSource, from: number): Record<string, string> {
  const attributes: Record<string, string> = {};
  const names: string[] = [];
  const source = page.raw;
  const { length } = source;
  let i = from;
  while (i < length) {
    let c = source.charCodeAt(i);
    if (c === 62) break;
    if (c === 47 || isSpace(c)) {
      i++;
      continue;
    }
    const start = i++;
    while (i < length && (c = source.charCodeAt(i)) !== 61 && !endsName(c)) i++;
    const name = nameAt(page, start, i);
    while (isSpace(source.charCodeAt(i))) i++;
    let text = '';
    if (source.charCodeAt(i) === 61) {
      i++;
      while (isSpace(source.charCodeAt(i))) i++;
      c = source.charCodeAt(i);
      const quoted = c === 34 || c === 39;
      let end: number;
      if (quoted) end = source.indexOf(c === 34 ? '"' : "'", ++i);
      else for (end = i; end < length && (c = source.charCodeAt(end)) !== 62 && !isSpace(c); end++);
      if (end === -1) end = length;
      text = page.value(i, end);
      i = quoted ? end + 1 : end;
    }
    const isKnown = names.length < FEW ? names.includes(name) : Object.hasOwn(attributes, name);
    if (isKnown) continue;
    names.push(name);
    attributes[name] = text;
  }
  return attributes;
}
