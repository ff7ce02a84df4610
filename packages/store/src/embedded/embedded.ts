import { join } from 'node:path';
import { codeOf, lineOf, StoreError, StoreSetupError } from '../errors.ts';
import { copyNative, findNative, isComplete, listLinks, majorOf } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { lockFolder } from './lock.ts';
import type { FolderLock } from './lock.ts';
import { disarmPidFile, stopLeftovers } from './orphan.ts';
import { choosePlace, makeDataDir, OUTSIDE } from './place.ts';
import type { Place } from './place.ts';
import type { ServerPlan } from './server.ts';
import { supervise } from './supervise.ts';
import type { Embedded, Log } from './supervise.ts';
import { mayEnter, run } from './user.ts';
import type { ServerUser } from './user.ts';

export type EmbeddedOptions = {
  dataDir: string;
  log: Log;
  /** Folders for the database of a data folder that PostgreSQL's user may not enter, when we are root. */
  outside?: readonly string[];
  durable: boolean;
  seed?: string | null;
};
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
    const plan: ServerPlan = {
      ...(await chooseNative(place)),
      cluster: place.cluster,
      user: place.user,
      logFile: join(dataDir, 'postgres.log'),
      durable: options.durable,
      seed: options.seed ?? null,
    };
    const password = await ensureCluster(plan);
    return await supervise(plan, password, locks, options.log);
  } catch (error) {
    for (const lock of locks) lock.release();
    if (error instanceof StoreError) throw error;
    throw new StoreSetupError(`The database in ${dataDir} cannot be started: ${lineOf(error)}`, { cause: error });
  }
}

async function clearLeftovers(place: Place, log: Log): Promise<void> {
  const tell = (pids: number[]): void => {
    if (pids.length > 0) log('Stopped the PostgreSQL of an earlier run that did not end cleanly.', { pids });
  };
  tell(await stopLeftovers(place.cluster));
  await disarmPidFile(place.cluster, place.user);
  for (const folder of place.others) {
    try {
      const lock = await lockFolder(folder, 0);
      tell(await stopLeftovers(join(folder, 'postgres')).finally(lock.release));
    } catch (error) {
      // A server whose data folder was removed under it still runs there, or we cannot tell: it is not ours to stop.
      log(`Left ${folder} as it is.`, { reason: lineOf(error) });
    }
  }
}

/** PostgreSQL from where npm put it, if its user can run it there, and from a copy beside the data if not. */
async function chooseNative({ user, folder }: Place): Promise<{ native: string; major: string }> {
  const found = await findNative();
  const links = await listLinks(found);
  if (isComplete(found, links) && (!user || (await runsFrom(user, found.dir)))) {
    return { native: found.dir, major: await majorOf(found.dir, user) };
  }
  const native = await copyNative(found, links, folder);
  return { native, major: await majorOf(native, user) };
}

async function runsFrom(user: ServerUser, dir: string): Promise<boolean> {
  if (!(await mayEnter(user, join(dir, 'bin')))) return false;
  const options = { user, cwd: '/' };
  try {
    return (await run(join(dir, 'bin', 'initdb'), ['--version'], options)).code === 0;
  } catch (error) {
    if (codeOf(error) === 'EACCES') return false;
    throw error;
  }
}
