import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreSetupError, lineOf, StoreError } from '../errors.ts';
import { copyNative, findNative, isComplete, listLinks } from './binaries.ts';
import { ensureCluster, SUPERUSER } from './cluster.ts';
import { lockFolder } from './lock.ts';
import type { FolderLock } from './lock.ts';
import { disarmPidFile, stopLeftovers } from './orphan.ts';
import { choosePlace, makeDataDir, OUTSIDE } from './place.ts';
import type { Place } from './place.ts';
import { signal } from './processes.ts';
import { startServer, stopServer, trimLog } from './server.ts';
import type { Running, ServerPlan } from './server.ts';
import { run } from './user.ts';

export type Log = (message: string, fields?: object) => void;
export type EmbeddedOptions = {
  dataDir: string;
  log: Log;
  /** Folders for the database of a data folder that PostgreSQL's user may not enter, when we are root. */
  outside?: readonly string[];
  durable?: boolean;
};
export type Embedded = {
  /** How to log in; the database `postgres` always exists. */
  url: (database: string) => string;
  isRunning: () => boolean;
  pid: () => number | undefined;
  cluster: string;
  stop: () => Promise<void>;
};

// An unexpected end is answered by a new start after these pauses, in ms.
const RESTART_MS = [50, 500, 1_000, 2_000, 4_000, 8_000];
const TRIM_MS = 60_000;

/**
 * Starts the PostgreSQL of a data folder, making folder and database if need be, and keeps it running until `stop`.
 * @throws StoreInUseError when another process holds the folder; StoreSetupError with what to do for all else.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = await makeDataDir(options.dataDir);
  const locks: FolderLock[] = [await lockFolder(dataDir)];
  try {
    const place = await choosePlace(dataDir, options.outside ?? OUTSIDE, options.log);
    // Two data folders may come to mean one database (a moved and a copied one); the database has its own lock then.
    if (place.folder !== dataDir) locks.push(await lockFolder(place.folder));
    await clearLeftovers(place, options.log);
    const native = await chooseNative(place);
    const password = await ensureCluster(native, place.cluster, place.user);
    const plan: ServerPlan = {
      native,
      cluster: place.cluster,
      user: place.user,
      logFile: join(dataDir, 'postgres.log'),
      durable: options.durable ?? true,
    };
    return await supervise(plan, password, locks, options.log);
  } catch (error) {
    for (const lock of locks) lock.release();
    if (error instanceof StoreError) throw error;
    throw new StoreSetupError(`The database in ${dataDir} cannot be started: ${lineOf(error)}`, { cause: error });
  }
}

async function clearLeftovers(place: Place, log: Log): Promise<void> {
  for (const cluster of [place.cluster, ...place.others.map((folder) => join(folder, 'postgres'))]) {
    const stopped = await stopLeftovers(cluster);
    if (stopped.length > 0)
      log('Stopped the PostgreSQL of an earlier run that did not end cleanly.', { pids: stopped });
  }
  await disarmPidFile(place.cluster, place.user);
}

/** Runs PostgreSQL where npm put it if its user can, and from a copy beside the data if not. */
async function chooseNative(place: Place): Promise<string> {
  const native = await findNative();
  const links = await listLinks(native);
  if (isComplete(native, links) && (await runsFrom(native.dir, place))) return native.dir;
  return await copyNative(native, links, place.folder);
}

async function runsFrom(dir: string, place: Place): Promise<boolean> {
  if (!place.user) return true;
  const options = { user: place.user, cwd: place.folder };
  try {
    const { code } = await run(join(dir, 'bin', 'initdb'), ['--version'], options);
    return code === 0;
  } catch {
    return false; // The folders above it are closed to that user: the copy is the answer.
  }
}

async function supervise(plan: ServerPlan, password: string, locks: FolderLock[], log: Log): Promise<Embedded> {
  trimLog(plan.logFile);
  let running: Running | null = await startServer(plan, 0);
  const { port } = running;
  let stopping: Promise<void> | null = null;
  let restarting: Promise<void> | null = null;

  const watch = (server: Running): void => {
    server.child.unref();
    server.child.once('exit', (code, signalName) => {
      running = null;
      if (stopping) return;
      log('PostgreSQL ended unexpectedly; starting it again.', { code, signal: signalName });
      restarting = restart().finally(() => (restarting = null));
    });
  };
  const restart = async (): Promise<void> => {
    for (const pause of RESTART_MS) {
      await sleep(pause, undefined, { ref: false });
      if (stopping) return;
      try {
        await stopLeftovers(plan.cluster);
        running = await startServer(plan, port);
        watch(running);
        log('PostgreSQL runs again.');
        return;
      } catch (error) {
        log('PostgreSQL did not start again.', { error: lineOf(error) });
      }
    }
    log('PostgreSQL is given up; the store stays down.');
  };

  // If the process ends without `stop`, PostgreSQL still ends in good order.
  const lastCall = (): void => {
    const pid = running?.child.pid;
    if (pid !== undefined) signal(pid, 'SIGINT');
  };
  process.once('exit', lastCall);
  const trimming = setInterval(() => trimLog(plan.logFile), TRIM_MS).unref();
  watch(running);

  const stop = async (): Promise<void> => {
    clearInterval(trimming);
    await restarting;
    const server = running;
    if (server) await stopServer(server.child);
    process.off('exit', lastCall);
    for (const lock of locks) lock.release();
  };
  return {
    url: (database) => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`,
    isRunning: () => running !== null,
    pid: () => running?.child.pid,
    cluster: plan.cluster,
    stop: () => (stopping ??= stop()),
  };
}
