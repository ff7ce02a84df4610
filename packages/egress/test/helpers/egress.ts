import type { TestContext } from 'node:test';
import type { AttemptRecord, ProductTarget, Verdict } from '@asa/contract';
import {
  createEgress,
  createUndiciTransport,
  type Egress,
  type EgressOptions,
  type EgressPolicy,
  type Judge,
  type Tier,
} from '../../src/index.ts';

const POLICY: EgressPolicy = {
  maxAttempts: 5,
  budgetMs: 10_000,
  attemptTimeoutMs: 5000,
  maxBytes: 1024 * 1024,
  maxConcurrent: 100,
};

/** An egress with undici tiers of these names that never waits between attempts and ends with its test. */
export function openEgress(
  t: TestContext,
  policy: Partial<EgressPolicy> = {},
  options: Partial<Omit<EgressOptions, 'policy'>> = {},
  tierNames: readonly [string, ...string[]] = ['direct'],
): Egress {
  const transport = createUndiciTransport();
  const [first, ...others] = tierNames.map((name): Tier => ({ name, transport, exitCountries: null }));
  if (first === undefined) throw new Error('no tier');
  const egress = createEgress({
    tiers: [first, ...others],
    policy: { ...POLICY, ...policy },
    sleep: () => Promise.resolve(),
    ...options,
  });
  t.after(() => egress.close());
  return egress;
}

export const productAt = (url: string, more: Partial<ProductTarget> = {}): ProductTarget => ({
  kind: 'product',
  asin: 'B000000000',
  domain: 'de',
  language: 'de_DE',
  country: null,
  url,
  ...more,
});

/** Judges a page by its text, which is a verdict. */
export const byText: Judge<string> = async (fetched) => {
  const text = Buffer.from(fetched.body).toString();
  return { verdict: text as Verdict, result: text };
};

export const verdicts = (attempts: readonly AttemptRecord[]): Verdict[] => attempts.map(({ verdict }) => verdict);
