import { readProductParams, type ProductAnswer, type ProductParams } from '@asa/contract';
import { scrapeProduct } from '@asa/scrape';
import { pageRoute, watcher, type PageKind } from '../page-request.ts';

/** A product page: one unit of cost. */
export const productPage: PageKind<ProductParams> = {
  endpoint: 'amazon.product',
  parse: readProductParams,
  units: () => 1,
  forcedBy: (params) => params.asin,
  async scrape(services, context, params) {
    const source = services.sources[context.principal?.mode ?? 'live'];
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
  },
};

/** `GET /api/v1/amazon/product` */
export const productRoute = pageRoute(productPage);
