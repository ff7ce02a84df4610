/** Small scanners over a page read as Latin-1. Each answers an offset, or -1 where the page ends first. */

const GT = 62;
const SLASH = 47;

export const isSpace = (c: number): boolean => c <= 32 && (c === 32 || c === 10 || c === 9 || c === 13 || c === 12);
/** A tag's name ends at white space, `/` or `>`. */
export const endsName = (c: number): boolean => c <= GT && (c === GT || c === SLASH || isSpace(c));
export const isLetter = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90);

/** Offset after the comment whose `<!--` ends at `from`. `<!-->` and `<!--->` are whole comments. */
function afterComment(source: string, from: number): number {
  if (source.charCodeAt(from) === GT) return from + 1;
  if (source.startsWith('->', from)) return from + 2;
  for (let at = source.indexOf('--', from); at !== -1; at = source.indexOf('--', at)) {
    at += 2;
    while (source.charCodeAt(at) === 45) at++;
    if (source.charCodeAt(at) === GT) return at + 1;
    if (source.startsWith('!>', at)) return at + 2;
  }
  return -1;
}

const after = (source: string, what: string, from: number): number => {
  const at = source.indexOf(what, from);
  return at === -1 ? -1 : at + what.length;
};

/** Offset after the declaration, comment or bogus comment that begins with `<!` or `<?` at `lt`. */
export function afterDeclaration(source: string, lt: number): number {
  if (source.startsWith('<!--', lt)) return afterComment(source, lt + 4);
  if (source.startsWith('<![CDATA[', lt)) return after(source, ']]>', lt + 9);
  return after(source, '>', lt + 2);
}

/** Offset of the `</name` that ends raw text begun at `from`; the name in lower case. */
export function rawTextEnd(source: string, name: string, from: number): number {
  for (let at = source.indexOf('</', from); at !== -1; at = source.indexOf('</', at + 2)) {
    let i = 0;
    while (i < name.length && (source.charCodeAt(at + 2 + i) | 0x20) === name.charCodeAt(i)) i++;
    if (i === name.length && endsName(source.charCodeAt(at + 2 + i))) return at;
  }
  return -1;
}

/** The end of a start tag, and its id attribute. One object is filled again for each tag of a page. */
export interface TagRest {
  /** Offset after `>`, or -1 when the page ends inside the tag. */
  end: number;
  selfClosing: boolean;
  /** Range of the id's value, `idStart` -1 when the tag has none. */
  idStart: number;
  idEnd: number;
}

/** Reads the attributes from `from` (the character after the tag's name). The first `id` counts. */
export function readTagRest(source: string, from: number, rest: TagRest): void {
  const length = source.length;
  rest.end = -1;
  rest.selfClosing = false;
  rest.idStart = -1;
  let i = from;
  while (i < length) {
    let c = source.charCodeAt(i);
    if (c === GT) {
      rest.end = i + 1;
      return;
    }
    if (c === SLASH) {
      i++;
      while (i < length && isSpace(source.charCodeAt(i))) i++;
      if (source.charCodeAt(i) === GT) {
        rest.selfClosing = true;
        rest.end = i + 1;
        return;
      }
      continue;
    }
    if (isSpace(c)) {
      i++;
      continue;
    }
    const name = i++;
    while (i < length && (c = source.charCodeAt(i)) !== 61 && !endsName(c)) i++;
    const isId =
      i - name === 2 &&
      (source.charCodeAt(name) | 0x20) === 105 &&
      (source.charCodeAt(name + 1) | 0x20) === 100 &&
      rest.idStart === -1;
    while (i < length && isSpace((c = source.charCodeAt(i)))) i++;
    if (i >= length) return;
    if (source.charCodeAt(i) !== 61) {
      if (isId) rest.idStart = rest.idEnd = i;
      continue;
    }
    i++;
    while (i < length && isSpace(source.charCodeAt(i))) i++;
    if (i >= length) return;
    c = source.charCodeAt(i);
    let start = i;
    let end: number;
    if (c === 34 || c === 39) {
      start++;
      end = source.indexOf(c === 34 ? '"' : "'", start);
      if (end === -1) return;
      i = end + 1;
    } else {
      while (i < length && (c = source.charCodeAt(i)) !== GT && !isSpace(c)) i++;
      end = i;
    }
    if (isId) {
      rest.idStart = start;
      rest.idEnd = end;
    }
  }
}
