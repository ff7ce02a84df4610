import { Comment, ProcessingInstruction, Text, type ParentNode } from 'domhandler';
import { afterDeclaration, endsName, isLetter, readTagRest, type TagRest } from './tags.ts';

/** The page's bytes and their texts. */
export interface GapSource {
  readonly raw: string;
  readonly bytes: Uint8Array;
  /** Text of a range with its character references decoded. */
  readonly text: (start: number, end: number) => string;
  /** Text of a range as it stands. */
  readonly plain: (start: number, end: number) => string;
}

type Child = Text | Comment | ProcessingInstruction;

export function append(parent: ParentNode, node: Child | ParentNode['children'][number]): void {
  const previous = parent.children.at(-1);
  node.parent = parent;
  if (previous !== undefined) {
    node.prev = previous;
    previous.next = node;
  }
  parent.children.push(node);
}

function appendText(parent: ParentNode, text: string): void {
  const previous = parent.children.at(-1);
  if (previous instanceof Text) previous.data += text;
  else append(parent, new Text(text));
}

const rest: TagRest = { end: -1, selfClosing: false, idStart: -1, idEnd: -1 };

/** Dashes (and one "!") that a comment cut by the page's end has already begun to end with. */
const CUT_COMMENT_END = /(?:--!?|-)$/;

/** What `<!` or `<?` at `lt` is, as htmlparser2 reports it; `end` is where it ends. */
function declaration(source: GapSource, lt: number, end: number, cut: boolean, foreign: () => boolean): Child | null {
  const { raw, plain } = source;
  const close = cut ? end : end - 1;
  if (raw.startsWith('<!--', lt)) return new Comment(commentData(source, lt + 4, end, cut));
  if (raw.startsWith('<![CDATA[', lt)) {
    const data = plain(lt + 9, cut ? end : end - 3);
    if (!cut && foreign()) return new Text(data);
    return new Comment(`[CDATA[${data}${cut ? '' : ']]'}`);
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
 * Adds what stands between two tags of the outline to its parent: text, comments and declarations. End tags that end
 * nothing and forms inside forms are no nodes. `foreign` says that the parent is in SVG or MathML.
 */
export function readGap(source: GapSource, parent: ParentNode, from: number, to: number, foreign: () => boolean): void {
  const { raw } = source;
  let text = from;
  let at = raw.indexOf('<', from);
  while (at !== -1 && at < to) {
    const c = raw.charCodeAt(at + 1);
    let end = at + 1;
    let node: Child | null = null;
    if (c === 47 && at + 2 < raw.length) {
      const gt = raw.indexOf('>', at + 2);
      const cut = gt === -1 || gt >= to;
      end = cut ? to : gt + 1;
      const next = raw.charCodeAt(at + 2);
      if (!isLetter(next) && next !== 62) node = new Comment(source.plain(at + 2, cut ? to : gt));
    } else if (c === 33 || c === 63) {
      const after = afterDeclaration(raw, at);
      const cut = after === -1 || after > to;
      end = cut ? to : after;
      node = declaration(source, at, end, cut, foreign);
    } else if (isLetter(c)) {
      let name = at + 2;
      while (name < to && !endsName(raw.charCodeAt(name))) name++;
      readTagRest(raw, source.bytes, name, rest);
      end = rest.end === -1 || rest.end > to ? to : rest.end;
    }
    if (end > at + 1) {
      if (text < at) appendText(parent, source.text(text, at));
      if (node instanceof Text) appendText(parent, node.data);
      else if (node !== null) append(parent, node);
      text = end;
    }
    at = raw.indexOf('<', end);
  }
  if (text < to) appendText(parent, source.text(text, to));
}
