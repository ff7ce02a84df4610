import { readFile, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../errors.ts';
import { run } from './user.ts';

/** What a running PostgreSQL writes into its data: who it is, and whether it is ready. */
export type PidFile = { pid: number; port: number; ready: boolean; text: string };

/** Reads `postmaster.pid`; null when there is none. */
export async function readPidFile(cluster: string): Promise<PidFile | null> {
  try {
    const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
    const lines = text.split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready', text };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Whether a process lives (a zombie does too). */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * The PostgreSQL processes that work on this cluster, whoever started them. A process counts by what it is, never by its number alone, which
 * may have gone to a stranger since. Every PostgreSQL process has the cluster as its working directory, which Linux shows; elsewhere only
 * the head process is found, by its command line.
 * @param among looks at these only.
 */
export async function clusterProcesses(cluster: string, among?: readonly number[]): Promise<number[]> {
  if (process.platform === 'linux') {
    const pids = among?.map(String) ?? (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const found = await Promise.all(pids.map(async (pid) => ((await worksOn(pid, cluster)) ? Number(pid) : 0)));
    return found.filter((pid) => pid > 0);
  }
  const file = await readPidFile(cluster);
  if (!file || process.platform === 'win32') return [];
  const { output } = await run('/bin/ps', ['-o', 'command=', '-p', String(file.pid)], { user: null, cwd: '/' });
  return output.includes('postgres') && output.includes(cluster) ? [file.pid] : [];
}

async function worksOn(pid: string, cluster: string): Promise<boolean> {
  try {
    if ((await readlink(`/proc/${pid}/cwd`)) !== cluster) return false;
    return /\/postgres(?: \(deleted\))?$/.test(await readlink(`/proc/${pid}/exe`));
  } catch (error) {
    // In a container root often may not look into other users' processes; the command line of the head process is open to all.
    return codeOf(error) === 'EACCES' && isServerCommand(await commandOf(pid), cluster);
  }
}

/** Whether the words of a command line are those of a PostgreSQL server on this cluster. */
export function isServerCommand(words: readonly string[], cluster: string): boolean {
  return /(?:^|\/)postgres$/.test(words[0] ?? '') && words[words.indexOf('-D') + 1] === cluster;
}

async function commandOf(pid: string): Promise<string[]> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  } catch {
    return []; // It ended meanwhile.
  }
}

/** Sends a signal; a process that is gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

/** Polls until `done` holds, at first often, later more seldom; false when `ms` have passed before. */
export async function until(done: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  for (let pause = 2; ; pause = Math.min(pause * 1.2, 50)) {
    if (await done()) return true;
    if (performance.now() >= end) return false;
    await sleep(pause);
  }
}
