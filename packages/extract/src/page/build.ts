import { Comment, Document, Element, type ParentNode, ProcessingInstruction, Text } from 'domhandler';
import { Parser } from 'htmlparser2';
import { type Outline, surroundings } from './outline.ts';

/** Decodes a byte range of the page. */
export type Decode = (start: number, end: number) => string;

/**
 * Builds nodes from the parser's events, and files each element under its number in the outline. An element that has
 * been read before is put in its place as it is.
 */
class Builder {
  readonly root = new Document([]);
  private readonly nodes: (Element | undefined)[];
  /** Elements before this number only surround the region. */
  private readonly first: number;
  private next: number;
  private readonly stack: ParentNode[] = [this.root];
  private text: Text | null = null;

  constructor(nodes: (Element | undefined)[], first: number, around: number) {
    this.nodes = nodes;
    this.first = first;
    this.next = first - around;
  }

  /** Goes on with element `number`: the ones between have been read before. */
  skipTo(number: number): void {
    this.next = number;
  }

  onopentag(name: string, attribs: Record<string, string>): void {
    this.text = null;
    const number = this.next++;
    let element: Element | undefined;
    if (number < this.first) element = new Element(name, attribs);
    else element = this.nodes[number] ??= new Element(name, attribs);
    this.append(element);
    this.stack.push(element);
  }

  onclosetag(): void {
    this.text = null;
    this.stack.pop();
  }

  ontext(data: string): void {
    if (this.text === null) this.append(new Text(data));
    else this.text.data += data;
  }

  oncomment(data: string): void {
    this.text = null;
    this.append(new Comment(data));
  }

  onprocessinginstruction(name: string, data: string): void {
    this.text = null;
    this.append(new ProcessingInstruction(name, data));
  }

  private append(node: Text | Comment | ProcessingInstruction | Element): void {
    const parent = this.stack.at(-1) ?? this.root;
    const previous = parent.children.at(-1);
    node.parent = parent;
    if (previous !== undefined) {
      node.prev = previous;
      previous.next = node;
    }
    parent.children.push(node);
    if (node instanceof Text) this.text = node;
  }
}

/** A page's outline and what has been read of it. */
export interface Reader {
  readonly outline: Outline;
  readonly decode: Decode;
  /** Elements by number, filled as regions are read. */
  readonly nodes: (Element | undefined)[];
  /** Roots of the regions read so far, sorted. */
  readonly roots: number[];
}

/** Where `number` stands, or would stand, in the sorted list. */
function placeOf(sorted: readonly number[], number: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Numbers of the outermost elements inside `(from, to)` that have been read. */
function alreadyRead({ outline, roots }: Reader, from: number, to: number): number[] {
  const outermost: number[] = [];
  let until = -1;
  for (let i = placeOf(roots, from + 1); i < roots.length; i++) {
    const number = roots[i] ?? to;
    if (number >= to) break;
    if (number < until) continue;
    until = outline.last[number] ?? -1;
    outermost.push(number);
  }
  return outermost;
}

function feed(parser: Parser, builder: Builder, reader: Reader, from: number, to: number, inside: readonly number[]) {
  const { outline, decode } = reader;
  let at = from;
  for (const number of inside) {
    parser.write(decode(at, outline.open[number] ?? at));
    at = outline.end[number] ?? at;
    builder.skipTo(outline.last[number] ?? number);
  }
  if (at < to) parser.write(decode(at, to));
}

/** Reads the region of one element, unless it has been read. */
export function readRegion(reader: Reader, number: number): Element {
  const { outline, nodes, roots } = reader;
  const known = nodes[number];
  if (known !== undefined) return known;
  const last = outline.last[number] ?? number;
  const start = outline.start[number] ?? 0;
  const end = outline.end[number] ?? 0;
  const around = surroundings(outline, number);
  const builder = new Builder(nodes, number, around.length);
  const parser = new Parser(builder);
  if (around.length > 0) parser.write(around.map((name) => `<${name}>`).join(''));
  feed(parser, builder, reader, start, end, alreadyRead(reader, number, last));
  // Closed by hand unless the page's own end does it: what was text before a tag stays text before a tag.
  const name = outline.name[number];
  if (name !== undefined && !name.isVoid && end < outline.length) parser.write(`</${name.text}>`);
  parser.end();
  roots.splice(placeOf(roots, number), 0, number);
  const root = nodes[number];
  if (root === undefined) throw new RangeError(`element ${number} is not where the outline says`);
  detach(root);
  return root;
}

/** A region's root stands for itself: what is above it is not there. */
function detach(root: Element): void {
  root.parent = null;
  root.prev = null;
  root.next = null;
}

/** Reads the whole page; regions read before keep their nodes. */
export function readDocument(reader: Reader): Document {
  const { outline, nodes } = reader;
  const builder = new Builder(nodes, 0, 0);
  const parser = new Parser(builder);
  feed(parser, builder, reader, 0, outline.length, alreadyRead(reader, -1, outline.count));
  parser.end();
  return builder.root;
}

/** The attributes of one element's start tag, without reading its region. Names are lower case. */
export function readStartTag(reader: Reader, number: number): Readonly<Record<string, string>> {
  const known = reader.nodes[number];
  if (known !== undefined) return known.attribs;
  let attribs: Record<string, string> = {};
  const parser = new Parser({ onopentag: (_, read) => (attribs = read) });
  parser.end(reader.decode(reader.outline.start[number] ?? 0, reader.outline.open[number] ?? 0));
  return attribs;
}
