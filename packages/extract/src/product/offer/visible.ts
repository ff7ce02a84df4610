import type { Element } from 'domhandler';
import { foldText, hasClass, isHidden, proseOf, SILENT, type Prose } from '../../page/index.ts';

const UNSAID: ReadonlySet<string> = new Set([...SILENT, 'select']);
/** Elements that stand on lines of their own: their text does not touch what is beside them. */
const LINES = new Set([
  'div',
  'p',
  'li',
  'ul',
  'ol',
  'tr',
  'td',
  'th',
  'table',
  'br',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'label',
]);

const SHOPPER: Prose = { silent: UNSAID, breaks: LINES, mark: ' ' };

/** Whether a shopper does not see this element: hidden, or preloaded for a popover. */
export const isUnseen = (element: Element): boolean => isHidden(element) || hasClass(element, 'a-popover-preload');

/** Whether an element is no text on the page: a script, a style, the options of a selector. */
export const isSilent = (element: Element): boolean => UNSAID.has(element.name);

/**
 * The text of an element as a shopper sees it: without hidden parts, popovers and scripts, folded; parts on lines of
 * their own are kept apart by a space. `without` leaves more out. A hidden element's own text is read all the same.
 */
export function visibleText(element: Element | null, without: (element: Element) => boolean = () => false): string {
  if (element === null) return '';
  const text = proseOf(element, SHOPPER, (inside) => isUnseen(inside) || without(inside));
  return foldText(text).replace(/ ([.,;:!?])(?= |$)/g, '$1');
}

/** The text, or null when there is none. */
export const orNull = (text: string): string | null => (text === '' ? null : text);
