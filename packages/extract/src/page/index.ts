/** The page engine: a page's bytes in, its elements and data out. */
export { decodeHtml } from './charset.ts';
export type { DataState } from './data.ts';
export { parseLoose } from './literal.ts';
export { createPage, Page, type PageSource } from './page.ts';
export { first, matches, select } from './select.ts';
export {
  attr,
  childrenOf,
  closest,
  foldText,
  hasClass,
  hasClassToken,
  isHidden,
  isWithinHidden,
  nextElement,
  rawTextOf,
  textOf,
} from './text.ts';
