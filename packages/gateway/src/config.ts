import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { TEST_PAYMENTS, type TestPayments } from '@asa/accounts';

/** One setting: how its text is read, its environment variable, what it does. The README table and `.env.example` come from these rows. */
interface Setting<T> {
  readonly env: string;
  readonly about: string;
  /** As shown in documents. */
  readonly shown: string;
  readonly schema: z.ZodType<T, string | undefined>;
}

const setting = <T>(
  schema: z.ZodType<T, string | undefined>,
  env: string,
  shown: string,
  about: string,
): Setting<T> => ({ schema, env, shown, about });

/** An empty variable counts as unset, as in an `.env` file with `NAME=`. */
const text = <F extends string | null>(fallback: F) =>
  z
    .string()
    .optional()
    .transform((value): string | F => (value === undefined || value === '' ? fallback : value));

const integer = (fallback: number, min: number, max: number) =>
  text(String(fallback)).transform((value, context): number => {
    const number = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    context.issues.push({ code: 'custom', input: value, message: `is not a whole number from ${min} to ${max}` });
    return z.NEVER;
  });

const flag = (fallback: boolean) =>
  text(String(fallback)).transform((value, context): boolean => {
    if (value === 'true' || value === '1') return true;
    if (value === 'false' || value === '0') return false;
    context.issues.push({ code: 'custom', input: value, message: 'is not one of true, false, 1, 0' });
    return z.NEVER;
  });

const oneOf = <T extends string>(fallback: T, values: readonly T[]) =>
  text(fallback).transform((value, context): T => {
    const found = values.find((v) => v === value);
    if (found !== undefined) return found;
    context.issues.push({ code: 'custom', input: value, message: `is not one of ${values.join(', ')}` });
    return z.NEVER;
  });

const httpUrl = (value: string): boolean => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

/** A text of a certain form, or null. What is wrong may be a secret, so the problem does not carry it. */
const optional = (isRight: (value: string) => boolean, message: string) =>
  text(null).transform((value, context): string | null => {
    if (value === null || isRight(value)) return value;
    context.issues.push({ code: 'custom', input: 'a text', message });
    return z.NEVER;
  });

const optionalUrl = () =>
  optional(httpUrl, 'is not an http or https URL').transform((url) => url?.replace(/\/+$/, '') ?? null);

const originTemplate = (fallback: string) =>
  text(fallback).transform((template, context): string => {
    if (template.includes('{domain}') && httpUrl(template.replaceAll('{domain}', 'com')))
      return template.replace(/\/+$/, '');
    context.issues.push({
      code: 'custom',
      input: template,
      message: 'is not an http or https URL with {domain} in it',
    });
    return z.NEVER;
  });

const postgresUrl = () =>
  optional((value) => /^postgres(?:ql)?:\/\//.test(value), 'is not a postgres:// or postgresql:// URL');

const redisUrl = () =>
  optional((value) => /^rediss?:\/\//.test(value) && URL.canParse(value), 'is not a redis:// or rediss:// URL');

const adminToken = () =>
  optional((value) => /^[\x21-\x7e]{16,256}$/.test(value), 'is not 16 to 256 printable characters without spaces');

const contact = () =>
  optional(
    (value) => URL.canParse(value) && /^(?:mailto:[^@\s]+@\S+|https:\/\/\S+)$/.test(value),
    'is not a mailto: or https: address',
  );

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every setting of the server, once. */
export const SETTINGS = {
  host: setting(text('127.0.0.1'), 'ASA_HOST', '127.0.0.1', 'Address to listen on.'),
  port: setting(integer(8080, 0, 65_535), 'ASA_PORT', '8080', 'Port to listen on; 0 takes any free one.'),
  publicUrl: setting(
    optionalUrl(),
    'ASA_PUBLIC_URL',
    'http://localhost:<port>',
    'How callers reach the service; used in `docs_url`.',
  ),
  trustProxy: setting(
    flag(false),
    'ASA_TRUST_PROXY',
    'false',
    'Believe `X-Forwarded-For` of a reverse proxy in front.',
  ),
  dataDir: setting(
    text('./.asa'),
    'ASA_DATA_DIR',
    './.asa',
    'Folder for the embedded database and the secrets made at the first start.',
  ),
  databaseUrl: setting(
    postgresUrl(),
    'DATABASE_URL',
    '(embedded)',
    'PostgreSQL to use; unset: the server runs its own in the data folder.',
  ),
  redisUrl: setting(
    redisUrl(),
    'REDIS_URL',
    '(one node)',
    'Redis or Valkey through which several nodes share rate, concurrency and revocations; unset: each node counts for itself.',
  ),
  adminToken: setting(
    adminToken(),
    'ASA_ADMIN_TOKEN',
    '(made at first start)',
    'Token of the admin API; unset: made once and kept in the data folder, mode 0600.',
  ),
  receiptPassphrase: setting(
    text(null),
    'ASA_RECEIPT_PASSPHRASE',
    '(none)',
    'Encrypts the private key for receipts in the database; the same on every node. Unset: stored as it is.',
  ),
  paymentProvider: setting(
    oneOf('none', ['none', 'test']),
    'ASA_PAYMENT_PROVIDER',
    'none',
    'Who takes the money for automatic top-ups: `none` (they are refused) or `test` (no real money).',
  ),
  testPayments: setting(
    oneOf('succeed', Object.keys(TEST_PAYMENTS) as TestPayments[]),
    'ASA_TEST_PAYMENTS',
    'succeed',
    `What the provider \`test\` does: ${Object.entries(TEST_PAYMENTS)
      .map(([name, does]) => `\`${name}\` ${does}`)
      .join('; ')}.`,
  ),
  paymentWebhookSecret: setting(
    text(null),
    'ASA_PAYMENT_WEBHOOK_SECRET',
    '(none)',
    "What the provider's webhooks (`POST /webhooks/payments/<provider>`) are signed with. Unset: none is believed.",
  ),
  originUrl: setting(
    originTemplate('https://www.amazon.{domain}'),
    'ASA_ORIGIN_URL',
    'https://www.amazon.{domain}',
    'Where pages come from, with `{domain}` in it.',
  ),
  egressFile: setting(
    text(null),
    'ASA_EGRESS_FILE',
    '(direct)',
    'Tiers and proxies, a JSON file; read again on SIGHUP. Unset: no proxy. See `packages/egress/README.md`.',
  ),
  upstreamTimeoutMs: setting(
    integer(45_000, 100, 600_000),
    'ASA_UPSTREAM_TIMEOUT_MS',
    '45000',
    'Budget for all upstream work of one request.',
  ),
  attemptTimeoutMs: setting(integer(15_000, 50, 600_000), 'ASA_ATTEMPT_TIMEOUT_MS', '15000', 'Time of one attempt.'),
  maxAttempts: setting(integer(5, 1, 20), 'ASA_MAX_ATTEMPTS', '5', 'Attempts for one page.'),
  maxPageBytes: setting(
    integer(12 * 1024 * 1024, 64 * 1024, 256 * 1024 * 1024),
    'ASA_MAX_PAGE_BYTES',
    '12582912',
    'Largest page, as received and decoded.',
  ),
  maxInflight: setting(
    integer(2000, 1, 100_000),
    'ASA_MAX_INFLIGHT',
    '2000',
    'Product and search requests in flight before load is shed with `capacity`.',
  ),
  extractThreads: setting(
    integer(availableParallelism(), 1, 256),
    'ASA_EXTRACT_THREADS',
    '(cores)',
    'Worker threads that read pages.',
  ),
  batchConcurrency: setting(
    integer(64, 1, 10_000),
    'ASA_BATCH_CONCURRENCY',
    '64',
    'Items of batches that this process has at work at once, beside the requests that somebody waits for.',
  ),
  webhookAllowPrivate: setting(
    flag(false),
    'ASA_WEBHOOK_ALLOW_PRIVATE',
    'false',
    'Lets webhooks go to private addresses, to any port and over plain http: for those who host the service for themselves.',
  ),
  retentionDays: setting(
    integer(30, 7, 3650),
    'ASA_RETENTION_DAYS',
    '30',
    'Days that request traces are kept, batches with their results after their end, and what was sent of alerts.',
  ),
  securityContact: setting(
    contact(),
    'ASA_SECURITY_CONTACT',
    '(a page of the docs)',
    'Where weaknesses of your installation are reported: a `mailto:` or `https:` address for `/.well-known/security.txt`.',
  ),
  logLevel: setting(
    oneOf('info', LOG_LEVELS),
    'ASA_LOG_LEVEL',
    'info',
    'fatal, error, warn, info, debug, trace or silent.',
  ),
} as const;

export type Config = {
  readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never;
};

/** Variables of the clients, which a shell often has beside those of the service. */
const CLIENTS: readonly string[] = ['ASA_API_KEY', 'ASA_BASE_URL', 'ASA_WEBHOOK_SECRET'];

/** Names that look like settings and are none: nobody reads them, so a typing mistake would go unnoticed. */
export function misspeltNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set<string>([...Object.values(SETTINGS).map((one) => one.env), ...CLIENTS]);
  return Object.keys(env)
    .filter((name) => name.startsWith('ASA_') && !known.has(name))
    .toSorted();
}

/** Settings that are wrong, one line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads every setting and reports all problems together. Pure: the environment is an argument. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, { schema, env: name }] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const result = schema.safeParse(env[name]);
    if (result.success) values[key] = result.data;
    else for (const issue of result.error.issues) problems.push(`${name}=${shown(name, env[name])} ${issue.message}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values as unknown as Config;
}

/** A secret is never repeated, not even in an error. */
const shown = (name: string, value: string | undefined): string =>
  /TOKEN|PASSPHRASE|SECRET|DATABASE_URL|REDIS_URL/.test(name) ? '***' : JSON.stringify(value ?? '');
