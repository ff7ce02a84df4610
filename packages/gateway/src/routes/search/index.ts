import { parseSearchParams, type SearchAnswer } from '@asa/contract';
import { scrapeSearch } from '@asa/scrape';
import type { ApiRoute } from '../../api.ts';
import { stage } from '../../context.ts';
import { asSent, checkRegion, queryParams } from '../../stages/parse.ts';
import { carryOut, watcher } from '../page-request.ts';

/** `GET /api/v1/amazon/search`: each page obtained is one unit of cost. */
export const searchRoute: ApiRoute = {
  endpoint: 'amazon.search',
  countsInFlight: true,
  traced: true,
  async work(services, context, request) {
    const { principal } = context;
    if (principal === null) throw new Error('a search request needs a principal');
    const source = services.sources[principal.mode];
    const params = await stage(context, 'parse', () => {
      const raw = queryParams(request.raw.url ?? '');
      context.params = asSent(raw);
      const parsed = parseSearchParams(raw);
      context.params = { ...parsed };
      context.domain = parsed.domain;
      checkRegion(principal, parsed.country, source.egress);
      return parsed;
    });
    return carryOut(services, context, { units: params.pages, forcedBy: null }, async () => {
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
    });
  },
};
