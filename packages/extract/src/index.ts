/** A page in, an item or a verdict out. Pure: no network, clock, environment or store. */
export { decodeHtml } from './page/index.ts';
export type { FieldReport } from './product/index.ts';
export { readPage, type PageInput, type Reading } from './read.ts';
export { EXTRACTOR_VERSION } from './version.ts';
