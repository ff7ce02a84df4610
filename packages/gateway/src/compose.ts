import { isAbsolute, join, resolve } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { createAccounts, openRedis } from '@asa/accounts';
import { isDomain, marketplace, SANDBOX_LIMITS } from '@asa/contract';
import { createEgress, createUndiciTransport, type Egress } from '@asa/egress';
import { batchEventBody, createJobs, createWebhooks } from '@asa/jobs';
import { startOrigin } from '@asa/origin';
import { createReaderPool, Flights, type PageOutcome } from '@asa/scrape';
import { openStore } from '@asa/store';
import { createTraces } from '@asa/traces';
import { buildApp } from './app.ts';
import { createItemRunner } from './batch/run-item.ts';
import { observeBatches } from './batch/metrics.ts';
import { atMost } from './bounded.ts';
import type { Config } from './config.ts';
import { buildDocs } from './docs/build.ts';
import { createDocs, DOCS_FOLDER } from './docs/docs.ts';
import { createDrain } from './drain.ts';
import { createDoubts } from './doubts.ts';
import { observeEgress } from './egress-metrics.ts';
import { firstRequest } from './greeting.ts';
import { createLog } from './log.ts';
import { observeRedis } from './redis-metrics.ts';
import { createReload, openLiveTiers, type Tiers } from './live-tiers.ts';
import { paymentProvider } from './payments.ts';
import { createMetrics } from './metrics.ts';
import { newRequestId } from './request-id.ts';
import { adminToken, makeDataDir, openReceipts, SECRET_FILES, writePrivate } from './secrets.ts';
import { createRejections } from './rejections.ts';
import type { Services } from './services.ts';
import { createShedding, watchPool } from './shedding.ts';
import { startTimers } from './timers.ts';

export interface Running {
  /** Where callers reach it, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly log: Logger;
  readonly services: Services;
  readonly adminTokenFile: string | null;
  /** The keys of the first start; null at any later one. */
  readonly firstStart: { readonly liveKey: string; readonly testKey: string } | null;
  /** Where they were written when there is no terminal to show them on. */
  readonly keysFile: string | null;
  /** Reads the tiers file again, when there is one; what is wrong with it is logged and changes nothing. */
  reload(): Promise<void>;
  /** Stops accepting, lets requests finish (bounded), releases, stops what was started. Idempotent. */
  close(): Promise<void>;
}

/** In-flight requests have this long to finish after a stop signal; then their connections are cut and their holds released. */
const DRAIN_MS = 20_000;
/** After the cut, requests have this long to release what they hold. */
const RELEASE_MS = 5000;
/** Nothing that is closed may hold up the rest longer than this. */
const CLOSE_MS = 10_000;
/** Bounds of the line in front of the reader threads (a longer wait is overload of ours: `capacity`), and of one reading. */
const READING = {
  maxWaiting: 2000,
  maxWaitingBytes: 512 * 1024 * 1024,
  maxWaitMs: 2_500,
  maxPatienceMs: 30_000,
  timeoutMs: 10_000,
} as const;
const MAX_DATABASE_WAIT_MS = 1000;
/** A page that would wait longer for a reader thread is not fetched. A real one takes two to three seconds to fetch. */
const MAX_READER_WAIT_MS = 1000;
/** A client that neither sends nor reads is given up this long after the longest wait for a page. */
const IDLE_SOCKET_MS = 60_000;
/** Upstream requests that may run at once in one process. */
const MAX_UPSTREAM = 2000;

export interface StartOptions {
  /** A person is watching: readable logs, and the keys of the first start are shown instead of written to a file. */
  readonly isTerminal: boolean;
  /** How long requests in flight may go on after a stop, in ms. */
  readonly drainMs?: number;
  /** Build the documentation beside the server when it is missing or stale. */
  readonly buildDocs?: boolean;
}

/** Starts everything in order; what was started is closed again when a later step fails. */
export async function start(
  config: Config,
  { isTerminal, drainMs = DRAIN_MS, ...options }: StartOptions,
): Promise<Running> {
  const dataDir = isAbsolute(config.dataDir) ? config.dataDir : resolve(config.dataDir);
  const log = createLog(config.logLevel, isTerminal);
  const logLine =
    (room: string): LogLine =>
    (message, fields = {}) =>
      log.info({ room, ...fields }, message);
  const closers: (() => unknown)[] = [];
  // One that fails or hangs is told, and the rest is closed all the same: above all the database, which is the first started.
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) {
      const closed = Promise.resolve()
        .then(close)
        .catch((error: unknown) => log.error({ err: error }, 'a part could not be closed'));
      if ((await atMost(DRAIN_MS + RELEASE_MS + CLOSE_MS, closed)).in === 'vain')
        log.error('a part took too long to close');
    }
  };
  let closing: Promise<void> | null = null;
  try {
    // Before anything is started: a wrong file is told at once.
    const tiers = await openLiveTiers(config.egressFile);
    await makeDataDir(dataDir);
    const admin = await adminToken(config.adminToken, dataDir);
    const store = await openStore({
      databaseUrl: config.databaseUrl,
      dataDir,
      log: logLine('store'),
    });
    closers.push(() => store.close());
    const now = (): number => Date.now();
    const redis = config.redisUrl === null ? null : await openRedis({ url: config.redisUrl, log: logLine('redis') });
    closers.push(() => redis?.close());
    const accounts = createAccounts({
      store,
      redis,
      now,
      log: logLine('accounts'),
      receiptPassphrase: config.receiptPassphrase,
      // Only called once everything stands: alerts come of requests.
      onAlert: (workspaceId, alert) =>
        services.webhooks.alerts.send({ workspaceId, event: 'budget.reached', subject: alert.id, payload: { alert } }),
      provider: paymentProvider(config, store, now, (body, headers) => accounts.topUps.webhook(body, headers)),
    });
    closers.push(() => accounts.close());
    const traces = createTraces({ store, now, log: logLine('traces') });
    closers.push(() => traces.close());
    await openReceipts(accounts.receipts);
    const released = await accounts.ledger.sweep();
    if (released > 0) log.info({ released }, 'holds of a dead process were released');

    const origin = await startOrigin({});
    closers.push(() => origin.close());
    const live = liveEgress(config, tiers, logLine('egress'));
    closers.push(() => live.close());
    const test = sandboxEgress(config, logLine('egress'));
    closers.push(() => test.close());
    const pool = createReaderPool({
      threads: config.extractThreads,
      ...READING,
      onError: (message) => log.error({ room: 'scrape', message }, 'the reader threads reported an error'),
    });
    closers.push(() => pool.close());

    const poolLoad = watchPool(store.pool);
    closers.push(() => poolLoad.close());
    const shedding = createShedding({
      maxInflight: config.maxInflight,
      storeReady: () => store.isAlive(),
      waits: [
        { what: 'the database', ms: poolLoad.waitMs, mostMs: MAX_DATABASE_WAIT_MS },
        { what: 'a reader thread', ms: pool.backlog.waitMs, mostMs: MAX_READER_WAIT_MS },
      ],
    });
    closers.push(() => shedding.close());
    const metrics = createMetrics(shedding.inFlight);
    observeRedis(metrics.registry, redis);
    const flights = new Flights<PageOutcome>();
    observeEgress(metrics.registry, live, flights);
    const doubts = createDoubts(accounts, log);
    let url = config.publicUrl ?? '';
    const building = options.buildDocs === true ? buildDocs(log) : null;
    closers.push(() => building?.stop());
    const webhooks = createWebhooks({
      store,
      policy: { allowPrivate: config.webhookAllowPrivate },
      bodyOf: (event) => batchEventBody(store, event, (id) => `${url}/api/v1/amazon/batch/${id}/results`),
      now,
      log: logLine('webhooks'),
    });
    closers.push(() => webhooks.close());
    const services: Services = {
      log,
      store,
      accounts,
      redis,
      traces,
      metrics,
      shedding,
      rejections: createRejections({ now, onUnrecorded: () => metrics.unrecordedRejection() }),
      doubts,
      docs: createDocs({ folder: DOCS_FOLDER, publicUrl: () => url, building: building?.done ?? Promise.resolve() }),
      now,
      newRequestId,
      webhooks,
      jobs: createJobs({
        store,
        runner: createItemRunner(() => services),
        hooks: webhooks.batches,
        concurrency: config.batchConcurrency,
        mayStart: () => shedding.reason() === null,
        newRequestId,
        now,
        log: logLine('jobs'),
      }),
      scrape: {
        pool,
        now,
        maxPageBytes: config.maxPageBytes,
        onBug(pageUrl, stack) {
          metrics.extractorBug();
          log.error({ url: pageUrl, stack }, 'an exception inside the extractor');
        },
      },
      sources: {
        live: {
          egress: live,
          template: config.originUrl,
          budgetMs: config.upstreamTimeoutMs,
          flights,
          shown: (page) => page,
        },
        test: {
          egress: test,
          template: origin.urlTemplate,
          budgetMs: SANDBOX_LIMITS.budgetMs,
          shown: (page) => sandboxAddress(page, origin.url),
        },
      },
      adminToken: admin.token,
      securityContact: config.securityContact,
      publicUrl: () => url,
    };
    observeBatches(metrics.registry, services.jobs);
    const drain = createDrain();
    const app = buildApp(services, {
      trustProxy: config.trustProxy,
      connectionTimeoutMs: config.upstreamTimeoutMs + IDLE_SOCKET_MS,
      drain,
    });
    closers.push(startTimers(services, config.retentionDays));

    await app.listen({ host: config.host, port: config.port });
    const { port } = app.server.address() as AddressInfo;
    if (url === '') url = `http://localhost:${port}`;
    services.jobs.start();
    webhooks.start();
    closers.push(async () => {
      shedding.startDraining();
      const worked = services.jobs.close(drainMs);
      const closed = app.close();
      // What is left when no request is being served are half-sent ones and connections that say nothing.
      await atMost(drainMs, drain.idle());
      app.server.closeAllConnections();
      await closed;
      // The sockets are closed; the requests behind them may still be releasing what they hold.
      await atMost(RELEASE_MS, drain.idle());
      await worked;
      await atMost(RELEASE_MS, doubts.settle());
    });

    const firstStart = await accounts.ensureDefault();
    let keysFile: string | null = null;
    if (firstStart !== null && !isTerminal) {
      keysFile = join(dataDir, SECRET_FILES.firstKeys);
      const { liveKey, testKey } = firstStart;
      await writePrivate(
        keysFile,
        `${JSON.stringify({ live_key: liveKey, test_key: testKey, try: firstRequest(url, testKey) }, null, 2)}\n`,
      );
      log.info({ file: keysFile }, 'first start: the keys were written to a file');
    }
    log.info({ host: config.host, port, data: dataDir }, 'listening');
    return {
      url,
      port,
      dataDir,
      log,
      services,
      adminTokenFile: admin.file,
      firstStart,
      keysFile,
      reload: createReload({ file: config.egressFile, egress: live, log }),
      close: () => (closing ??= closeAll()),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The sandbox plays the marketplace: its pages are shown under the marketplace's address, the same on every start. */
function sandboxAddress(url: string, originUrl: string): string {
  if (!url.startsWith(`${originUrl}/`)) return url;
  const [domain = '', ...path] = url.slice(originUrl.length + 1).split('/');
  return isDomain(domain) ? `https://${marketplace(domain).host}/${path.join('/')}` : url;
}

type LogLine = (message: string, fields?: object) => void;

function liveEgress(config: Config, tiers: Tiers, log: LogLine): Egress {
  return createEgress({
    log,
    tiers,
    policy: {
      maxAttempts: config.maxAttempts,
      budgetMs: config.upstreamTimeoutMs,
      attemptTimeoutMs: config.attemptTimeoutMs,
      maxBytes: config.maxPageBytes,
      maxConcurrent: MAX_UPSTREAM,
    },
  });
}

/** The sandbox's pages come from the built-in origin, with limits of its own, so that an outcome does not depend on the settings. */
function sandboxEgress(config: Config, log: LogLine): Egress {
  return createEgress({
    log,
    // The blocks that it plays are asked for: nobody else's requests wait because of them.
    rules: { pace: null },
    tiers: [
      {
        name: 'sandbox',
        transport: createUndiciTransport(),
        exitCountries: 'any',
        headersFor: (attempt) => ({ 'asa-attempt': String(attempt) }),
      },
    ],
    policy: {
      maxAttempts: SANDBOX_LIMITS.maxAttempts,
      budgetMs: SANDBOX_LIMITS.budgetMs,
      attemptTimeoutMs: SANDBOX_LIMITS.attemptTimeoutMs,
      maxBytes: config.maxPageBytes,
      maxConcurrent: MAX_UPSTREAM,
    },
  });
}
