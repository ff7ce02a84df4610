import type { Services } from './services.ts';

const DOUBTS_EVERY_MS = 2000;
const SWEEP_EVERY_MS = 5000;
const MONEY_EVERY_MS = 10_000;
const RECEIPT_KEY_EVERY_MS = 30_000;
const RETENTION_EVERY_MS = 3_600_000;

/** The periodic work of a server. Answers the function that stops it and waits for what is under way. */
export function startTimers(services: Services, retentionDays: number): () => Promise<void> {
  const { log, doubts, accounts, traces, jobs, webhooks } = services;
  const stops = [
    every(DOUBTS_EVERY_MS, services, 'doubts', async () => {
      if (doubts.size() > 0) await doubts.settle();
    }),
    every(SWEEP_EVERY_MS, services, 'sweep', async () => {
      const released = await accounts.ledger.sweep();
      if (released > 0) log.info({ released }, 'holds of a dead process were released');
    }),
    every(MONEY_EVERY_MS, services, 'money', async () => {
      const ended = await accounts.topUps.recover();
      if (ended > 0) log.info({ ended }, 'top-ups that were open ended');
      await accounts.budgets.sweep();
      await accounts.alerts.deliver();
    }),
    every(RECEIPT_KEY_EVERY_MS, services, 'receipt key', () => accounts.receipts.refresh()),
    every(
      RETENTION_EVERY_MS,
      services,
      'retention',
      async () => {
        log.info({ deleted: await traces.retention({ days: retentionDays }) }, 'old traces were deleted');
        await accounts.usage.purge();
        log.info({ deleted: await jobs.purge(retentionDays) }, 'old batches were deleted');
        log.info({ deleted: await webhooks.alerts.purge(retentionDays) }, 'old deliveries of alerts were deleted');
        await accounts.reconciliation.purge();
      },
      { atOnce: true },
    ),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** Runs a job again and again, never twice at once. A failure is logged and the next round tries again. */
function every(
  ms: number,
  { log }: Services,
  job: string,
  work: () => Promise<void>,
  { atOnce = false } = {},
): () => Promise<void> {
  let running: Promise<void> | null = null;
  const round = (): void => {
    running ??= work()
      .catch((error: unknown) => log.error({ err: error, job }, 'a periodic job failed'))
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(round, ms);
  timer.unref();
  // A server that is restarted more often than the job is due must do it all the same.
  if (atOnce) round();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
