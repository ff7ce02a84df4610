import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES, MARKETPLACES, type Domain, type Language, type ProductTarget } from '@asa/contract';
import { createEgress, createUndiciTransport, decodeBody, type Fetched } from '@asa/egress';
import { startOrigin } from '@asa/origin';
import { planProduct } from '@asa/scrape';

/** The language asked for really arrives: from the plan over the session to the page, in every language of every marketplace. */

const PAIRS = MARKETPLACES.flatMap(({ domain, languages }) =>
  languages.map((language): { domain: Domain; language: Language } => ({ domain, language })),
);

const languageOf = ({ body, contentEncoding }: Fetched): string | null => {
  const decoded = decodeBody(body, contentEncoding, 12_000_000);
  return decoded.ok ? (/<html[^>]* lang="([^"]+)"/.exec(Buffer.from(decoded.body).toString())?.[1] ?? null) : null;
};

test('a page comes in the language asked for, by the query and by the cookies alone', async (t) => {
  const origin = await startOrigin();
  t.after(() => origin.close());
  const transport = createUndiciTransport();
  const tiers = [{ name: 'direct', transport, exitCountries: null }] as const;
  const policy = {
    maxAttempts: 1,
    budgetMs: 30_000,
    attemptTimeoutMs: 30_000,
    maxBytes: 12_000_000,
    maxConcurrent: 10,
  };
  const egress = createEgress({ tiers, policy, rules: { pace: null } });
  t.after(() => egress.close());
  const languageAt = async (target: ProductTarget): Promise<string | null> => {
    const { outcome } = await egress.fetch({
      target,
      judge: async (fetched) => ({ verdict: 'product', result: languageOf(fetched) }),
    });
    return outcome.ok ? outcome.result : null;
  };
  for (const { domain, language } of PAIRS) {
    const wanted = LANGUAGES[language].tag.toLowerCase();
    const asin = 'B0LANGUAGE';
    const planned = planProduct({ asin, domain, language, country: null, add_html: false }, origin.urlTemplate);
    assert.equal(await languageAt(planned), wanted, `${domain} ${language} by the plan`);
    const url = `${origin.urlTemplate.replace('{domain}', domain)}/dp/${asin}`;
    assert.equal(await languageAt({ ...planned, url }), wanted, `${domain} ${language} by the cookies`);
  }
  const sent = origin.log().map(({ headers }) => headers);
  for (const headers of sent) {
    const cookie = headers['cookie'] ?? '';
    const language = /lc-(?:main|acb\w+)=(\w+)/.exec(cookie)?.[1] as Language | undefined;
    assert.ok(language !== undefined && /i18n-prefs=[A-Z]{3}/.test(cookie), cookie);
    assert.ok(headers['accept-language']?.startsWith(LANGUAGES[language].tag), 'the browser and its cookies agree');
  }
});
