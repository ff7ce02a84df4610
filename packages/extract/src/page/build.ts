import { Document, Element, Text, type ParentNode } from 'domhandler';
import { pickAttributes, readAttributes, type AttributeSource } from './attributes.ts';
import { decodeAttribute, decodeContent, decodeText } from './entities.ts';
import { append, readGap, type GapSource } from './gaps.ts';
import { isForeign, isRawText, type Outline } from './outline.ts';

/** A page's outline and what has been read of it. */
export interface Reader extends GapSource, AttributeSource {
  readonly outline: Outline;
  /** Elements by number, filled as regions are read. */
  readonly nodes: (Element | undefined)[];
}

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
    nodes: [],
    plain: (start, end) => read(start, end, null),
    text: (start, end) => read(start, end, decodeText),
    value: (start, end) => read(start, end, decodeAttribute),
  };
}

/** The attributes of one element's start tag. Names are lower case. */
function readStartTag(reader: Reader, number: number): Record<string, string> {
  const { outline } = reader;
  const from = outline.nameEnd[number] ?? 0;
  // An end tag without its start tag is an element without attributes.
  return from === (outline.open[number] ?? 0) ? {} : readAttributes(reader, from);
}

function createElement(reader: Reader, number: number): Element {
  const { outline, nodes, plain } = reader;
  const name = outline.name[number];
  const written =
    name?.beyondAscii === true ? plain((outline.start[number] ?? 0) + 1, outline.nameEnd[number] ?? 0) : null;
  const element = new Element(written?.toLowerCase() ?? name?.text ?? '', readStartTag(reader, number));
  nodes[number] = element;
  return element;
}

/** Some attributes of one element's start tag, see `pickAttributes`. */
export function pickFromTag(reader: Reader, number: number, wanted: readonly string[]): (string | null)[] {
  const { outline } = reader;
  const from = outline.nameEnd[number] ?? 0;
  return from === (outline.open[number] ?? 0) ? wanted.map(() => null) : pickAttributes(reader, from, wanted);
}

/** Reads the elements `first` up to `last` under `root`, whose content begins at `from`; `top` is the root's number. */
class Builder {
  private readonly reader: Reader;
  private readonly top: number;
  private readonly root: ParentNode;
  private parent: ParentNode;
  private parentNumber: number;
  private at: number;

  constructor(reader: Reader, root: ParentNode, top: number, from: number) {
    this.reader = reader;
    this.root = root;
    this.top = top;
    this.parent = root;
    this.parentNumber = top;
    this.at = from;
  }

  build(first: number, last: number, end: number): void {
    const { outline, nodes } = this.reader;
    for (let number = first; number < last;) {
      this.ascendTo(outline.parent[number] ?? -1);
      this.gap(outline.start[number] ?? 0);
      const known = nodes[number];
      const element = known ?? createElement(this.reader, number);
      append(this.parent, element);
      this.at = known === undefined ? (outline.open[number] ?? 0) : (outline.end[number] ?? 0);
      if (known === undefined) {
        this.parent = element;
        this.parentNumber = number;
        number++;
      } else number = outline.last[number] ?? number + 1;
    }
    this.ascendTo(this.top);
    this.gap(end);
  }

  /** Closes elements until `number` is the parent. */
  private ascendTo(number: number): void {
    const { outline } = this.reader;
    while (this.parentNumber !== number && this.parentNumber !== this.top) {
      this.gap(outline.end[this.parentNumber] ?? 0);
      this.parentNumber = outline.parent[this.parentNumber] ?? -1;
      this.parent = this.parentNumber === this.top ? this.root : (this.parent.parent ?? this.root);
    }
  }

  /** Reads what stands before `to` into the parent. */
  private gap(to: number): void {
    const { reader, parent, parentNumber, at } = this;
    if (at >= to) return;
    this.at = to;
    if (parentNumber !== -1 && isRawText(reader.outline, parentNumber)) {
      const name = reader.outline.name[parentNumber];
      const text = reader.plain(at, to);
      append(parent, new Text(name?.content === 'text' ? decodeContent(text, name.text) : text));
    } else readGap(reader, parent, at, to, () => isForeign(reader.outline, parentNumber));
  }
}

/** Reads the region of one element, unless it has been read. Regions inside it keep their nodes. */
export function readRegion(reader: Reader, number: number): Element {
  const { outline, nodes } = reader;
  const known = nodes[number];
  if (known !== undefined) return known;
  const root = createElement(reader, number);
  const builder = new Builder(reader, root, number, outline.open[number] ?? 0);
  builder.build(number + 1, outline.last[number] ?? number + 1, outline.end[number] ?? 0);
  return root;
}

/** Reads the whole page; regions read before keep their nodes. */
export function readDocument(reader: Reader): Document {
  const { outline } = reader;
  const root = new Document([]);
  new Builder(reader, root, -1, 0).build(0, outline.count, outline.length);
  return root;
}
