import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, lineOf, StoreInUseError, StoreSetupError } from '../errors.ts';
import { isRunning } from './processes.ts';

export type FolderLock = { release: () => void };

const SQLITE_BUSY = 5;
// Two that arrive in the same instant wait for each other this long before one of them is told that the folder is taken.
const CONTEST_MS = 300;

// A lock must not be lost to the garbage collector because its owner was.
const held = new Set<DatabaseSync>();

/**
 * Takes a folder for this process until `release` or the end of the process, however it ends.
 *
 * Node offers no file locks, but its SQLite takes them, on every system, from the kernel: the lock goes with the process at `kill -9`, is
 * not inherited by children, holds between containers that share a volume, and cannot be won by two. Nobody may open `asa.lock` by other
 * means in the process that holds it (POSIX drops a file's locks when any descriptor of it is closed), hence the pid's file of its own.
 * @throws StoreInUseError when another process (or another store of this process) holds the folder.
 */
export async function lockFolder(folder: string, contestMs = CONTEST_MS): Promise<FolderLock> {
  const pidFile = join(folder, 'asa.pid');
  let database: DatabaseSync | undefined;
  try {
    const lockFile = join(folder, 'asa.lock');
    makePrivate(lockFile);
    database = new DatabaseSync(lockFile, { timeout: contestMs });
    database.exec('BEGIN EXCLUSIVE');
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    database?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) {
      throw await inUse(folder, pidFile);
    }
    throw new StoreSetupError(
      `The data folder ${folder} cannot be locked (${lineOf(error)}). It must be writable by this user, on a disk that has file locks.`,
      { cause: error },
    );
  }
  const taken = database;
  held.add(taken);
  const release = (): void => {
    if (!held.delete(taken)) return;
    rmSync(pidFile, { force: true });
    taken.close();
  };
  return { release };
}

/** Others must not be able to lock it. An existing file is left alone: it may be locked. */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

async function inUse(folder: string, pidFile: string): Promise<StoreInUseError> {
  let pid: number | null = null;
  // The holder writes its pid just after it has won the lock.
  for (let round = 0; round < 20 && pid === null; round++) {
    pid = livePid(pidFile);
    if (pid === null) await sleep(10);
  }
  const who = pid === null ? 'another process' : `process ${pid}`;
  return new StoreInUseError(
    `The data folder ${folder} is in use by ${who}. Stop that server first, or give this one a data folder of its own (ASA_DATA_DIR).`,
    pid,
  );
}

/** The process in the file, if it lives. */
function livePid(pidFile: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    return pid > 0 && isRunning(pid) ? pid : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EACCES') return null;
    throw error;
  }
}
