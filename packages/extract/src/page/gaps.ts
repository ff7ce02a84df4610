import { Comment, ProcessingInstruction } from 'domhandler';
import { afterDeclaration, endsName, isLetter, newTagRest, readTagRest } from './tags.ts';

/** The page's bytes and their texts. */
export interface GapSource {
  readonly raw: string;
  readonly bytes: Uint8Array;
  /** Text of a range with its character references decoded. */
  readonly text: (start: number, end: number) => string;
  /** Text of a range as it stands. */
  readonly plain: (start: number, end: number) => string;
}

/** Takes what stands between two tags of the outline. */
export interface GapSink {
  /** A range of text, its character references not decoded. */
  text(start: number, end: number): void;
  /** What begins with `<!` or `<?` at `lt` and ends at `end`; `cut`: with the page instead of its own end. */
  declared(lt: number, end: number, cut: boolean): void;
  /** `</3 ...>`: an end tag without a name is a comment. */
  bogus(start: number, end: number): void;
}

const rest = newTagRest();

/** Dashes (and one "!") that a comment cut by the page's end has already begun to end with. */
const CUT_COMMENT_END = /(?:--!?|-)$/;
const CDATA = '<![CDATA[';

/** Text of a CDATA section, null for any other declaration. It is text in SVG and MathML only, and when it is whole. */
export const cdataAt = ({ raw, plain }: GapSource, lt: number, end: number): string | null =>
  raw.startsWith(CDATA, lt) ? plain(lt + CDATA.length, end - 3) : null;

/** What `<!` or `<?` at `lt` is, as htmlparser2 reports it in HTML; null for nothing. */
export function declaration(
  source: GapSource,
  lt: number,
  end: number,
  cut: boolean,
): Comment | ProcessingInstruction | null {
  const { raw, plain } = source;
  const close = cut ? end : end - 1;
  if (raw.startsWith('<!--', lt)) return new Comment(commentData(source, lt + 4, end, cut));
  if (raw.startsWith(CDATA, lt)) {
    return new Comment(`[CDATA[${plain(lt + CDATA.length, cut ? end : end - 3)}${cut ? '' : ']]'}`);
  }
  if (raw.charCodeAt(lt + 1) === 63) return new Comment(plain(lt + 1, close));
  if (/^doctype/i.test(raw.slice(lt + 2, lt + 9))) {
    return cut ? null : new ProcessingInstruction('!doctype', `!${plain(lt + 2, close)}`);
  }
  return new Comment(plain(lt + 2, close));
}

function commentData({ raw, plain }: GapSource, start: number, end: number, cut: boolean): string {
  if (cut) return plain(start, end).replace(CUT_COMMENT_END, '');
  const tail = raw.charCodeAt(end - 2) === 33 ? 4 : 3;
  return plain(start, Math.max(start, end - tail));
}

/**
 * Hands over what stands between two tags of the outline: text, comments and declarations. End tags that end nothing
 * and forms inside forms are nothing.
 */
export function readGap(source: GapSource, from: number, to: number, sink: GapSink): void {
  const { raw, bytes } = source;
  let text = from;
  let at = from;
  while (at < to) {
    while (at < to && bytes[at] !== 60) at++;
    if (at >= to) break;
    const c = at + 1 < raw.length ? (bytes[at + 1] ?? 0) : 0;
    const lt = at;
    let end = lt + 1;
    let cut = false;
    if (c === 47 && lt + 2 < raw.length) {
      const gt = raw.indexOf('>', lt + 2);
      cut = gt === -1 || gt >= to;
      end = cut ? to : gt + 1;
    } else if (c === 33 || c === 63) {
      const after = afterDeclaration(raw, lt);
      cut = after === -1 || after > to;
      end = cut ? to : after;
    } else if (isLetter(c)) {
      let name = lt + 2;
      while (name < to && !endsName(bytes[name] ?? 0)) name++;
      readTagRest(raw, bytes, name, rest);
      end = rest.end === -1 || rest.end > to ? to : rest.end;
    }
    at = end;
    if (end === lt + 1) continue;
    if (text < lt) sink.text(text, lt);
    text = end;
    if (c === 33 || c === 63) sink.declared(lt, end, cut);
    else if (c === 47 && !isNamed(bytes, lt + 2)) sink.bogus(lt + 2, cut ? end : end - 1);
  }
  if (text < to) sink.text(text, to);
}

/** What follows `</` is the name of a tag, or nothing at all. */
function isNamed(bytes: Uint8Array, at: number): boolean {
  const c = bytes[at] ?? 0;
  return isLetter(c) || c === 62;
}
