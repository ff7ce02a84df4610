import { marketplace, type Language, type Marketplace, type Target } from '@asa/contract';
import type { Document, Element, ParentNode } from 'domhandler';
import { readBody } from './charset.ts';
import { ClassIndex, hasClassAt } from './classes.ts';
import { dataStates, jsonAfter, jsonLd, type DataState } from './data.ts';
import { findText } from './find.ts';
import { LANGUAGE_SIGNS, languageOfTag } from './language.ts';
import { asToken, asValueOf, elementsWith, inScript } from './lookup.ts';
import { attributeOf, documentOf, elementOf, testAttribute, type Reader } from './nodes.ts';
import { outlineOf, type Outline } from './outline.ts';
import { createReader } from './reader.ts';
import { first, select } from './select.ts';
import { isHiddenAt, SILENT } from './text.ts';

export interface PageSource {
  /** The body with its content encoding undone. */
  readonly body: Uint8Array;
  readonly contentType: string | null;
  /** Final URL of the page. */
  readonly url: string;
  readonly target: Target;
}

/** So many classes are looked for one by one on a product page; for more, and on lists, those of all elements are read. */
const FEW = 3;

/** How far into a page the declarations of its language are looked for; `<html>` comes first on every page. */
const HEAD = 65_536;

const RAIL_CARD = 'a-carousel-card';

/**
 * A page, read lazily. One pass finds where every element begins and ends (`outline`); asking for an element makes its
 * node, once: it stays the same however it is asked for, and it is what the full document has, above and below it.
 */
export class Page {
  readonly url: string;
  readonly target: Target;
  readonly marketplace: Marketplace;
  /** Bytes of the page (without a byte order mark). */
  readonly size: number;
  /** The page's bytes read as Latin-1: offsets are byte offsets, tags and JSON punctuation are what they are. */
  readonly raw: string;
  readonly outline: Outline;
  /** Text of a byte range in the page's own encoding. */
  readonly decode: (start: number, end: number) => string;
  /** Language that the page declares, null when it declares none of the contract's. */
  readonly language: Language | null;
  /** What fields keep of the page, see `once`. */
  readonly kept: unknown[] = [];
  private readonly reader: Reader;
  private ids: Map<string, number[]> | null = null;
  private idNames: readonly string[] | null = null;
  private classes: ClassIndex | null = null;
  private classesAsked = 0;
  private text: string | null = null;
  private states: DataState[] | null = null;

  constructor({ body, contentType, url, target }: PageSource, full: readonly Element[] = []) {
    const { bytes, decode } = readBody(body, contentType);
    this.url = url;
    this.target = target;
    this.marketplace = marketplace(target.domain);
    this.size = bytes.length;
    this.raw = bytes.toString('latin1');
    this.decode = decode;
    this.outline = outlineOf(this.raw, bytes);
    this.reader = createReader(this.outline, this.raw, bytes, decode);
    for (const [number, element] of full.entries()) this.reader.nodes[number] = element;
    this.language = this.declaredLanguage();
  }

  /** The declared language if it is known, else the one that was asked for: the language to read words and numbers in. */
  get locale(): Language {
    return this.language ?? this.target.language;
  }

  /** The page has an element with this id. Reads nothing. */
  has(id: string): boolean {
    return this.numbers(id).length > 0;
  }

  /** The first element with this id that stands on the page itself; the first of all where none does. */
  byId(id: string): Element | null {
    const numbers = this.numbers(id);
    const own = numbers.length > 1 ? numbers.find((number) => !this.isApartAt(number)) : undefined;
    const number = own ?? numbers[0];
    return number === undefined ? null : this.element(number);
  }

  /** The first of these ids that the page has. */
  firstById(...ids: readonly string[]): Element | null {
    const id = ids.find((one) => this.has(one));
    return id === undefined ? null : this.byId(id);
  }

  /** Every element with this id, in document order (the pages repeat ids). */
  allById(id: string): Element[] {
    return this.numbers(id).map((number) => this.element(number));
  }

  /** Those of them that stand on the page itself; all where none does. */
  shownById(id: string): Element[] {
    const numbers = this.numbers(id);
    const own = numbers.length > 1 ? numbers.filter((number) => !this.isApartAt(number)) : numbers;
    return (own.length > 0 ? own : numbers).map((number) => this.element(number));
  }

  /** Every id of the page, in document order of their first elements. */
  idsPresent(): readonly string[] {
    this.idNames ??= [...this.idIndex().keys()];
    return this.idNames;
  }

  /** Elements with this tag name (lower case), in document order, at most `limit`. */
  allByTag(name: string, limit = Infinity): Element[] {
    const found: Element[] = [];
    for (const [number, tag] of this.outline.name.entries()) {
      if (found.length >= limit) break;
      if (tag.text === name) found.push(this.element(number));
    }
    return found;
  }

  /** Elements whose attribute has exactly this value (ASCII, without entities), anywhere in the page. */
  allByAttr(name: string, value: string): Element[] {
    return [...this.withAttr(name, value)].map((number) => this.element(number));
  }

  /** The first element whose attribute has exactly this value. Looks no further. */
  firstByAttr(name: string, value: string): Element | null {
    const { value: number } = this.withAttr(name, value).next();
    return number === undefined ? null : this.element(number);
  }

  /** Some element's attribute has exactly this value. Reads no region. */
  hasAttr(name: string, value: string): boolean {
    return this.withAttr(name, value).next().done !== true;
  }

  /** Elements with this class token, anywhere in the page. */
  allByClass(token: string): Element[] {
    return this.withClass(token).map((number) => this.element(number));
  }

  /** Some element has this class token. Reads no region. */
  hasClass(token: string): boolean {
    return this.withClass(token).length > 0;
  }

  /** Some element (named `of`, when given) has an attribute that contains the text (ASCII). Reads no region. */
  someAttr(name: string, text: string, of?: string): boolean {
    return elementsWith(this.raw, this.outline, text).some(
      (number) =>
        (of === undefined || this.outline.name[number]?.text === of) &&
        (attributeOf(this.reader, number, name)?.includes(text) ?? false),
    );
  }

  /** Offset in the raw page of the next occurrence of a text (ASCII), -1 when there is none. */
  indexOf(text: string, from = 0): number {
    return findText(this.raw, text, from);
  }

  /** The text stands in some inline script (ASCII). Reads nothing. */
  inScript(text: string): boolean {
    return inScript(this.raw, this.outline, text);
  }

  /** The page ends with its own end tag: it was not cut short. */
  get isWhole(): boolean {
    const { name, end, length } = this.outline;
    const html = name.findIndex((tag) => tag.text === 'html');
    return html === -1 ? /<\/(?:html|body)\s*>/i.test(this.raw) : (end[html] ?? length) < length;
  }

  /** Descendants of `root` that match a CSS selector, in document order. */
  select(root: ParentNode | null, selector: string): Element[] {
    return root === null ? [] : select(root, selector);
  }

  /** The first descendant of `root` that matches, or null. */
  first(root: ParentNode | null, selector: string): Element | null {
    return root === null ? null : first(root, selector);
  }

  /** The whole document. Its elements are made when they are asked for. */
  document(): Document {
    return documentOf(this.reader);
  }

  /** The whole text of the page. Costs a decode of everything; `between` and `jsonAfter` decode only what they find. */
  source(): string {
    this.text ??= this.decode(0, this.size);
    return this.text;
  }

  /** Raw text between two markers (ASCII), the first time both occur; null when they do not. */
  between(from: string | RegExp, to: string | RegExp, limit = 100_000): string | null {
    const start = this.endOf(from, 0);
    if (start === -1) return null;
    const window = this.raw.slice(start, start + limit);
    const length = typeof to === 'string' ? window.indexOf(to) : window.search(to);
    return length === -1 ? null : this.decode(start, start + length);
  }

  /**
   * The JSON or JavaScript literal after a marker (ASCII; for example `'colorImages'`), the first occurrence that has
   * one; null when none has. Optional quotes, `:` or `=`, and a `parseJSON(` call before the literal are stepped over.
   */
  jsonAfter(marker: string | RegExp): unknown {
    return jsonAfter(this.raw, this.decode, marker);
  }

  /** Values of the page's `<script type="a-state">` blocks, those with this key when one is given. */
  dataStates(key?: string): readonly DataState[] {
    this.states ??= dataStates(this);
    return key === undefined ? this.states : this.states.filter((state) => state.key === key);
  }

  /** Values of the page's JSON-LD blocks. */
  jsonLd(): unknown[] {
    return jsonLd(this);
  }

  /** The element of this number in the outline. */
  element(number: number): Element {
    return elementOf(this.reader, number);
  }

  /** An attribute of an element by its number, null when it has none of the name. Reads no region. */
  attribute(number: number, name: string): string | null {
    return attributeOf(this.reader, number, name);
  }

  /** An attribute of an element by its number contains one of the texts (ASCII). Reads no region. */
  attributeHas(number: number, name: string, texts: readonly string[]): boolean {
    return texts.some((text) => testAttribute(this.reader, number, name, text, 'any'));
  }

  /** The element of this number has the class token. Reads no region. */
  hasClassAt(number: number, token: string): boolean {
    return hasClassAt(this.reader, number, token);
  }

  /** The element of this number is hidden by itself; see `isHidden`. Reads no region. */
  isHiddenAt(number: number): boolean {
    return isHiddenAt(this.reader, number);
  }

  /** Numbers of the elements whose attribute has exactly this value, in order. Reads no region. */
  *withAttr(name: string, value: string): Generator<number, undefined> {
    for (const number of elementsWith(this.raw, this.outline, value, asValueOf(name, value))) {
      if (attributeOf(this.reader, number, name) === value) yield number;
    }
  }

  /** Numbers of the elements with this class token, in order. Reads no region. */
  withClass(token: string): readonly number[] {
    const isOne = this.classes === null && this.target.kind === 'product' && ++this.classesAsked <= FEW;
    if (isOne) return this.markedWith(token);
    this.classes ??= new ClassIndex(this.reader);
    return this.classes.numbers(token);
  }

  /** The same, looked for in the text of the page. */
  private markedWith(token: string): number[] {
    const numbers = elementsWith(this.raw, this.outline, token, asToken(token));
    return [...numbers].filter((number) => hasClassAt(this.reader, number, token));
  }

  /** In something that a shopper does not see, or in a card of a rail: what is there may be another product's. */
  private isApartAt(number: number): boolean {
    const { name, parent } = this.outline;
    for (let up = number; up >= 0; up = parent[up] ?? -1) {
      if (SILENT.has(name[up]?.text ?? '') || this.isHiddenAt(up) || this.hasClassAt(up, RAIL_CARD)) return true;
    }
    return false;
  }

  private numbers(id: string): readonly number[] {
    return this.idIndex().get(id) ?? [];
  }

  private idIndex(): Map<string, number[]> {
    if (this.ids !== null) return this.ids;
    const { withId, idStart, idEnd } = this.outline;
    const ids = new Map<string, number[]>();
    for (let i = 0; i < withId.length; i++) {
      const number = withId[i] ?? 0;
      const id = this.reader.value(idStart[i] ?? 0, idEnd[i] ?? 0);
      const known = ids.get(id);
      if (known === undefined) ids.set(id, [number]);
      else known.push(number);
    }
    this.ids = ids;
    return ids;
  }

  private endOf(marker: string | RegExp, from: number): number {
    if (typeof marker === 'string') {
      const at = findText(this.raw, marker, from);
      return at === -1 ? -1 : at + marker.length;
    }
    const found = new RegExp(marker.source, marker.flags.replace(/[gy]/g, '')).exec(this.raw);
    return found === null ? -1 : found.index + found[0].length;
  }

  private declaredLanguage(): Language | null {
    const head = this.raw.slice(0, HEAD);
    for (const sign of LANGUAGE_SIGNS) {
      const tag = sign.exec(head)?.[1];
      const language = tag === undefined ? null : languageOfTag(tag, this.target);
      if (language !== null) return language;
    }
    return null;
  }
}

/**
 * Reads a page's encoding and outline. Never throws, whatever the bytes are. `full`: every element of a full parse of
 * the same page in document order; then nothing is read again. Tests and benchmarks hold the regions against it.
 */
export const createPage = (source: PageSource, full?: readonly Element[]): Page => new Page(source, full);
