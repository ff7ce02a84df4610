import { setTimeout as sleep } from 'node:timers/promises';
import { lineOf } from '../errors.ts';
import { SUPERUSER } from './cluster.ts';
import type { FolderLock } from './lock.ts';
import { stopLeftovers } from './orphan.ts';
import { signal } from './processes.ts';
import { startServer, stopServer, trimLog } from './server.ts';
import type { Running, ServerPlan } from './server.ts';

export type Log = (message: string, fields?: object) => void;
export type Embedded = {
  /** How to log in; the database `postgres` always exists. */
  url: (database: string) => string;
  isRunning: () => boolean;
  /** PostgreSQL's head process, while it runs. */
  pid: () => number | undefined;
  cluster: string;
  /** Stops PostgreSQL and gives the folder free. May be called again. */
  stop: () => Promise<void>;
};

const PAUSES_MS = [50, 500, 1_000, 2_000, 4_000, 8_000];
const WINDOW_MS = 120_000;
const TRIM_MS = 60_000;

/**
 * How long to wait before the next start of a PostgreSQL that ended by itself, in ms; null when it has failed too often to go on.
 * @param failures when it failed (ended, or did not start), this time included; only those of the last two minutes count.
 */
export function restartPause(failures: readonly number[], now: number): number | null {
  const recent = failures.filter((time) => now - time < WINDOW_MS).length;
  return PAUSES_MS[recent - 1] ?? null;
}

/** Starts PostgreSQL and, until `stop`, starts it again on the same port when it ends by itself. */
export async function supervise(plan: ServerPlan, password: string, locks: FolderLock[], log: Log): Promise<Embedded> {
  trimLog(plan.logFile);
  const first = await startServer(plan, 0);
  let running: Running | null = null;
  let restarting: Promise<void> | null = null;
  let stopping: Promise<void> | null = null;
  const failures: number[] = [];
  const stopped = new AbortController();

  const adopt = (server: Running): void => {
    running = server;
    server.child.unref();
    server.child.once('exit', (code, signalName) => {
      running = null;
      if (stopped.signal.aborted) return;
      log('PostgreSQL ended unexpectedly.', { code, signal: signalName });
      restarting = restart();
    });
  };
  const restart = async (): Promise<void> => {
    for (;;) {
      failures.push(performance.now());
      const pause = restartPause(failures, performance.now());
      if (pause === null) return log('PostgreSQL ended too often and is not started again.');
      try {
        await sleep(pause, undefined, { ref: false, signal: stopped.signal });
        await stopLeftovers(plan.cluster);
        adopt(await startServer(plan, first.port));
        return log('PostgreSQL runs again.');
      } catch (error) {
        if (stopped.signal.aborted) return;
        log('PostgreSQL did not start again.', { error: lineOf(error) });
      }
    }
  };

  adopt(first);
  // If the process ends without `stop`, PostgreSQL still ends in good order.
  const lastCall = (): void => {
    const pid = running?.child.pid;
    if (pid !== undefined) signal(pid, 'SIGINT');
  };
  process.once('exit', lastCall);
  const trimming = setInterval(() => trimLog(plan.logFile), TRIM_MS).unref();

  const stop = async (): Promise<void> => {
    stopped.abort();
    clearInterval(trimming);
    await restarting;
    if (running) await stopServer(running.child);
    process.off('exit', lastCall);
    for (const lock of locks) lock.release();
  };
  return {
    url: (database) => `postgres://${SUPERUSER}:${password}@127.0.0.1:${first.port}/${database}`,
    isRunning: () => running !== null,
    pid: () => running?.child.pid,
    cluster: plan.cluster,
    stop: () => (stopping ??= stop()),
  };
}
