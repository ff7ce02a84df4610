import { type AnyNode, type Element, isTag, isText, type ParentNode } from 'domhandler';
import { attributeOf, elementOf, hasLook, lazily, testAttribute, type Reader } from './nodes.ts';
import { proseOf } from './prose.ts';
import { classesAt, hasClassAt, hideIt, tokensOf } from './classes.ts';
import { HIDDEN, STYLED } from './tags.ts';

/** Direction marks and soft hyphens: invisible, and scattered through the details of a page. */
const INVISIBLE = /[\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Elements whose content is no part of the page as it is shown. */
export const SILENT: ReadonlySet<string> = new Set(['script', 'style', 'noscript', 'template']);
/** Elements that stand on lines of their own. */
const BLOCKS = new Set(
  (
    'address article aside blockquote br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 ' +
    'h5 h6 header hr li main nav ol option p pre section table tbody td tfoot th thead tr ul'
  ).split(' '),
);

/** Something to fold: invisible marks, white space other than single spaces. Most texts have none. */
const UNFOLDED = /[\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]|[^\S ]| {2}/;

/** Invisible marks removed, every run of white space (no-break spaces too) one space, trimmed. */
export function foldText(text: string): string {
  return UNFOLDED.test(text) ? text.replace(INVISIBLE, '').replace(/\s+/g, ' ').trim() : text.trim();
}

/** Texts of neighbours on lines of their own do not touch. */
const READER = { silent: SILENT, breaks: BLOCKS, mark: ' ' } as const;

/**
 * The text of a node as a reader sees it: folded (see `foldText`), without the content of scripts, styles and
 * noscript below it. Blocks (div, li, td, br, ...) stand apart by a space; inline elements put nothing between texts.
 */
export function textOf(node: AnyNode | null | undefined): string {
  if (node === null || node === undefined) return '';
  if (isText(node)) return foldText(node.data);
  return 'children' in node ? foldText(proseOf(node, READER)) : '';
}

/** The text as it stands in the page, scripts included, nothing folded. */
export function rawTextOf(node: ParentNode): string {
  let text = '';
  for (const child of node.children) {
    if (isText(child)) text += child.data;
    else if ('children' in child) text += rawTextOf(child);
  }
  return text;
}

/** An attribute's value, null when the element (or the attribute) is not there. Names are lower case. */
export function attr(element: Element | null | undefined, name: string): string | null {
  if (element === null || element === undefined) return null;
  const own = lazily(element);
  if (own !== null) return own.attribute(name);
  // Not a string: a name that every object has ("constructor"), not one of the tag.
  const value: unknown = element.attribs[name];
  return typeof value === 'string' ? value : null;
}

/** An attribute's value contains the text (ASCII). */
export function attrIncludes(element: Element, name: string, text: string): boolean {
  const own = lazily(element);
  if (own === null) return attr(element, name)?.includes(text) ?? false;
  return testAttribute(own.reader, own.number, name, text, 'any');
}

/** The element carries the class token. */
export function hasClass(element: Element, token: string): boolean {
  const own = lazily(element);
  return own === null ? tokensOf(attr(element, 'class') ?? '').has(token) : hasClassAt(own.reader, own.number, token);
}

const DISPLAY_NONE = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i;

/** The element of this number is hidden by itself; see `isHidden`. */
export const isHiddenAt = (reader: Reader, number: number): boolean =>
  hasLook(reader.outline, number, HIDDEN) ||
  (hasLook(reader.outline, number, STYLED) && DISPLAY_NONE.test(attributeOf(reader, number, 'style') ?? '')) ||
  classesAt(reader, number)?.hides === true;

/**
 * The element itself is hidden from a shopper (not its ancestors): by the site's classes, its style or the `hidden`
 * attribute; by `aria-hidden` too when told (the site sets it on visible prices that have a spoken twin).
 */
export function isHidden(element: Element, options?: { readonly aria?: boolean }): boolean {
  if (options?.aria === true && attr(element, 'aria-hidden') === 'true') return true;
  const own = lazily(element);
  if (own !== null) return isHiddenAt(own.reader, own.number);
  return (
    attr(element, 'hidden') !== null ||
    DISPLAY_NONE.test(attr(element, 'style') ?? '') ||
    hideIt(tokensOf(attr(element, 'class') ?? ''))
  );
}

/** The element or one of its ancestors, up to the root of its region or `top` (inclusive), is hidden. */
export function isWithinHidden(element: Element, top: Element | null = null): boolean {
  for (let up: ParentNode | null = element; up !== null; up = up.parent) {
    if (!isTag(up)) return false;
    if (isHidden(up)) return true;
    if (up === top) return false;
  }
  return false;
}

/** Child elements, those named `name` when given. */
export function childrenOf(element: ParentNode | null | undefined, name?: string): Element[] {
  if (element === null || element === undefined) return [];
  const own = lazily(element);
  if (own === null) {
    return element.children.filter(
      (node): node is Element => isTag(node) && (name === undefined || node.name === name),
    );
  }
  const { reader, number } = own;
  const { last, name: names } = reader.outline;
  const children: Element[] = [];
  const end = last[number] ?? number + 1;
  for (let child = number + 1; child < end; child = last[child] ?? child + 1) {
    if (name === undefined || names[child]?.text === name) children.push(elementOf(reader, child));
  }
  return children;
}

/** The element has elements in it. */
export function hasElements(element: Element): boolean {
  const own = lazily(element);
  if (own === null) return element.children.some(isTag);
  return own.reader.outline.last[own.number] !== own.number + 1;
}

/** The element is one of what is below `root`. */
export function isInside(element: Element | undefined, root: Element): boolean {
  if (element === undefined) return false;
  const own = lazily(element);
  const outer = lazily(root);
  if (own !== null && outer !== null) {
    return own.number > outer.number && own.number < (outer.reader.outline.last[outer.number] ?? 0);
  }
  return element !== root && closest(element, (up) => up === root) !== null;
}

/** The next element after this one under the same parent, null at the end. */
export function nextElement(element: Element): Element | null {
  const own = lazily(element);
  if (own !== null) {
    const { outline } = own.reader;
    const next = outline.last[own.number] ?? -1;
    return next < outline.count && outline.parent[next] === outline.parent[own.number]
      ? elementOf(own.reader, next)
      : null;
  }
  let node = element.next;
  while (node !== null && !isTag(node)) node = node.next;
  return node;
}

/** The nearest ancestor that passes, the element itself included, up to `top` or the root of the region. */
export function closest(
  element: Element,
  test: (element: Element) => boolean,
  top: Element | null = null,
): Element | null {
  for (let up: ParentNode | null = element; up !== null && isTag(up); up = up.parent) {
    if (test(up)) return up;
    if (up === top) return null;
  }
  return null;
}
