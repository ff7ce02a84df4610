import { type AnyNode, type Element, isTag, isText, type ParentNode } from 'domhandler';
import { foldText, isHidden } from '../../page/index.ts';

const SILENT = new Set(['script', 'style', 'noscript', 'template']);
/** Elements that begin and end a line of text. */
const BLOCKS = new Set(
  'address article br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p section table tbody td th tr ul'.split(' '),
);

/** Leaves an element and everything in it out of a text. */
export type Skip = (element: Element) => boolean;

function collect(node: AnyNode, lines: string[], skip: Skip): void {
  if (isText(node)) {
    lines[lines.length - 1] += node.data;
    return;
  }
  if (!('children' in node)) return;
  if (!isTag(node)) {
    for (const child of node.children) collect(child, lines, skip);
    return;
  }
  if (SILENT.has(node.name) || isHidden(node) || skip(node)) return;
  const block = BLOCKS.has(node.name);
  if (block) lines.push('');
  for (const child of node.children) collect(child, lines, skip);
  if (block) lines.push('');
}

/** The lines of text that a reader sees in a node, hidden parts left out; empty lines dropped. */
export function linesOf(node: ParentNode | null, skip: Skip = () => false): string[] {
  if (node === null) return [];
  const lines = [''];
  for (const child of node.children) collect(child, lines, skip);
  return lines.map(foldText).filter((line) => line !== '');
}

/** The lines joined by a line feed; null when there are none. */
export function paragraphs(node: ParentNode | null, skip?: Skip): string | null {
  const lines = linesOf(node, skip);
  return lines.length === 0 ? null : lines.join('\n');
}

/** The text that stands directly in an element, without its child elements. */
export const ownText = (element: ParentNode): string =>
  foldText(element.children.map((child) => (isText(child) ? child.data : ' ')).join(''));
