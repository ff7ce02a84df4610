import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { lineOf, StoreSetupError } from '../errors.ts';
import { reasonIn } from './cluster.ts';
import type { ClusterPlan } from './cluster.ts';
import { PATIENCE } from './orphan.ts';
import { readPidFile, signal, until } from './processes.ts';
import { ENVIRONMENT, identity } from './user.ts';

export type ServerPlan = ClusterPlan & { logFile: string };
export type Running = { child: ChildProcess; port: number };

const LOG_LIMIT = 4_000_000;
const START_MS = 120_000; // Recovery after a crash replays up to max_wal_size.

/**
 * Starts PostgreSQL on loopback and resolves when it accepts connections.
 * @param port the port to listen on; 0 takes a free one.
 */
export async function startServer(plan: ServerPlan, port: number): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    const wanted = port || (await freePort());
    const before = sizeOf(plan.logFile);
    const child = spawnServer(plan, wanted);
    const failed = await Promise.race([once(child, 'error').then(([error]) => lineOf(error)), waitReady(plan, child)]);
    if (failed === null) return { child, port: wanted };
    const said = readFileSync(plan.logFile).subarray(before).toString();
    // Somebody else may take a free port between the look and the start.
    if (!port && attempt < 5 && said.includes('could not create any TCP/IP sockets')) continue;
    throw new StoreSetupError(`PostgreSQL did not start: ${failed || reasonIn(said)}. More in ${plan.logFile}.`);
  }
}

function spawnServer(plan: ServerPlan, port: number): ChildProcess {
  const log = openSync(plan.logFile, 'a', 0o600);
  try {
    return spawn(join(plan.native, 'bin', 'postgres'), serverArguments(plan, port), {
      ...identity(plan.user),
      cwd: dirname(plan.cluster),
      env: ENVIRONMENT,
      stdio: ['ignore', log, log],
      // A Ctrl-C in the terminal is for us: PostgreSQL must outlive the last request.
      detached: true,
      windowsHide: true,
    });
  } finally {
    closeSync(log);
  }
}

function serverArguments(plan: ServerPlan, port: number): string[] {
  const safe = plan.durable ? 'on' : 'off';
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    logging_collector: 'off',
    log_destination: 'stderr',
    fsync: safe,
    full_page_writes: safe,
    // With fsync off this still hands each commit to the system, so that the death of a process loses none.
    synchronous_commit: 'on',
  };
  return ['-D', plan.cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Null when ready, a reason when not ('' when the log knows it). */
async function waitReady(plan: ServerPlan, child: ChildProcess): Promise<string | null> {
  const ready = await until(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return true;
    const file = await readPidFile(plan.cluster);
    return file?.pid === child.pid && file?.ready === true;
  }, START_MS);
  if (child.exitCode !== null || child.signalCode !== null) return '';
  if (ready) return null;
  await stopServer(child);
  return `it was not ready after ${START_MS / 1000} s`;
}

/** Stops PostgreSQL: fast, then immediately, then by force, each for a bounded time. */
export async function stopServer(child: ChildProcess, patience = PATIENCE): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const steps = [
    ['SIGINT', patience.fast],
    ['SIGQUIT', patience.immediate],
    ['SIGKILL', patience.kill],
  ] as const;
  child.ref();
  for (const [name, ms] of steps) {
    if (ended()) return;
    signal(pid, name);
    await until(ended, ms);
  }
}

/** Keeps the log bounded: what is beyond the limit goes to `.1`, in place of what was there. The server goes on writing at the new end. */
export function trimLog(logFile: string): void {
  if (sizeOf(logFile) <= LOG_LIMIT) return;
  copyFileSync(logFile, `${logFile}.1`);
  truncateSync(logFile);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
