import { z } from 'zod';
import { Refusal } from '../errors.ts';
import { ProductItem } from '../items/product.ts';
import { DEFAULT_DOMAIN, type Domain, type Language } from '../marketplaces.ts';
import { marketplaceLanguage } from './language.ts';
import { MAX_CREDITS_PARAM, overMaxCredits } from './max-credits.ts';
import { custom, Problem, readParams, SHARED, type RawParams } from './params.ts';
import { readProductQuery } from './product-query.ts';
import { refuse } from './reject.ts';

/** `GET /api/v1/amazon/product` (contract sections 1 and 2). */
export const PRODUCT_PARAMS = {
  query: custom(
    readProductQuery,
    { type: 'string' },
    {
      about: 'A 10-character ASIN or ISBN-10, or an Amazon product URL (read as text, never fetched).',
      required: true,
      example: 'B000000000',
    },
  ),
  ...SHARED,
  max_credits: MAX_CREDITS_PARAM,
} as const;

export interface ProductParams {
  readonly asin: string;
  readonly domain: Domain;
  readonly language: Language;
  /** Exit country asked for, or null. */
  readonly country: string | null;
  readonly add_html: boolean;
}

/** Reads the parameters, or throws `invalid_params` naming every problem, or `not_implemented` for a reserved one alone. */
export function parseProductParams(raw: RawParams): ProductParams {
  const params = readProductParams(raw);
  if (params instanceof Refusal) throw params.toError();
  return params;
}

/** The same; what would be thrown is handed back. */
export function readProductParams(raw: RawParams): ProductParams | Refusal {
  const { values, problems, reserved } = readParams(raw, PRODUCT_PARAMS);
  const domain = values.domain ?? values.query?.domain ?? DEFAULT_DOMAIN;
  if (values.domain !== undefined && values.query?.domain != null && values.domain !== values.query.domain) {
    problems.push(`domain ${values.domain} contradicts the marketplace of the URL in query, ${values.query.domain}`);
  }
  const language = marketplaceLanguage(domain, values.language, raw.has('domain') && values.domain === undefined);
  if (language instanceof Problem) problems.push(language.text);
  const tooDear = overMaxCredits(1, values.max_credits, 'request');
  if (tooDear !== null) problems.push(tooDear);
  if (problems.length > 0 || reserved.length > 0 || values.query === undefined || language instanceof Problem) {
    return refuse(problems, reserved);
  }
  return {
    asin: values.query.asin,
    domain,
    language,
    country: values.country ?? null,
    add_html: values.add_html ?? false,
  };
}

export const ProductAnswer = ProductItem.extend({
  request_id: z.string().describe('Id of this request: `req_` and 12 hex digits.'),
  fetched_at: z.string().describe('ISO time at which the page was fetched.'),
  html: z.string().optional().describe('Source of the page, only with `add_html=true`.'),
});
export type ProductAnswer = z.infer<typeof ProductAnswer>;
