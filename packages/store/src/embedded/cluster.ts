import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { lineOf, StoreSetupError } from '../errors.ts';
import { run } from './user.ts';
import type { ServerUser } from './user.ts';

export type ClusterPlan = {
  /** The folder of PostgreSQL, its major version, the folder of the data, and who runs it (null: ourselves). */
  native: string;
  major: string;
  cluster: string;
  user: ServerUser | null;
  /** False only where the data may be lost with the machine (tests). */
  durable: boolean;
  /** A cluster at rest to begin with instead of an empty one (tests). */
  seed: string | null;
};

export const SUPERUSER = 'asa';
const SECRET = 'asa.secret';

/** What a new cluster's postgresql.conf says; the owner may change it there. What must be so is on the command line, in server.ts. */
const SETTINGS = {
  shared_buffers: '64MB',
  max_connections: '200',
  max_wal_size: '512MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  huge_pages: 'off',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  log_checkpoints: 'off',
  // Errors of single statements reach the caller; the log is for the server's own troubles, and small.
  log_min_messages: 'log',
};

/**
 * Makes the cluster if there is none yet. It is made under another name and moved when it is whole, so an interrupted start leaves only
 * rubbish, which the next start removes.
 * @returns the password of the superuser.
 */
export async function ensureCluster(plan: ClusterPlan): Promise<string> {
  const { cluster } = plan;
  const rubbish = `${basename(cluster)}.new-`;
  for (const name of await readdir(dirname(cluster))) {
    if (name.startsWith(rubbish))
      await rm(join(dirname(cluster), name), { recursive: true, force: true, maxRetries: 5 });
  }
  if (!existsSync(cluster)) await makeCluster(plan, join(dirname(cluster), rubbish));
  await checkVersion(cluster, plan.major);
  try {
    return (await readFile(join(cluster, SECRET), 'utf8')).trim();
  } catch (error) {
    throw new StoreSetupError(
      `The password of the database is missing: ${join(cluster, SECRET)} (${lineOf(error)}). Restore that file.`,
      { cause: error },
    );
  }
}

async function makeCluster(plan: ClusterPlan, prefix: string): Promise<void> {
  const { cluster, seed } = plan;
  const half = prefix + randomBytes(4).toString('hex');
  try {
    if (seed) await copyCluster(seed, half);
    else await initCluster(plan, half);
    await rename(half, cluster);
    await syncFolder(dirname(cluster));
  } catch (error) {
    await rm(half, { recursive: true, force: true, maxRetries: 5 });
    throw new StoreSetupError(
      `The database cannot be made in ${dirname(cluster)}: ${lineOf(error)}. The folder must be writable and have 60 MB free.`,
      { cause: error },
    );
  }
}

async function initCluster({ native, user, durable }: ClusterPlan, folder: string): Promise<void> {
  const password = randomBytes(24).toString('base64url');
  const passwordFile = `${folder}.pw`;
  await mkdir(folder, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
  try {
    if (user) for (const path of [folder, passwordFile]) await chown(path, user.uid, user.gid);
    const words = [...initArguments(folder, passwordFile), ...(durable ? [] : ['--no-sync'])];
    const { code, output } = await run(join(native, 'bin', 'initdb'), words, { user, cwd: dirname(folder) });
    if (code !== 0) throw new Error(reasonIn(output));
  } finally {
    await rm(passwordFile, { force: true });
  }
  const secret = join(folder, SECRET);
  await writeFile(secret, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (user) await chown(secret, user.uid, user.gid);
}

/** Copies a cluster at rest with its owners, which only `cp` keeps. */
export async function copyCluster(from: string, to: string): Promise<void> {
  const { code, output } = await run('/bin/cp', ['-a', from, to], { user: null, cwd: '/' });
  if (code !== 0) throw new Error(reasonIn(output));
}

function initArguments(folder: string, passwordFile: string): string[] {
  const options = {
    username: SUPERUSER,
    pwfile: passwordFile,
    'auth-local': 'scram-sha-256',
    'auth-host': 'scram-sha-256',
    encoding: 'UTF8',
    // The same order and the same letters on every system, and no locale that an upgrade of the system could change.
    locale: 'C',
    'locale-provider': 'builtin',
    'builtin-locale': 'C.UTF-8',
  };
  return [
    '-D',
    folder,
    '--data-checksums',
    ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
    ...Object.entries(SETTINGS).map(([name, value]) => `--set=${name}=${value}`),
  ];
}

async function checkVersion(cluster: string, major: string): Promise<void> {
  const made = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (made === major) return;
  throw new StoreSetupError(
    `The database in ${cluster} was made by PostgreSQL ${made}; this version brings ${major}. Start the version that made it, and move the data over with pg_dump.`,
  );
}

/** The first line that names a failure (the later ones are its consequences), else the last line; without PostgreSQL's prefix. */
export function reasonIn(output: string): string {
  const lines = output.split('\n').filter((line) => /\S/.test(line));
  const line = lines.find((text) => /(?:error|fatal|panic):/i.test(text)) ?? lines.at(-1) ?? 'it said nothing';
  return line.replace(/^.*?(?:error|FATAL|PANIC):\s*/, '');
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // Folders cannot be opened there.
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
