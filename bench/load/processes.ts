import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDataFolder } from '../../packages/store/src/testing.ts';
import type { OriginPlan, OriginReady } from './origin.ts';

/** Of util-linux: keeps a process on one core. */
const TASKSET = 'taskset';
const CHRT = 'chrt';

export const hasTaskset = (): boolean => spawnSync(TASKSET, ['-V']).status === 0;

/** The command that runs a program on one core, or as it is when that is null. */
const onCore = (core: number | null, command: readonly string[]): readonly string[] =>
  core === null ? command : [TASKSET, '-c', String(core), ...command];

/** Moves this process, with its threads, to one core. */
export function pin(pid: number, core: number): void {
  spawnSync(TASKSET, ['-a', '-p', '-c', String(core), String(pid)]);
}

/** Lets a process, and those that it started, go before all others of the machine: what else runs there disturbs a measurement less. Needs root. */
export function goFirst(pid: number): void {
  for (const one of treeOf(pid))
    if (spawnSync(CHRT, ['-a', '-p', '-r', '20', String(one)]).status !== 0) throw new Error('chrt is not allowed');
}

export interface Child {
  readonly pid: number;
  stop(): Promise<void>;
}

/** Ends it and waits: by its own id, and for good when it does not go by itself. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await gone;
  clearTimeout(timer);
}

/** A script in a process of its own, which tells by one message that it is ready, and where it listens. */
export async function startScript(
  script: string,
  argument: object,
  core: number | null = null,
): Promise<Child & { readonly ready: unknown }> {
  const child = fork(script, [JSON.stringify(argument)]);
  if (core !== null && child.pid !== undefined) pin(child.pid, core);
  const failed = once(child, 'exit').then(() => Promise.reject(new Error(`${script} ended before it was ready`)));
  failed.catch(() => {});
  const [ready] = (await Promise.race([once(child, 'message'), failed])) as [unknown];
  return { pid: child.pid ?? 0, ready, stop: () => end(child) };
}

export async function startOriginProcess(
  plan: OriginPlan,
  core: number | null = null,
): Promise<Child & { readonly ready: OriginReady }> {
  const child = await startScript(join(import.meta.dirname, 'origin.ts'), plan, core);
  return { ...child, ready: child.ready as OriginReady };
}

/** Ceilings of a workspace, as the admin API takes them. */
interface KeyLimits {
  readonly rps: number;
  readonly burst_rps?: number;
  readonly concurrency: number;
}

export interface ServerProcess extends Child {
  readonly url: string;
  /** Keys of workspaces, one each; by default live ones with the highest ceilings that can be agreed. */
  keys(workspaces: number, options?: { limits?: KeyLimits; mode?: 'live' | 'test' }): Promise<string[]>;
}

/** The program as `npm start` runs it, with its own PostgreSQL and a new data folder; settings are environment variables. */
export async function startServerProcess(
  settings: Readonly<Record<string, string>>,
  core: number | null = null,
): Promise<ServerProcess> {
  const { dataDir, remove } = temporaryDataFolder({ name: 'bench' });
  const entry = join(import.meta.dirname, '../../packages/gateway/bin/start.js');
  const nodeFlags = (process.env['SERVER_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
  const [command = '', ...rest] = onCore(core, [process.execPath, ...nodeFlags, entry]);
  const token = 'bench-admin-token-0123456789';
  const child = spawn(command, rest, {
    env: {
      PATH: process.env['PATH'] ?? '',
      ASA_PORT: '0',
      ASA_DATA_DIR: dataDir,
      ASA_ADMIN_TOKEN: token,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let last = '';
  const url = await new Promise<string>((found, failed) => {
    const read = (chunk: Buffer): void => {
      // The log goes on: only its beginning is of interest, but it must be read.
      if (printed.length < 20_000) printed += chunk.toString();
      last = (last + chunk.toString()).slice(-4000);
      const match = /listens on (http:\S+)/.exec(printed)?.[1];
      if (match !== undefined) found(match);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => failed(new Error(`the server ended with ${code}: ${printed}`)));
  });
  let stopping = false;
  child.once('exit', (code, signal) => {
    if (!stopping) console.error(`the server ended by itself with ${code ?? signal}; it said last:\n${last}`);
  });
  const admin = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${url}/admin/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (response.status !== 201) throw new Error(`the admin API answered ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    pid: child.pid ?? 0,
    url: url.replace('localhost', '127.0.0.1'),
    async keys(workspaces, { limits = { rps: 500, concurrency: 1000 }, mode = 'live' } = {}) {
      const keys: string[] = [];
      for (let i = 0; i < workspaces; i++) {
        const made = await admin('/workspaces', { name: `bench ${i}`, plan: 'custom', credits: 10_000_000, limits });
        const key = await admin(`/workspaces/${String(made['id'])}/keys`, { name: 'bench', mode });
        keys.push(String(key['key']));
      }
      return keys;
    },
    async stop() {
      stopping = true;
      await end(child);
      await remove();
    },
  };
}

const TICKS_PER_SECOND = 100;

/** The process and those that it started. */
function treeOf(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statOf(Number(name));
    if (fields === null) continue;
    const parent = Number(fields[1]);
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const tree = [pid];
  for (const one of tree) tree.push(...(parents.get(one) ?? []));
  return tree;
}

/** The fields of `/proc/<pid>/stat` after the name, which may hold anything; null when the process is gone. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    // It may end between the listing and the reading.
    return null;
  }
}

const cpuOf = (pid: number): number => {
  const fields = statOf(pid);
  // utime, stime, cutime, cstime: with the children that have ended.
  return fields === null ? 0 : [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i] ?? 0), 0) / TICKS_PER_SECOND;
};

/** Seconds of CPU that a process and all its children have used, and the process alone; null where there is no `/proc`. */
export function cpuSeconds(pid: number): { readonly all: number; readonly own: number } | null {
  if (process.platform !== 'linux') return null;
  return { all: treeOf(pid).reduce((sum, one) => sum + cpuOf(one), 0), own: cpuOf(pid) };
}

/** Largest resident memory of a process since it started, in bytes; null where there is no `/proc`. */
export async function peakMemory(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
