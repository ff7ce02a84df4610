import { MAX_DEPTH, SVG_NAMES } from './html-rules.ts';
import { KEPT, lowerAscii, tagName, tagNameAt, type TagName } from './names.ts';
import { afterDeclaration, at, endsName, isLetter, rawTextEnd, newTagRest, readTagRest, type TagRest } from './tags.ts';

/**
 * Where every element of a page begins and ends, without its attributes and text. Elements are numbered in document
 * order; the descendants of element `e` are `e + 1` up to `last[e]`, exclusive.
 */
export interface Outline {
  readonly count: number;
  /** Offset of the element's `<`. The columns are longer than `count`. */
  readonly start: Int32Array;
  /** Offset after the tag's name; `open` for an element that has no start tag. */
  readonly nameEnd: Int32Array;
  /** Offset after the start tag's `>`. */
  readonly open: Int32Array;
  /** Offset of the `<` of the tag that ends the element; the page's end when nothing does. */
  readonly end: Int32Array;
  readonly last: Int32Array;
  /** Number of the parent element, -1 at the top. */
  readonly parent: Int32Array;
  readonly name: readonly TagName[];
  /** Range of the class attribute's value; `classStart` is -1 for an element without. */
  readonly classStart: Int32Array;
  readonly classEnd: Int32Array;
  /** Whether it has attributes that decide on its looks: `STYLED`, `HIDDEN`. */
  readonly looks: Uint8Array;
  /** Numbers of the elements that carry an id attribute, in order; its value is at `[idStart, idEnd)`. */
  readonly withId: readonly number[];
  readonly idStart: readonly number[];
  readonly idEnd: readonly number[];
  /** Where an element stands in those three lists, -1 for one without an id. */
  readonly idAt: Int32Array;
  /** Elements inside SVG or MathML whose content is markup there, although their name says text in HTML. */
  readonly markup: ReadonlySet<number>;
  /** How far the page is read: its length, or where it nests deeper than `MAX_DEPTH`. */
  readonly length: number;
}

const P = tagName('p');
const BR = tagName('br');

/** Elements there is room for at first, by the page's size: real pages have an element in 300 bytes. */
const roomFor = (size: number): number => Math.max(64, Math.min(size >> 7, 65_536));

function wider(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(column.length * 2);
  copy.set(column);
  return copy;
}

class Scan implements Outline {
  count = 0;
  start: Int32Array<ArrayBuffer>;
  nameEnd: Int32Array<ArrayBuffer>;
  open: Int32Array<ArrayBuffer>;
  end: Int32Array<ArrayBuffer>;
  last: Int32Array<ArrayBuffer>;
  parent: Int32Array<ArrayBuffer>;
  classStart: Int32Array<ArrayBuffer>;
  classEnd: Int32Array<ArrayBuffer>;
  idAt: Int32Array<ArrayBuffer>;
  looks: Uint8Array<ArrayBuffer>;
  readonly name: TagName[] = [];
  readonly withId: number[] = [];
  readonly idStart: number[] = [];
  readonly idEnd: number[] = [];
  readonly markup = new Set<number>();
  length: number;

  private readonly source: string;
  private readonly bytes: Uint8Array;
  private readonly stackName: TagName[] = [];
  /** Element numbers beside `stackName`. */
  private readonly stack: number[] = [];
  /** How many elements of each kept name are open: an end tag of a name that is not open costs nothing. */
  private readonly opened = new Int32Array(KEPT);
  /** The languages the reader is in, innermost last; empty is HTML at the top. */
  private readonly contexts: ('svg' | 'math' | 'html')[] = [];
  private readonly rest: TagRest = newTagRest();

  constructor(source: string, bytes: Uint8Array) {
    this.source = source;
    this.bytes = bytes;
    this.length = source.length;
    const room = roomFor(bytes.length);
    this.start = new Int32Array(room);
    this.nameEnd = new Int32Array(room);
    this.open = new Int32Array(room);
    this.end = new Int32Array(room);
    this.last = new Int32Array(room);
    this.parent = new Int32Array(room);
    this.classStart = new Int32Array(room);
    this.classEnd = new Int32Array(room);
    this.idAt = new Int32Array(room);
    this.looks = new Uint8Array(room);
  }

  run(): this {
    const { source } = this;
    for (let lt = source.indexOf('<'); lt !== -1;) {
      const next = this.step(lt);
      lt = next === -1 ? -1 : source.indexOf('<', next);
    }
    while (this.stackName.length > 0) this.pop(this.length);
    return this;
  }

  /** Reads what begins with the `<` at `lt`; answers where text goes on, -1 at the page's end. */
  private step(lt: number): number {
    const { source, bytes } = this;
    const c = at(bytes, lt + 1);
    if (isLetter(c)) return this.startTag(lt);
    if (c === 47) return this.endTag(lt);
    if (c === 33 || c === 63) return afterDeclaration(source, lt);
    return lt + 1;
  }

  private startTag(lt: number): number {
    const { source, bytes, rest } = this;
    let nameEnd = lt + 2;
    while (nameEnd < source.length && !endsName(at(bytes, nameEnd))) nameEnd++;
    if (nameEnd >= source.length) return -1;
    const foreign = this.isForeign();
    const name = this.readName(lt + 1, nameEnd);
    // A form inside a form is no element.
    const ignored = name.text === 'form' && this.isOpen(name);
    if (!ignored) {
      while (this.stackName.length > 0 && name.closes?.has(this.top().text) === true) this.pop(lt);
      if (this.stackName.length >= MAX_DEPTH) {
        this.length = lt;
        return -1;
      }
    }
    const number = this.count;
    if (!ignored && !name.isVoid) this.push(name, number);
    readTagRest(source, bytes, nameEnd, rest);
    if (rest.end === -1) {
      // The page ends inside the tag: it closed what it closed, but is no element.
      if (!ignored && !name.isVoid) this.drop();
      return -1;
    }
    if (!ignored) {
      this.add(name, lt, nameEnd, rest.end);
      if (foreign && name.content !== 'markup') this.markup.add(number);
      this.classStart[number] = rest.classStart;
      this.classEnd[number] = rest.classEnd;
      this.looks[number] = rest.looks;
      if (rest.idStart !== -1) {
        this.idAt[number] = this.withId.length;
        this.withId.push(number);
        this.idStart.push(rest.idStart);
        this.idEnd.push(rest.idEnd);
      }
      if (name.isVoid) this.close(number, rest.end);
      else if (rest.selfClosing && this.isForeign()) this.pop(rest.end);
    }
    if (foreign || name.content === 'markup') return rest.end;
    return name.text === 'plaintext' ? -1 : rawTextEnd(source, bytes, name.text, rest.end);
  }

  private endTag(lt: number): number {
    const { source, bytes } = this;
    if (!isLetter(at(bytes, lt + 2))) {
      const gt = source.indexOf('>', lt + 2);
      return gt === -1 ? -1 : gt + 1;
    }
    // Nearly every end tag is that of the innermost element, written as plainly as can be.
    const top = this.stackName.at(-1)?.text ?? '';
    const gtAt = lt + 2 + top.length;
    if (at(bytes, gtAt) === 62 && top !== '' && source.startsWith(top, lt + 2)) {
      this.pop(lt);
      return gtAt + 1;
    }
    let nameEnd = lt + 3;
    while (nameEnd < source.length && !endsName(at(bytes, nameEnd))) nameEnd++;
    if (nameEnd >= source.length) return -1;
    const name = this.readName(lt + 2, nameEnd);
    if (!name.isVoid && this.isOpen(name)) {
      while (this.top().text !== name.text) this.pop(lt);
      this.pop(lt);
    } else if (name === P || name === BR) {
      // An end tag without its start tag is a whole empty element.
      const number = this.count;
      this.add(name, lt, lt, lt);
      this.close(number, lt);
    }
    const gt = source.indexOf('>', nameEnd);
    return gt === -1 ? -1 : gt + 1;
  }

  private add(name: TagName, start: number, nameEnd: number, open: number): void {
    const own = name.isVoid || start === open ? 0 : 1;
    const depth = this.stack.length - own;
    const number = this.count;
    if (number === this.start.length) this.widen();
    this.start[number] = start;
    this.nameEnd[number] = nameEnd;
    this.open[number] = open;
    this.end[number] = this.length;
    this.last[number] = -1;
    this.parent[number] = depth > 0 ? (this.stack[depth - 1] ?? -1) : -1;
    this.classStart[number] = -1;
    this.idAt[number] = -1;
    this.name.push(name);
    this.count++;
  }

  private widen(): void {
    for (const column of [
      'start',
      'nameEnd',
      'open',
      'end',
      'last',
      'parent',
      'classStart',
      'classEnd',
      'idAt',
    ] as const) {
      this[column] = wider(this[column]);
    }
    const looks = new Uint8Array(this.looks.length * 2);
    looks.set(this.looks);
    this.looks = looks;
  }

  private close(number: number, end: number): void {
    this.end[number] = end;
    this.last[number] = this.count;
  }

  private push(name: TagName, number: number): void {
    this.stackName.push(name);
    this.stack.push(number);
    if (name.id !== -1) this.opened[name.id] = (this.opened[name.id] ?? 0) + 1;
    if (name.context === 'foreign') this.contexts.push(name.text === 'svg' ? 'svg' : 'math');
    else if (name.context === 'html') this.contexts.push('html');
  }

  private drop(): number {
    const name = this.top();
    this.stackName.pop();
    if (name.id !== -1) this.opened[name.id] = (this.opened[name.id] ?? 0) - 1;
    if (name.context !== null) this.contexts.pop();
    return this.stack.pop() ?? -1;
  }

  private pop(end: number): void {
    this.close(this.drop(), end);
  }

  private top(): TagName {
    const name = this.stackName.at(-1);
    if (name === undefined) throw new RangeError('no element is open');
    return name;
  }

  private isOpen(name: TagName): boolean {
    if (name.id !== -1) return this.opened[name.id] !== 0;
    return this.stackName.some((open) => open.text === name.text);
  }

  private isForeign(): boolean {
    const context = this.contexts.at(-1);
    return context === 'svg' || context === 'math';
  }

  /** Tag names are written in lower case, but SVG's own inside it; `image` is `img` outside. */
  private readName(start: number, end: number): TagName {
    if (this.contexts.length === 0) return tagNameAt(this.source, this.bytes, start, end);
    const lower = lowerAscii(this.source.slice(start, end));
    const adjusted = SVG_NAMES.get(lower);
    if (this.contexts.at(-1) === 'svg') return tagName(adjusted ?? lower);
    if (adjusted !== undefined && this.isOpen(tagName(adjusted))) return tagName(adjusted);
    if (this.isForeign()) return tagName(lower);
    return tagName(lower === 'image' ? 'img' : lower);
  }
}

/**
 * The outline of a page: its bytes, and the same read as Latin-1 (every encoding that keeps ASCII looks the same in its
 * tags). Linear in the page's length; never throws.
 */
export const outlineOf = (source: string, bytes: Uint8Array): Outline => new Scan(source, bytes).run();

/** The element's content is text, not markup. */
export const isRawText = (outline: Outline, number: number): boolean =>
  outline.name[number]?.content !== 'markup' && !outline.markup.has(number);

/** What is inside the element is SVG or MathML, not HTML. */
export function isForeign(outline: Outline, number: number): boolean {
  for (let up = number; up !== -1; up = outline.parent[up] ?? -1) {
    const context = outline.name[up]?.context ?? null;
    if (context !== null) return context === 'foreign';
  }
  return false;
}
