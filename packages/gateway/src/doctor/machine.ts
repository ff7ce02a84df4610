import { existsSync } from 'node:fs';
import { access, constants, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { isRequestId } from '../request-id.ts';
import { SECRET_FILES } from '../secrets.ts';
import { fail, lineOf, ok, warn, type Finding } from './finding.ts';

/** Checks of the machine: Node, port, data folder, disk, clock. */

const NODE_MAJOR = 24;
const ANSWER_MS = 2000;

/** @param version as `process.versions.node`, for example `24.1.0`. */
export function checkNode(version: string): Finding {
  const major = Number(version.split('.')[0]);
  return major >= NODE_MAJOR
    ? ok('Node.js', version)
    : fail(
        'Node.js',
        `${version} is too old`,
        `Start with "npm start" after "npm ci", which brings its own, or install Node.js ${NODE_MAJOR}.`,
      );
}

/** Whether the server could listen there; one of ours that already does is well. */
export async function checkPort(host: string, port: number): Promise<Finding> {
  const problem = await listenProblem(host, port);
  if (problem === null) return ok('port', port === 0 ? 'any free one is taken' : `${host}:${port} is free`);
  if (problem.code === 'EADDRINUSE' && (await isOurs(host, port)))
    return ok('port', `the service runs on ${host}:${port}`);
  return fail(
    'port',
    `${host}:${port} cannot be used (${problem.message})`,
    problem.code === 'EADDRINUSE'
      ? 'Another program listens there: stop it, or set ASA_PORT to a free port.'
      : 'Set ASA_HOST and ASA_PORT to an address of this machine; ports below 1024 belong to root.',
  );
}

const listenProblem = (host: string, port: number): Promise<NodeJS.ErrnoException | null> =>
  new Promise((answer) => {
    const server = createServer();
    server.once('error', answer);
    server.listen({ host, port }, () => server.close(() => answer(null)));
  });

/** Whether what listens there answers as this service does. */
async function isOurs(host: string, port: number): Promise<boolean> {
  const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  try {
    const response = await fetch(`http://${address.includes(':') ? `[${address}]` : address}:${port}/healthz`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const body = (await response.json()) as { request_id?: unknown };
    return typeof body.request_id === 'string' && isRequestId(body.request_id);
  } catch {
    return false; // Silent, or something else: not ours.
  }
}

/** The nearest folder that is there: the one itself, or where it will be made. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

export async function checkFolder(dataDir: string): Promise<Finding> {
  const mend = 'Set ASA_DATA_DIR to a folder that this user can write.';
  const there = nearest(dataDir);
  try {
    if (!(await stat(there)).isDirectory()) return fail('data folder', `${there} is no folder`, mend);
    await access(there, constants.W_OK | constants.X_OK);
    // What lets everybody in /proc or a read-only disk write lets nobody make a folder.
    if (/^\/(?:proc|sys)(?:\/|$)/.test(there)) return fail('data folder', `${there} keeps no files`, mend);
  } catch (error) {
    return fail('data folder', `${there} cannot be written (${lineOf(error)})`, mend);
  }
  if (there !== dataDir) return ok('data folder', `${dataDir} will be made at the first start`);
  const open = await openSecret(dataDir);
  if (open === null) return ok('data folder', `${dataDir} can be written, and its secrets are private`);
  return fail('data folder', `others can read ${open}`, `chmod 600 ${open}`);
}

/** A secret of the folder that others can read, or null. */
async function openSecret(dataDir: string): Promise<string | null> {
  for (const name of Object.values(SECRET_FILES)) {
    const file = join(dataDir, name);
    if (existsSync(file) && ((await stat(file)).mode & 0o077) !== 0) return file;
  }
  return null;
}

const MB = 1024 * 1024;
/** A day of busy traces needs more than this; below the second, PostgreSQL is about to stop. In bytes. */
export const DISK_LIMITS = { warn: 2048 * MB, fail: 256 * MB } as const;

export async function checkDisk(
  dataDir: string,
  limits: { warn: number; fail: number } = DISK_LIMITS,
): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearest(dataDir));
  const free = bavail * bsize;
  const say = `${free >= 1024 * MB ? `${(free / 1024 / MB).toFixed(1)} GB` : `${Math.floor(free / MB)} MB`} free for the data folder`;
  const mend = 'Make room, move the data folder to a larger disk, or lower ASA_RETENTION_DAYS.';
  if (free < limits.fail) return fail('disk', say, mend);
  return free < limits.warn ? warn('disk', say, mend) : ok('disk', say);
}

/** Seconds that two clocks may differ. */
const SKEW_S = 5;

/**
 * Whether the clock can be believed: not before the newest thing it must have seen, and in step with another clock, when one is known.
 * @param now milliseconds since the epoch.
 * @param newest the latest time that is known to be past, for example of a file of the release.
 * @param other the clock of somebody else at the same moment, and who that is.
 */
export function checkClock(now: number, newest: number, other: { who: string; now: number } | null): Finding {
  const mend = 'Set the clock, and keep it with an NTP service (chrony, systemd-timesyncd).';
  const shown = new Date(now).toISOString();
  if (now < newest - SKEW_S * 1000)
    return fail('clock', `${shown} is before ${new Date(newest).toISOString()}, which is already past`, mend);
  if (other === null) return ok('clock', `${shown}, and no other clock to compare with`);
  const skew = Math.round((now - other.now) / 1000);
  if (Math.abs(skew) <= SKEW_S) return ok('clock', `${shown}, in step with ${other.who}`);
  return fail('clock', `${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} ${other.who}`, mend);
}
