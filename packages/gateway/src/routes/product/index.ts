import { parseProductParams, type ProductAnswer } from '@asa/contract';
import { scrapeProduct } from '@asa/scrape';
import type { ApiRoute } from '../../api.ts';
import { stage } from '../../context.ts';
import { asSent, checkRegion, queryParams } from '../../stages/parse.ts';
import { carryOut, watcher } from '../page-request.ts';

/** `GET /api/v1/amazon/product`: one unit of cost, one page. */
export const productRoute: ApiRoute = {
  endpoint: 'amazon.product',
  countsInFlight: true,
  traced: true,
  async work(services, context, request) {
    const { principal } = context;
    if (principal === null) throw new Error('a product request needs a principal');
    const source = services.sources[principal.mode];
    const params = await stage(context, 'parse', () => {
      const raw = queryParams(request.raw.url ?? '');
      context.params = asSent(raw);
      const parsed = parseProductParams(raw);
      context.params = { ...parsed };
      context.domain = parsed.domain;
      checkRegion(principal, parsed.country, source.egress);
      return parsed;
    });
    return carryOut(services, context, { units: 1, forcedBy: params.asin }, async () => {
      const outcome = await scrapeProduct(source, params, services.scrape, watcher(services, context));
      const tickets = outcome.ticket === null ? [] : [outcome.ticket];
      const { result, product } = outcome;
      if (!result.ok) return { ...outcome, tickets, result };
      if (product === null) throw new Error('a usable product page without a product');
      const { html, fetched, fetchedAt } = result;
      const body = {
        ...product,
        fetched_at: fetchedAt,
        ...(html === null ? {} : { html }),
      } satisfies Omit<ProductAnswer, 'request_id'>;
      return { ...outcome, tickets, result: { ok: true, units: 1, page: fetched, body } };
    });
  },
};
