import { compile, selectAll, selectOne } from 'css-select';
import type { AnyNode, Element, ParentNode } from 'domhandler';
import { elementOf, lazily, PageDocument, type Reader } from './nodes.ts';
import { readSelector } from './selector.ts';

type Compiled = ReturnType<typeof compile<AnyNode, Element>>;

const KEPT = 2048;

/** Selectors are written in the extractor, so their number is bounded; each is compiled once. */
function keeping<T>(make: (selector: string) => T): (selector: string) => T {
  const kept = new Map<string, T>();
  return (selector) => {
    let query = kept.get(selector);
    if (query === undefined) {
      query = make(selector);
      if (kept.size < KEPT) kept.set(selector, query);
    }
    return query;
  };
}

const matcherOf = keeping(readSelector);
/** Nodes of a full parse are searched by a library: what ours finds is held against it. */
const compiledOf = keeping((selector): Compiled => compile<AnyNode, Element>(selector));

interface Range {
  readonly reader: Reader;
  readonly from: number;
  readonly to: number;
}

/** The elements below a root of a page that is read lazily; null for a root of a full parse. */
function below(root: ParentNode): Range | null {
  if (root instanceof PageDocument) return { reader: root.reader, from: 0, to: root.reader.outline.count };
  const element = lazily(root);
  if (element === null) return null;
  const { reader, number } = element;
  return { reader, from: number + 1, to: reader.outline.last[number] ?? number + 1 };
}

/** Descendants of `root` that match, in document order. */
export function select(root: ParentNode, selector: string): Element[] {
  const range = below(root);
  if (range === null) return selectAll<AnyNode, Element>(compiledOf(selector), root);
  const { reader, from, to } = range;
  const matches = matcherOf(selector);
  const found: Element[] = [];
  for (let number = from; number < to; number++) if (matches(reader, number)) found.push(elementOf(reader, number));
  return found;
}

/** The first descendant of `root` that matches, or null. */
export function first(root: ParentNode, selector: string): Element | null {
  const range = below(root);
  if (range === null) return selectOne<AnyNode, Element>(compiledOf(selector), root);
  const { reader, from, to } = range;
  const matches = matcherOf(selector);
  for (let number = from; number < to; number++) if (matches(reader, number)) return elementOf(reader, number);
  return null;
}
