import { decodeAttribute, decodeText } from './entities.ts';
import type { Element } from 'domhandler';
import type { Classes } from './classes.ts';
import type { Reader } from './nodes.ts';
import type { Outline } from './outline.ts';

const AMPERSAND = 38;

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
    // Made as long as the page has elements: filled here and there, a short one would become a hash table.
    nodes: Array.from<Element | undefined>({ length: outline.count }),
    classes: Array.from<Classes | null | undefined>({ length: outline.count }),
    document: null,
    plain: (start, end) => read(start, end, null),
    text: (start, end) => read(start, end, decodeText),
    value: (start, end) => read(start, end, decodeAttribute),
  };
}
