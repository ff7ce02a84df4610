import { endsName, isSpace } from './tags.ts';

/** Text of a range of the page. */
type TextOfRange = (start: number, end: number) => string;

/** The page's bytes as Latin-1 and the texts of its ranges. */
export interface AttributeSource {
  readonly raw: string;
  /** As it stands. */
  readonly plain: TextOfRange;
  /** With character references decoded as in an attribute. */
  readonly value: TextOfRange;
}

const BEYOND_ASCII = /[\u0080-\u00ff]/;
const UPPER = /[A-Z]/;

function nameAt({ raw, plain }: AttributeSource, start: number, end: number): string {
  const name = raw.slice(start, end);
  if (BEYOND_ASCII.test(name)) return plain(start, end).toLowerCase();
  return UPPER.test(name) ? name.toLowerCase() : name;
}

/**
 * The attributes of a start tag; `from` is the character after its name. Names are in lower case, the first of equal
 * names counts. The tag is whole: the outline has seen its end.
 */
export function readAttributes(page: AttributeSource, from: number): Record<string, string> {
  const attributes: Record<string, string> = {};
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
    if (!Object.hasOwn(attributes, name)) attributes[name] = text;
  }
  return attributes;
}
