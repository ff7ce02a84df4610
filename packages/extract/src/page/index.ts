/** The page engine: a page's bytes in, its elements and data out. */
export { decodeHtml } from './charset.ts';
export { firstFrom } from './classes.ts';
export { parseLoose } from './literal.ts';
export { createPage, Page } from './page.ts';
export { elementsIn, proseOf, type LeaveOut, type Prose } from './prose.ts';
export { first, select } from './select.ts';
export {
  attr,
  attrIncludes,
  childrenOf,
  closest,
  foldText,
  hasClass,
  hasElements,
  isHidden,
  isInside,
  isWithinHidden,
  nextElement,
  rawTextOf,
  SILENT,
  textOf,
} from './text.ts';
