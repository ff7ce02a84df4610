import { ApiError, DEFAULT_LIMIT, rawParams, readParams, reject, type ListQuery, type RawParams } from '@asa/contract';
import type { Egress } from '@asa/egress';
import type { Principal } from '@asa/accounts';
import type { FastifyRequest } from 'fastify';

/** Longest request target that is read; parameters never need more. */
const MAX_URL_CHARACTERS = 16_384;

/** The query string of a request, bounded. Throws `invalid_params`. */
export function queryParams(url: string): RawParams {
  if (url.length > MAX_URL_CHARACTERS) {
    throw new ApiError(
      'invalid_params',
      `The request line has ${url.length} characters; at most ${MAX_URL_CHARACTERS} are allowed.`,
    );
  }
  const mark = url.indexOf('?');
  return rawParams(mark < 0 ? '' : url.slice(mark + 1));
}

/** The query parameters of a request as they are declared; of a call that has none, those of `{}`. Throws `invalid_params` with every problem. */
export function paramsOf<S extends Parameters<typeof readParams>[1]>(
  { raw }: Pick<FastifyRequest, 'raw'>,
  specs: S,
): ReturnType<typeof readParams<S>>['values'] {
  const { values, problems } = readParams(queryParams(raw.url ?? ''), specs);
  if (problems.length > 0) throw reject(problems, []);
  return values;
}

/** A path parameter of a route that declares it. */
export const pathParam = (request: Pick<FastifyRequest, 'params'>, name: string): string =>
  (request.params as Record<string, string>)[name] ?? '';

/** Which page of a list is asked for. */
export const pageOf = (values: { readonly [K in keyof ListQuery]?: ListQuery[K] | undefined }): ListQuery => ({
  limit: values.limit ?? DEFAULT_LIMIT,
  cursor: values.cursor ?? null,
});

/** What the trace of a refused request shows: the parameters as they were sent, bounded, without the key. */
export function asSent(raw: RawParams): Record<string, string> {
  const shown = [...raw].filter(([name]) => name !== 'api_key').slice(0, 20);
  return Object.fromEntries(shown.map(([name, values]) => [name.slice(0, 100), values.join(', ').slice(0, 500)]));
}

/** Whether the plan and the exits allow the country asked for. Throws `forbidden_region`. */
export function checkRegion(principal: Principal, country: string | null, egress: Pick<Egress, 'hasExit'>): void {
  if (country === null) return;
  if (!principal.exitCountryOfChoice) {
    throw new ApiError(
      'forbidden_region',
      `country ${country} was asked for, but the plan ${principal.plan} has no exit country of choice.`,
    );
  }
  if (!egress.hasExit(country, principal.plan))
    throw new ApiError('forbidden_region', `There is no exit in country ${country}.`);
}
