import { compile, selectAll, selectOne } from 'css-select';
import type { AnyNode, Element, ParentNode } from 'domhandler';

type Compiled = ReturnType<typeof compile<AnyNode, Element>>;

const KEPT = 2048;
const compiled = new Map<string, Compiled>();

/** Selectors are written in the extractor, so their number is bounded; each is compiled once. */
function compiledOf(selector: string): Compiled {
  let query = compiled.get(selector);
  if (query === undefined) {
    query = compile<AnyNode, Element>(selector);
    if (compiled.size < KEPT) compiled.set(selector, query);
  }
  return query;
}

/** Descendants of `root` that match, in document order. */
export const select = (root: ParentNode, selector: string): Element[] =>
  selectAll<AnyNode, Element>(compiledOf(selector), root);

/** The first descendant of `root` that matches, or null. */
export const first = (root: ParentNode, selector: string): Element | null =>
  selectOne<AnyNode, Element>(compiledOf(selector), root);
