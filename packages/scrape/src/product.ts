import type { ProductItem, ProductParams } from '@asa/contract';
import { planProduct } from './plan.ts';
import { scrapePage } from './shared-page.ts';
import type { PageOutcome, PageSuccess, ScrapeOptions, Source, Watcher } from './scraper.ts';

/** A product request carried out: the page's outcome and, when it is one, the product. */
export type ProductOutcome = PageOutcome & { readonly planMs: number; readonly product: ProductItem | null };

/** Carries out a product request. Never throws for what a page or a network can do. */
export async function scrapeProduct(
  source: Source,
  params: ProductParams,
  options: ScrapeOptions,
  watcher: Watcher,
): Promise<ProductOutcome> {
  const started = options.now();
  const target = planProduct(params, source.template);
  const planMs = options.now() - started;
  const outcome = await scrapePage(source, target, options, {
    wantHtml: params.add_html,
    budgetMs: source.budgetMs,
    ...watcher,
  });
  return { ...outcome, planMs, product: outcome.result.ok ? productOf(outcome.result) : null };
}

function productOf({ reading }: PageSuccess): ProductItem {
  if (reading.verdict !== 'product') throw new Error(`a product target was judged usable as ${reading.verdict}`);
  return reading.product;
}
