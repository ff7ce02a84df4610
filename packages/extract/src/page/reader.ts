import { decodeAttribute, decodeText } from './entities.ts';
import type { Reader } from './nodes.ts';
import type { Outline } from './outline.ts';

const AMPERSAND = 38;

/** A list as long as the page has elements: a short one that is filled here and there would become a hash table. */
// oxlint-disable-next-line unicorn/no-new-array -- the length is meant, and `Array.from` takes five times as long
const places = <T>(count: number): (T | undefined)[] => new Array<T | undefined>(count);

/** A reader of a page's bytes; `decode` gives the text of a byte range in the page's encoding. */
export function createReader(
  outline: Outline,
  raw: string,
  bytes: Uint8Array,
  decode: (start: number, end: number) => string,
): Reader {
  /** Most ranges are ASCII without references: then the bytes are the text. */
  const read = (start: number, end: number, references: ((text: string) => string) | null): string => {
    let found = false;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] ?? 0;
      if (byte >= 128) {
        const text = decode(start, end);
        return references !== null && text.includes('&') ? references(text) : text;
      }
      if (byte === AMPERSAND) found = true;
    }
    const text = raw.slice(start, end);
    return found && references !== null ? references(text) : text;
  };
  return {
    outline,
    raw,
    bytes,
    nodes: places(outline.count),
    classes: places(outline.count),
    document: null,
    plain: (start, end) => read(start, end, null),
    text: (start, end) => read(start, end, decodeText),
    value: (start, end) => read(start, end, decodeAttribute),
  };
}
