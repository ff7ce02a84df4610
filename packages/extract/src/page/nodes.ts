import { Comment, Document, Element, Text, type AnyNode, type ParentNode } from 'domhandler';
import { findAttribute, readAttributes, type AttributeSource, type Span } from './attributes.ts';
import type { Classes } from './classes.ts';
import { decodeContent } from './entities.ts';
import { cdataAt, declaration, readGap, type GapSink, type GapSource } from './gaps.ts';
import { isForeign, isRawText, type Outline } from './outline.ts';
import { HIDDEN, STYLED } from './tags.ts';

/**
 * The nodes of a page, made when they are asked for: an element knows its number in the outline and reads its
 * attributes, children and neighbours the first time somebody looks. They are the nodes of a full parse, in
 * domhandler's shape, each made once.
 */

/** A page's outline, its bytes, and the nodes made so far. */
export interface Reader extends GapSource, AttributeSource {
  readonly outline: Outline;
  /** Elements by number, those that have been asked for. */
  readonly nodes: (Element | undefined)[];
  /** Class attributes by element, those that have been asked for. */
  readonly classes: (Classes | null | undefined)[];
  /** The whole page; see `documentOf`. */
  document: PageDocument | null;
}

/** The whole page. */
export class PageDocument extends Document {
  readonly reader: Reader;

  constructor(reader: Reader) {
    super([]);
    this.reader = reader;
  }
}

type Attributes = Record<string, string>;
type Decode = (start: number, end: number) => string;

/** A text node. It is decoded when it is read. */
class PageText {
  readonly type = new Text('').type;
  parent: ParentNode | null = null;
  prev: AnyNode | null = null;
  next: AnyNode | null = null;
  readonly startIndex = null;
  readonly endIndex = null;
  private readonly start: number;
  private readonly end: number;
  private decode: Decode | null;
  private text = '';

  constructor(decode: Decode, start: number, end: number) {
    this.decode = decode;
    this.start = start;
    this.end = end;
  }

  get data(): string {
    if (this.decode !== null) {
      this.text = this.decode(this.start, this.end);
      this.decode = null;
    }
    return this.text;
  }

  set data(text: string) {
    this.text = text;
    this.decode = null;
  }
}

const TAG = new Element('b', {}).type;
const TYPES = new Map(['script', 'style'].map((name) => [name, new Element(name, {}).type]));

/** An element of a page. */
export class PageElement {
  readonly type: Element['type'];
  readonly name: string;
  readonly reader: Reader;
  /** Its number in the outline. */
  readonly number: number;
  readonly startIndex = null;
  readonly endIndex = null;
  private before: AnyNode | null = null;
  private after: AnyNode | null = null;
  /** Its neighbours are known: its parent's children have been read. */
  private placed = false;
  private attributesRead: Attributes | null = null;
  private childrenRead: AnyNode[] | null = null;

  constructor(reader: Reader, number: number) {
    const name = nameOf(reader, number);
    this.reader = reader;
    this.number = number;
    this.name = name;
    this.type = TYPES.get(name) ?? TAG;
  }

  get attribs(): Attributes {
    this.attributesRead ??= attributesOf(this.reader, this.number);
    return this.attributesRead;
  }

  /** An attribute's value, null when the tag has none of the name (lower case). */
  attribute(name: string): string | null {
    if (this.attributesRead !== null) {
      // Not a string: a name that every object has ("constructor"), not one of the tag.
      const value: unknown = this.attributesRead[name];
      return typeof value === 'string' ? value : null;
    }
    return attributeOf(this.reader, this.number, name);
  }

  get children(): AnyNode[] {
    if (this.childrenRead === null) {
      this.childrenRead = [];
      readChildren(this.reader, this.number, this as unknown as Element, this.childrenRead);
    }
    return this.childrenRead;
  }

  get parent(): ParentNode {
    const number = this.reader.outline.parent[this.number] ?? -1;
    return number === -1 ? documentOf(this.reader) : elementOf(this.reader, number);
  }

  get prev(): AnyNode | null {
    this.place();
    return this.before;
  }

  set prev(node: AnyNode | null) {
    this.before = node;
    this.placed = true;
  }

  get next(): AnyNode | null {
    this.place();
    return this.after;
  }

  set next(node: AnyNode | null) {
    this.after = node;
  }

  /** Reading the parent's children tells each its neighbours. */
  private place(): void {
    if (!this.placed) this.placed = this.parent.children.length > 0;
  }
}

// For `instanceof` and domhandler's aliases. Its constructor would give each node all its fields at once.
Object.setPrototypeOf(PageElement.prototype, Element.prototype);
Object.setPrototypeOf(PageText.prototype, Text.prototype);

const isPageElement = (node: unknown): node is PageElement => node instanceof PageElement;

/** The element as one of a page that is read lazily, null for one of a full parse. */
export const lazily = (node: AnyNode | ParentNode): PageElement | null => (isPageElement(node) ? node : null);

/** Names beyond ASCII are in the page's own encoding. */
function nameOf({ outline, plain }: Reader, number: number): string {
  const name = outline.name[number];
  if (name?.beyondAscii !== true) return name?.text ?? '';
  return plain((outline.start[number] ?? 0) + 1, outline.nameEnd[number] ?? 0).toLowerCase();
}

/** An end tag without its start tag is an element without attributes. */
const hasStartTag = ({ outline }: Reader, number: number): boolean => outline.nameEnd[number] !== outline.open[number];

const attributesOf = (reader: Reader, number: number): Attributes =>
  hasStartTag(reader, number) ? readAttributes(reader, reader.outline.nameEnd[number] ?? 0) : {};

const span: Span = { start: 0, end: 0 };

/** Finds the value of an attribute of an element, into `span`; false when it has none. Ids and classes are at hand. */
function locate(reader: Reader, number: number, name: string): boolean {
  const { outline } = reader;
  if (name === 'class') {
    span.start = outline.classStart[number] ?? -1;
    span.end = outline.classEnd[number] ?? -1;
    return span.start !== -1;
  }
  if (name === 'id') {
    const at = outline.idAt[number] ?? -1;
    span.start = outline.idStart[at] ?? -1;
    span.end = outline.idEnd[at] ?? -1;
    return at !== -1;
  }
  if (name === 'style' && !hasLook(outline, number, STYLED)) return false;
  if (name === 'hidden' && !hasLook(outline, number, HIDDEN)) return false;
  return hasStartTag(reader, number) && findAttribute(reader, outline.nameEnd[number] ?? 0, name, span);
}

/** The element has one of the attributes that decide on its looks. */
export const hasLook = ({ looks }: Outline, number: number, look: number): boolean =>
  ((looks[number] ?? 0) & look) !== 0;

/** One attribute of an element by its number, null when it has none of the name (lower case). */
export function attributeOf(reader: Reader, number: number, name: string): string | null {
  return locate(reader, number, name) ? reader.value(span.start, span.end) : null;
}

/** How an attribute's value is compared with a text: it is it, begins with it, ends with it, contains it; or is there. */
export type Comparison = 'exists' | 'equals' | 'start' | 'end' | 'any';

const COMPARE: Readonly<Record<Comparison, (value: string, text: string) => boolean>> = {
  exists: () => true,
  equals: (value, text) => value === text,
  start: (value, text) => text !== '' && value.startsWith(text),
  end: (value, text) => text !== '' && value.endsWith(text),
  any: (value, text) => text !== '' && value.includes(text),
};

/** A reference to something else than "&": it may be any character of the text that is looked for. */
const OTHER_REFERENCE = /&(?!amp;)/;
/** Text that cannot stand within a reference, and does not come of "&amp;". */
const APART = /^[^&;]*[^&;#A-Za-z0-9][^&;]*$/;

/** Compares an attribute of an element with a text (ASCII). A value is decoded only if its references may matter. */
export function testAttribute(reader: Reader, number: number, name: string, text: string, how: Comparison): boolean {
  if (!locate(reader, number, name)) return false;
  if (how === 'exists') return true;
  const value = reader.raw.slice(span.start, span.end);
  if (!value.includes('&')) return COMPARE[how](value, text);
  // Addresses are full of "&amp;", and long.
  if (how === 'any' && APART.test(text)) {
    if (value.includes(text)) return true;
    if (!OTHER_REFERENCE.test(value)) return false;
  }
  return COMPARE[how](reader.value(span.start, span.end), text);
}

/** The element of this number. */
export function elementOf(reader: Reader, number: number): Element {
  let element = reader.nodes[number];
  if (element === undefined) {
    element = new PageElement(reader, number) as unknown as Element;
    reader.nodes[number] = element;
  }
  return element;
}

/** The document of a page. */
export function documentOf(reader: Reader): PageDocument {
  if (reader.document === null) {
    reader.document = new PageDocument(reader);
    readChildren(reader, -1, reader.document, reader.document.children);
  }
  return reader.document;
}

/** Puts nodes under a parent, each beside the one before it. */
class Children implements GapSink {
  private readonly reader: Reader;
  private readonly number: number;
  private readonly parent: ParentNode;
  private readonly into: AnyNode[];
  private last: AnyNode | null = null;

  constructor(reader: Reader, number: number, parent: ParentNode, into: AnyNode[]) {
    this.reader = reader;
    this.number = number;
    this.parent = parent;
    this.into = into;
  }

  text(start: number, end: number): void {
    this.decoded(this.reader.text, start, end);
  }

  /** Text in pieces (something between them was nothing) is one node. */
  decoded(decode: Decode, start: number, end: number): void {
    if (this.last instanceof Text) this.last.data += decode(start, end);
    else this.add(new PageText(decode, start, end) as unknown as Text);
  }

  declared(lt: number, end: number, cut: boolean): void {
    const { reader } = this;
    const cdata = cut || !isForeign(reader.outline, this.number) ? null : cdataAt(reader, lt, end);
    const node = cdata === null ? declaration(reader, lt, end, cut) : new Text(cdata);
    if (node instanceof Text && this.last instanceof Text) this.last.data += node.data;
    else if (node !== null) this.add(node);
  }

  bogus(start: number, end: number): void {
    this.add(new Comment(this.reader.plain(start, end)));
  }

  add(node: AnyNode): void {
    // An element of the page knows its own.
    if (!isPageElement(node)) node.parent = this.parent;
    node.prev = this.last;
    if (this.last !== null) this.last.next = node;
    this.last = node;
    this.into.push(node);
  }
}

/** Reads the children of an element (-1: of the document); what is below them is not read. */
function readChildren(reader: Reader, number: number, parent: ParentNode, into: AnyNode[]): void {
  const { outline } = reader;
  const children = new Children(reader, number, parent, into);
  const end = number === -1 ? outline.length : (outline.end[number] ?? 0);
  const last = number === -1 ? outline.count : (outline.last[number] ?? number + 1);
  let at = number === -1 ? 0 : (outline.open[number] ?? 0);
  if (number !== -1 && isRawText(outline, number)) {
    if (at < end) children.decoded(contentOf(reader, number), at, end);
    return;
  }
  for (let child = number + 1; child < last; child = outline.last[child] ?? child + 1) {
    readGap(reader, at, outline.start[child] ?? 0, children);
    children.add(elementOf(reader, child));
    at = outline.end[child] ?? 0;
  }
  readGap(reader, at, end, children);
}

/** How the content of an element whose content is text is read. */
export function contentOf(reader: Reader, number: number): Decode {
  const name = reader.outline.name[number];
  if (name?.content !== 'text') return reader.plain;
  return (start, end) => decodeContent(reader.plain(start, end), name.text);
}
