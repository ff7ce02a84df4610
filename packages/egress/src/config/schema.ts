import { z } from 'zod';
import { isCountry, PLAN_NAMES } from '@asa/contract';
import { parseProxy } from '../proxy.ts';

const MAX_TIERS = 20;
const MAX_PROXIES = 10_000;
/** The placeholders of a proxy URL. */
const PLACEHOLDER = /\{(?:country|COUNTRY|session)\}/g;
const COUNTRY_PLACEHOLDER = /\{country\}/i;

const country = z
  .string('must be a country code')
  .refine(isCountry, 'must be a country code of two capital letters (ISO 3166-1 alpha-2), for example DE');

const positive = (most: number) =>
  z.number('must be a number').positive('must be more than 0').max(most, `must be at most ${most}`);

/** Whether the text is a proxy URL once its placeholders are filled. */
const isProxyTemplate = (text: string): boolean => {
  const filled = text.replaceAll(PLACEHOLDER, 'x1');
  return !/[{}]/.test(filled) && parseProxy(filled) !== null;
};

/** Texts never repeat the URL: there are credentials in it. */
const proxy = z.preprocess(
  // The short form of a proxy of which nothing else is known.
  (value) => (typeof value === 'string' ? { url: value } : value),
  z
    .strictObject(
      {
        url: z
          .string('must be the URL of a proxy')
          .refine(
            isProxyTemplate,
            'must be an http, https or socks5 URL whose only placeholders are {country}, {COUNTRY} and {session}; percent-encode other characters of user and password',
          ),
        country: country.optional(),
        countries: z
          .union(
            [z.literal('any'), z.array(country).min(1, 'must not be empty')],
            'must be "any" or a list of country codes',
          )
          .optional(),
      },
      unknownKey('a proxy', ['url', 'country', 'countries']),
    )
    .superRefine(({ url, country: one, countries }, context) => {
      const issue = (path: string, message: string): void =>
        context.addIssue({ code: 'custom', path: [path], message });
      const choosesCountry = COUNTRY_PLACEHOLDER.test(url);
      if (one !== undefined && countries !== undefined) issue('country', 'cannot stand beside "countries"');
      if (choosesCountry && countries === undefined)
        issue('url', 'has {country} in it, so "countries" must say which it can be');
      if (!choosesCountry && countries !== undefined)
        issue('countries', 'needs {country} in the URL; where a proxy has one exit, use "country"');
    }),
);

const tier = z
  .strictObject(
    {
      name: z
        .string('must be a text')
        .regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9, _ and -, and begin with a letter'),
      transport: z.enum(['undici', 'impit'], 'must be "undici" or "impit"').default('undici'),
      proxies: z
        .array(proxy, 'must be a list')
        .min(1, 'must not be empty; leave it out for a tier without a proxy')
        .max(MAX_PROXIES, `must have at most ${MAX_PROXIES} entries`)
        .optional(),
      country: country.optional(),
      concurrency_per_exit: positive(100_000).int('must be a whole number').optional(),
      rate_per_exit: positive(100_000).optional(),
      session_uses: positive(100_000).int('must be a whole number').optional(),
      session_minutes: positive(100_000).optional(),
      cost: positive(1_000_000).default(1),
      plans: z
        .array(z.enum(PLAN_NAMES, `must be one of ${PLAN_NAMES.join(', ')}`), 'must be a list of plans')
        .min(1, 'must not be empty; leave it out for every plan')
        .optional(),
      hedge: z.boolean('must be true or false').optional(),
    },
    unknownKey('a tier', [
      'name',
      'transport',
      'proxies',
      'country',
      'concurrency_per_exit',
      'rate_per_exit',
      'session_uses',
      'session_minutes',
      'cost',
      'plans',
      'hedge',
    ]),
  )
  .superRefine(({ proxies, country: one }, context) => {
    if (proxies !== undefined && one !== undefined) {
      const message = 'is for a tier without proxies; a proxy has its own "country"';
      context.addIssue({ code: 'custom', path: ['country'], message });
    }
    const seen = new Set<string>();
    for (const [i, { url }] of (proxies ?? []).entries()) {
      if (seen.has(url)) context.addIssue({ code: 'custom', path: ['proxies', i, 'url'], message: 'is there twice' });
      seen.add(url);
    }
  });

/** The tiers file, from the cheapest tier to the dearest. */
export const TIERS_FILE = z
  .strictObject(
    {
      tiers: z
        .array(tier, 'must be a list')
        .min(1, 'must have at least one tier')
        .max(MAX_TIERS, `must have at most ${MAX_TIERS} tiers`),
    },
    unknownKey('the file', ['tiers']),
  )
  .superRefine(({ tiers }, context) => {
    const issue = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    for (const [i, { name, cost }] of tiers.entries()) {
      const before = tiers.slice(0, i);
      if (before.some((other) => other.name === name)) issue(['tiers', i, 'name'], 'is the name of another tier too');
      if (before.some((other) => other.cost > cost))
        issue(['tiers', i, 'cost'], 'is less than that of a tier before it; tiers go from the cheapest to the dearest');
    }
    const left = PLAN_NAMES.filter((plan) => !tiers.some(({ plans }) => plans?.includes(plan) ?? true));
    if (tiers.length > 0 && left.length > 0)
      issue(['tiers'], `must have a tier for every plan; none is for ${left.join(', ')}`);
  });

export type TiersFile = z.infer<typeof TIERS_FILE>;
export type TierSettings = TiersFile['tiers'][number];

/** What zod says of something that is no object, or has keys that nobody reads. */
function unknownKey(what: string, keys: readonly string[]): { error: z.core.$ZodErrorMap } {
  return {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has unknown settings: ${issue.keys.join(', ')}; ${what} may have ${keys.join(', ')}`
        : 'must be an object',
  };
}
