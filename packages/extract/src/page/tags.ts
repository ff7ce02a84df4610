/**
 * Small scanners over a page: its text read as Latin-1, where whole strings are looked for, and its bytes, which are
 * quicker one by one. Offsets are the same in both. Each answers an offset, or -1 where the page ends first.
 */

const GT = 62;
const SLASH = 47;

export const isSpace = (c: number): boolean => c <= 32 && (c === 32 || c === 10 || c === 9 || c === 13 || c === 12);
/** A tag's name ends at white space, `/` or `>`. */
export const endsName = (c: number): boolean => c <= GT && (c === GT || c === SLASH || isSpace(c));
export const isLetter = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90);

/** The byte at an offset; 0 beyond the end, which ends nothing. */
export const at = (bytes: Uint8Array, offset: number): number => bytes[offset] ?? 0;

/** Offset after the comment whose `<!--` ends at `from`. `<!-->` and `<!--->` are whole comments. */
function afterComment(source: string, from: number): number {
  if (source.charCodeAt(from) === GT) return from + 1;
  if (source.startsWith('->', from)) return from + 2;
  for (let i = source.indexOf('--', from); i !== -1; i = source.indexOf('--', i)) {
    i += 2;
    while (source.charCodeAt(i) === 45) i++;
    if (source.charCodeAt(i) === GT) return i + 1;
    if (source.startsWith('!>', i)) return i + 2;
  }
  return -1;
}

const after = (source: string, what: string, from: number): number => {
  const start = source.indexOf(what, from);
  return start === -1 ? -1 : start + what.length;
};

/** Offset after the declaration, comment or bogus comment that begins with `<!` or `<?` at `lt`. */
export function afterDeclaration(source: string, lt: number): number {
  if (source.startsWith('<!--', lt)) return afterComment(source, lt + 4);
  if (source.startsWith('<![CDATA[', lt)) return after(source, ']]>', lt + 9);
  return after(source, '>', lt + 2);
}

/** Offset of the `</name` that ends raw text begun at `from`; the name in lower case. */
export function rawTextEnd(source: string, bytes: Uint8Array, name: string, from: number): number {
  for (let lt = source.indexOf('</', from); lt !== -1; lt = source.indexOf('</', lt + 2)) {
    let i = 0;
    while (i < name.length && (at(bytes, lt + 2 + i) | 0x20) === name.charCodeAt(i)) i++;
    if (i === name.length && endsName(at(bytes, lt + 2 + i))) return lt;
  }
  return -1;
}

/** The tag has a `style` attribute; a `hidden` one. */
export const STYLED = 1;
export const HIDDEN = 2;

/** The end of a start tag, and what nearly every question is about. One object is filled again for each tag of a page. */
export interface TagRest {
  /** Offset after `>`, or -1 when the page ends inside the tag. */
  end: number;
  selfClosing: boolean;
  /** Range of the id's value, `idStart` -1 when the tag has none. */
  idStart: number;
  idEnd: number;
  /** Range of the class attribute's value, the same way. */
  classStart: number;
  classEnd: number;
  /** Of `STYLED` and `HIDDEN`. */
  looks: number;
}

export const newTagRest = (): TagRest => ({
  end: -1,
  selfClosing: false,
  idStart: -1,
  idEnd: -1,
  classStart: -1,
  classEnd: -1,
  looks: 0,
});

const ID = 1;
const CLASS = 2;

/** Which of the attributes that the outline keeps the name at `[start, end)` is; notes those that only have to be there. */
function known(bytes: Uint8Array, start: number, end: number, rest: TagRest): number {
  const length = end - start;
  if (length === 2) return isWord(bytes, start, 'id') && rest.idStart === -1 ? ID : 0;
  if (length === 5) {
    if (isWord(bytes, start, 'class')) return rest.classStart === -1 ? CLASS : 0;
    if (isWord(bytes, start, 'style')) rest.looks |= STYLED;
  } else if (length === 6 && isWord(bytes, start, 'hidden')) rest.looks |= HIDDEN;
  return 0;
}

/** The bytes from `start` are this word, in whatever case. */
function isWord(bytes: Uint8Array, start: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if ((at(bytes, start + i) | 0x20) !== word.charCodeAt(i)) return false;
  return true;
}

function keep(rest: TagRest, attribute: number, start: number, end: number): void {
  if (attribute === ID) {
    rest.idStart = start;
    rest.idEnd = end;
  } else {
    rest.classStart = start;
    rest.classEnd = end;
  }
}

/** Reads the attributes from `from` (the character after the tag's name). The first of a name counts. */
export function readTagRest(source: string, bytes: Uint8Array, from: number, rest: TagRest): void {
  const length = source.length;
  rest.end = -1;
  rest.selfClosing = false;
  rest.idStart = -1;
  rest.classStart = -1;
  rest.looks = 0;
  let i = from;
  while (i < length) {
    let c = at(bytes, i);
    if (c === GT) {
      rest.end = i + 1;
      return;
    }
    if (c === SLASH) {
      i++;
      while (i < length && isSpace(at(bytes, i))) i++;
      if (at(bytes, i) === GT) {
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
    while (i < length && (c = at(bytes, i)) !== 61 && !endsName(c)) i++;
    const attribute = known(bytes, name, i, rest);
    while (i < length && isSpace((c = at(bytes, i)))) i++;
    if (i >= length) return;
    if (at(bytes, i) !== 61) {
      if (attribute !== 0) keep(rest, attribute, i, i);
      continue;
    }
    i++;
    while (i < length && isSpace(at(bytes, i))) i++;
    if (i >= length) return;
    c = at(bytes, i);
    let start = i;
    let end: number;
    if (c === 34 || c === 39) {
      start++;
      end = source.indexOf(c === 34 ? '"' : "'", start);
      if (end === -1) return;
      i = end + 1;
    } else {
      while (i < length && (c = at(bytes, i)) !== GT && !isSpace(c)) i++;
      end = i;
    }
    if (attribute !== 0) keep(rest, attribute, start, end);
  }
}
