import { type AnyNode, type Element, isTag, isText, type ParentNode } from 'domhandler';
import { cdataAt, readGap, type GapSink } from './gaps.ts';
import { contentOf, elementOf, lazily, type PageElement, type Reader } from './nodes.ts';
import { isForeign, isRawText } from './outline.ts';

/** How text is read off a page. */
export interface Prose {
  /** Elements whose content is no text. */
  readonly silent: ReadonlySet<string>;
  /** Elements that begin and end with a break. */
  readonly breaks: ReadonlySet<string>;
  /** What a break is written as. */
  readonly mark: string;
}

/** Leaves an element and everything in it out. */
export type LeaveOut = (element: Element) => boolean;

/** Texts of an element of a page, out of its outline: no text node is made. */
class Texts implements GapSink {
  readonly parts: string[] = [];
  private readonly reader: Reader;
  private readonly prose: Prose;
  private readonly leaveOut: LeaveOut | null;
  private inside = -1;

  constructor(reader: Reader, prose: Prose, leaveOut: LeaveOut | null) {
    this.reader = reader;
    this.prose = prose;
    this.leaveOut = leaveOut;
  }

  text(start: number, end: number): void {
    this.parts.push(this.reader.text(start, end));
  }

  declared(lt: number, end: number, cut: boolean): void {
    const cdata = cut || !isForeign(this.reader.outline, this.inside) ? null : cdataAt(this.reader, lt, end);
    if (cdata !== null) this.parts.push(cdata);
  }

  bogus(): void {
    // A comment.
  }

  /** The content of one element. */
  read(number: number): void {
    const { reader } = this;
    const { outline } = reader;
    const end = outline.end[number] ?? 0;
    const last = outline.last[number] ?? number + 1;
    let at = outline.open[number] ?? 0;
    if (isRawText(outline, number)) {
      if (at < end) this.parts.push(contentOf(reader, number)(at, end));
      return;
    }
    for (let child = number + 1; child < last; child = outline.last[child] ?? child + 1) {
      this.gap(number, at, outline.start[child] ?? 0);
      this.child(child);
      at = outline.end[child] ?? 0;
    }
    this.gap(number, at, end);
  }

  private gap(number: number, from: number, to: number): void {
    if (from >= to) return;
    this.inside = number;
    readGap(this.reader, from, to, this);
  }

  private child(number: number): void {
    const { parts, prose, leaveOut, reader } = this;
    const name = reader.outline.name[number]?.text ?? '';
    if (prose.silent.has(name)) return;
    if (leaveOut?.(elementOf(reader, number)) === true) return;
    const breaks = prose.breaks.has(name);
    if (breaks) parts.push(prose.mark);
    this.read(number);
    if (breaks) parts.push(prose.mark);
  }
}

/** The same out of the nodes of a full parse. */
function collect(node: AnyNode, prose: Prose, leaveOut: LeaveOut | null, parts: string[]): void {
  if (isText(node)) parts.push(node.data);
  if (!isTag(node) || prose.silent.has(node.name) || leaveOut?.(node) === true) return;
  const breaks = prose.breaks.has(node.name);
  if (breaks) parts.push(prose.mark);
  for (const child of node.children) collect(child, prose, leaveOut, parts);
  if (breaks) parts.push(prose.mark);
}

/** The texts of what is in an element, joined: as they stand, nothing folded. */
export function proseOf(root: ParentNode, prose: Prose, leaveOut: LeaveOut | null = null): string {
  const element = lazily(root);
  if (element !== null) {
    const texts = new Texts(element.reader, prose, leaveOut);
    texts.read(element.number);
    return texts.parts.join('');
  }
  const parts: string[] = [];
  for (const child of root.children) collect(child, prose, leaveOut, parts);
  return parts.join('');
}

function descend({ reader, number: root }: PageElement, leaveOut: LeaveOut, into: Element[]): void {
  const { last } = reader.outline;
  const end = last[root] ?? root + 1;
  for (let number = root + 1; number < end;) {
    const element = elementOf(reader, number);
    const isOut = leaveOut(element);
    if (!isOut) into.push(element);
    number = isOut ? (last[number] ?? number + 1) : number + 1;
  }
}

/** The elements below a root in document order, without those that are left out and what is in them. */
export function elementsIn(root: Element, leaveOut: LeaveOut = () => false, into: Element[] = []): Element[] {
  const own = lazily(root);
  if (own !== null) descend(own, leaveOut, into);
  else {
    for (const child of root.children) {
      if (!isTag(child) || leaveOut(child)) continue;
      into.push(child);
      elementsIn(child, leaveOut, into);
    }
  }
  return into;
}
