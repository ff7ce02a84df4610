import { isText, type ParentNode } from 'domhandler';
import { foldText, isHidden, proseOf, SILENT, type LeaveOut, type Prose } from '../../page/index.ts';

/** Elements that begin and end a line of text. */
const BLOCKS = new Set(
  'address article br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p section table tbody td th tr ul'.split(' '),
);

/** A character that no page has. */
const BREAK = '\uffff';
const LINES: Prose = { silent: SILENT, breaks: BLOCKS, mark: BREAK };

/** The lines of text that a reader sees in a node, hidden parts left out; empty lines dropped. */
export function linesOf(node: ParentNode | null, skip: LeaveOut | null = null): string[] {
  if (node === null) return [];
  const text = proseOf(node, LINES, (element) => isHidden(element) || skip?.(element) === true);
  return text
    .split(BREAK)
    .map(foldText)
    .filter((line) => line !== '');
}

/** The lines joined by a line feed; null when there are none. */
export function paragraphs(node: ParentNode | null, skip?: LeaveOut): string | null {
  const lines = linesOf(node, skip);
  return lines.length === 0 ? null : lines.join('\n');
}

/** The text that stands directly in an element, without its child elements. */
export const ownText = (element: ParentNode): string =>
  foldText(element.children.map((child) => (isText(child) ? child.data : ' ')).join(''));
