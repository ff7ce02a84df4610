import { readSearchParams, type SearchAnswer, type SearchParams } from '@asa/contract';
import { scrapeSearch } from '@asa/scrape';
import { pageRoute, watcher, type PageKind } from '../page-request.ts';

/** One or more result pages: each page obtained is one unit of cost. */
export const searchPages: PageKind<SearchParams> = {
  endpoint: 'amazon.search',
  parse: readSearchParams,
  units: (params) => params.pages,
  forcedBy: () => null,
  async scrape(services, context, params) {
    const source = services.sources[context.principal?.mode ?? 'live'];
    const outcome = await scrapeSearch(source, params, services.scrape, watcher(services, context));
    const { result } = outcome;
    if (!result.ok) return { ...outcome, result };
    const { first, list, products, pagesFetched, html } = result;
    const body = {
      fetched_at: first.fetchedAt,
      query: params.query,
      domain: params.domain,
      language: list.language,
      sort_by: params.sort_by,
      page: params.start_page,
      pages_fetched: pagesFetched,
      total_results: list.total_results,
      total_results_string: list.total_results_string,
      no_results: list.no_results,
      corrected_query: list.corrected_query,
      products,
      related_searches: list.related_searches,
      ...(params.add_html ? { html } : {}),
    } satisfies Omit<SearchAnswer, 'request_id'>;
    return { ...outcome, result: { ok: true, units: pagesFetched, page: first.fetched, body } };
  },
};

/** `GET /api/v1/amazon/search` */
export const searchRoute = pageRoute(searchPages);
