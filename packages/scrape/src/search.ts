import type { ApiError, AttemptRecord, ReadSearchPage, SearchCard, SearchParams } from '@asa/contract';
import type { FieldReport } from '@asa/extract';
import { planSearch } from './plan.ts';
import { numberCards, START } from './positions.ts';
import { scrapePage } from './shared-page.ts';
import type { PageSuccess, ScrapeOptions, Source, Ticket, Watcher, WorkFacts } from './scraper.ts';

/** A search request carried out over one or more pages. */
export interface SearchOutcome extends WorkFacts {
  readonly tickets: readonly Ticket[];
  readonly result: SearchSuccess | { readonly ok: false; readonly error: ApiError };
}

export interface SearchSuccess {
  readonly ok: true;
  /** The first page, which speaks for the whole search. */
  readonly first: PageSuccess;
  readonly list: ReadSearchPage;
  readonly products: SearchCard[];
  readonly html: string[];
  /** Pages obtained; each is one unit of cost. */
  readonly pagesFetched: number;
}

/**
 * Fetches the pages one after another within one budget. The first page's failure is the request's; a later page that fails,
 * or that is past the end (no cards), ends the paging and is not counted. Source: contract section 3.
 */
export async function scrapeSearch(
  source: Source,
  params: SearchParams,
  options: ScrapeOptions,
  watcher: Watcher,
): Promise<SearchOutcome> {
  const { signal, onAttempt } = watcher;
  const started = options.now();
  const attempts: AttemptRecord[] = [];
  const tickets: Ticket[] = [];
  const ms = { planMs: 0, fetchMs: 0, judgeMs: 0, extractMs: 0 };
  const products: SearchCard[] = [];
  const html: string[] = [];
  let positions = START;
  let first: { page: PageSuccess; list: ReadSearchPage; fields: FieldReport | null } | null = null;
  let pagesFetched = 0;

  for (let page = params.start_page; page < params.start_page + params.pages; page += 1) {
    const budgetMs = source.budgetMs - (options.now() - started);
    if (first !== null && (budgetMs <= 0 || signal.aborted)) break;
    const planning = options.now();
    const target = planSearch(params, page, source.template);
    ms.planMs += options.now() - planning;
    const number = (record: AttemptRecord): void => {
      const numbered = { ...record, n: attempts.length + 1 };
      attempts.push(numbered);
      onAttempt(numbered);
    };
    const fetching = { ...watcher, wantHtml: params.add_html, budgetMs, onAttempt: number };
    const outcome = await scrapePage(source, target, options, fetching).catch((error: unknown) => {
      if (first === null) throw error;
      // The pages that were obtained are worth an answer; the bug is the operator's.
      options.onBug(target.url, error instanceof Error ? (error.stack ?? error.message) : String(error));
      return null;
    });
    if (outcome === null) break;
    if (outcome.ticket !== null) tickets.push(outcome.ticket);
    ms.fetchMs += outcome.fetchMs;
    ms.judgeMs += outcome.judgeMs;
    ms.extractMs += outcome.extractMs;
    if (!outcome.result.ok) {
      if (first !== null) break;
      return { attempts, ...ms, fields: outcome.fields, tickets, result: outcome.result };
    }
    const list = listOf(outcome.result);
    if (first !== null && list.products.length === 0) break;
    first ??= { page: outcome.result, list, fields: outcome.fields };
    pagesFetched += 1;
    const numbered = numberCards(list.products, page, positions);
    positions = numbered.next;
    products.push(...numbered.cards);
    if (outcome.result.html !== null) html.push(outcome.result.html);
    // Past the end, or nothing found: a further page would have no cards either.
    if (list.products.length === 0) break;
  }
  if (first === null) throw new Error('a search of no pages was asked for');
  return {
    attempts,
    ...ms,
    fields: first.fields,
    tickets,
    result: { ok: true, first: first.page, list: first.list, products, html, pagesFetched },
  };
}

function listOf({ reading }: PageSuccess): ReadSearchPage {
  if (reading.verdict !== 'list' && reading.verdict !== 'no_results')
    throw new Error(`a search target was judged usable as ${reading.verdict}`);
  return reading.list;
}
