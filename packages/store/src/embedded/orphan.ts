import { randomBytes } from 'node:crypto';
import { chown, rename, writeFile } from 'node:fs/promises';
import { StoreSetupError } from '../errors.ts';
import { clusterProcesses, isRunning, readPidFile, signal, until } from './processes.ts';
import type { ServerUser } from './user.ts';

/** How long each way of stopping a PostgreSQL is given, in ms: fast (ends transactions, writes all), immediate (recovery at the next start). */
export const PATIENCE = { fast: 20_000, immediate: 5_000, kill: 5_000 };

/**
 * Stops whatever PostgreSQL an earlier run left behind on this cluster. Only for the holder of the folder's lock: then nobody can need it.
 * @returns the processes stopped.
 */
export async function stopLeftovers(cluster: string, patience = PATIENCE): Promise<number[]> {
  const found = await clusterProcesses(cluster);
  if (found.length === 0) return [];
  const head = (await readPidFile(cluster))?.pid;
  const gone = async (): Promise<boolean> => (await clusterProcesses(cluster, found)).length === 0;
  if (head !== undefined && found.includes(head)) {
    signal(head, 'SIGINT');
    if (await until(gone, patience.fast)) return found;
    signal(head, 'SIGQUIT');
    if (await until(gone, patience.immediate)) return found;
  }
  // Workers whose head is dead end by themselves when idle; a busy one would write into the data under its successor's hands.
  const killed = await until(async () => {
    const left = await clusterProcesses(cluster);
    for (const pid of left) signal(pid, 'SIGKILL');
    return left.length === 0;
  }, patience.kill);
  if (!killed) {
    const left = (await clusterProcesses(cluster)).join(', ');
    throw new StoreSetupError(
      `A PostgreSQL of an earlier run still works on ${cluster} and cannot be stopped (process ${left}).`,
    );
  }
  return found;
}

/**
 * When the number in a leftover `postmaster.pid` has since gone to a stranger, PostgreSQL would take the stranger for a running server and
 * refuse to start. The file must not simply go: PostgreSQL also reads from it whether old workers still hold the shared memory. It ignores
 * its own parent's number, so that is put in.
 */
export async function disarmPidFile(cluster: string, user: ServerUser | null): Promise<boolean> {
  const file = await readPidFile(cluster);
  if (!file || file.pid === process.pid || !isRunning(file.pid)) return false;
  const half = `${cluster}/.${randomBytes(4).toString('hex')}.half`;
  await writeFile(half, file.text.replace(/^-?\d+/, String(process.pid)), { mode: 0o600, flag: 'wx' });
  if (user) await chown(half, user.uid, user.gid);
  await rename(half, `${cluster}/postmaster.pid`);
  return true;
}
