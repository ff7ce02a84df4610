import { z } from 'zod';
import { Refusal } from '../errors.ts';
import { SearchCard } from '../items/search.ts';
import { DEFAULT_DOMAIN, type Domain, type Language } from '../marketplaces.ts';
import { marketplaceLanguage } from './language.ts';
import { MAX_CREDITS_PARAM, overMaxCredits } from './max-credits.ts';
import { choice, custom, Problem, quote, readParams, SHARED, whole, type RawParams } from './params.ts';
import { refuse } from './reject.ts';

/** `sort_by` -> the marketplace's own `s` parameter (null: not sent). */
export const SORTS = {
  best_match: null,
  price_asc: 'price-asc-rank',
  price_desc: 'price-desc-rank',
  avg_customer_review: 'review-rank',
  newest: 'date-desc-rank',
} as const;
export type SortBy = keyof typeof SORTS;

export const MAX_QUERY_CHARACTERS = 500;
export const MAX_PAGES = 10;

/** `GET /api/v1/amazon/search` (contract sections 1 and 3). */
export const SEARCH_PARAMS = {
  query: custom(
    (text) => {
      const trimmed = text.trim();
      const length = Array.from(trimmed).length;
      if (length === 0) return new Problem('query is empty; give 1 to 500 characters');
      return length <= MAX_QUERY_CHARACTERS
        ? trimmed
        : new Problem(`query ${quote(text)} has ${length} characters; at most ${MAX_QUERY_CHARACTERS} are allowed`);
    },
    { type: 'string', minLength: 1, maxLength: MAX_QUERY_CHARACTERS },
    {
      about: 'What to search for, 1 to 500 characters after trimming.',
      required: true,
      example: 'mechanical keyboard',
    },
  ),
  ...SHARED,
  sort_by: choice('sort_by', Object.keys(SORTS) as SortBy[], {
    about: 'Order of the results. Default `best_match`.',
    example: 'price_asc',
  }),
  start_page: whole('start_page', 1, MAX_PAGES, { about: 'First result page. Default 1.', example: '1' }),
  page: whole('page', 1, MAX_PAGES, { about: 'Another name of `start_page`.' }),
  pages: whole('pages', 1, MAX_PAGES, {
    about: 'How many result pages; each is one unit of cost. Default 1.',
    example: '1',
  }),
  max_credits: MAX_CREDITS_PARAM,
} as const;

export interface SearchParams {
  readonly query: string;
  readonly domain: Domain;
  readonly language: Language;
  readonly country: string | null;
  readonly add_html: boolean;
  readonly sort_by: SortBy;
  readonly start_page: number;
  readonly pages: number;
}

/** Reads the parameters, or throws `invalid_params` naming every problem, or `not_implemented` for a reserved one alone. */
export function parseSearchParams(raw: RawParams): SearchParams {
  const params = readSearchParams(raw);
  if (params instanceof Refusal) throw params.toError();
  return params;
}

/** The same; what would be thrown is handed back. */
export function readSearchParams(raw: RawParams): SearchParams | Refusal {
  const { values, problems, reserved } = readParams(raw, SEARCH_PARAMS);
  if (values.start_page !== undefined && values.page !== undefined && values.start_page !== values.page) {
    problems.push(`start_page ${values.start_page} and its other name page ${values.page} differ; give one of them`);
  }
  const domain = values.domain ?? DEFAULT_DOMAIN;
  const language = marketplaceLanguage(domain, values.language, raw.has('domain') && values.domain === undefined);
  if (language instanceof Problem) problems.push(language.text);
  const tooDear = overMaxCredits(values.pages ?? 1, values.max_credits, 'page');
  if (tooDear !== null) problems.push(tooDear);
  if (problems.length > 0 || reserved.length > 0 || values.query === undefined || language instanceof Problem) {
    return refuse(problems, reserved);
  }
  return {
    query: values.query,
    domain,
    language,
    country: values.country ?? null,
    add_html: values.add_html ?? false,
    sort_by: values.sort_by ?? 'best_match',
    start_page: values.start_page ?? values.page ?? 1,
    pages: values.pages ?? 1,
  };
}

export const SearchAnswer = z.object({
  request_id: z.string().describe('Id of this request: `req_` and 12 hex digits.'),
  fetched_at: z.string().describe('ISO time at which the first page was fetched.'),
  query: z.string(),
  domain: z.string(),
  language: z.string().nullable().describe('Language as the page declares it, `xx_YY`.'),
  sort_by: z.enum(Object.keys(SORTS) as [SortBy, ...SortBy[]]),
  page: z.int().positive().describe('First page asked for.'),
  pages_fetched: z.int().nonnegative().describe('How many pages were obtained; only these are billed.'),
  total_results: z.int().nonnegative().nullable(),
  total_results_string: z.string().nullable(),
  no_results: z.boolean(),
  corrected_query: z.string().nullable(),
  products: z.array(SearchCard),
  related_searches: z.array(z.string()),
  html: z.array(z.string()).optional().describe('Source of each page, only with `add_html=true`.'),
});
export type SearchAnswer = z.infer<typeof SearchAnswer>;
