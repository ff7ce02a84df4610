export {
  QUERY_MARKERS,
  RESULT_PAGES,
  describeSearch,
  type SearchInput,
  type SyntheticSearch,
} from './search/describe.ts';
export { describeProduct, type SyntheticProduct } from './product/describe.ts';
export { renderProduct } from './product/render.ts';
export { renderSearch } from './search/render.ts';
export { startOrigin, type Origin, type OriginOptions } from './server.ts';
export { TEST_ASINS } from './outcomes.ts';
export type { RequestLogEntry } from './http/log.ts';
