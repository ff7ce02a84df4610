import type { SearchAnswer, SearchParams } from './generated/types.ts';

/** Result pages of one search; the service reads no further. */
const LAST_PAGE = 10;

/** What `searchPages` asks for. */
export type SearchPagesParams = Omit<SearchParams, 'pages' | 'page'> & {
  /** Pages at most. Default: all that there are, up to page 10. */
  readonly maxPages?: number | undefined;
};

/** Page after page, until one has no products. A first page without any is given, too. Each page is a call of its own. */
export async function* pagesOf(
  search: (params: SearchParams) => PromiseLike<SearchAnswer>,
  { maxPages = LAST_PAGE, start_page = 1, ...params }: SearchPagesParams,
): AsyncGenerator<SearchAnswer, void, undefined> {
  const last = Math.min(LAST_PAGE, start_page + maxPages - 1);
  for (let page = start_page; page <= last; page += 1) {
    const answer = await search({ ...params, start_page: page, pages: 1 });
    if (answer.products.length === 0 && page > start_page) return;
    yield answer;
    if (answer.products.length === 0) return;
  }
}
