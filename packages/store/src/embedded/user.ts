import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { codeOf, lineOf, StoreSetupError } from '../errors.ts';

/** The unprivileged user that runs PostgreSQL when we are root. */
export type ServerUser = { uid: number; gid: number; name: string };

/** The first of `postgres`, `_postgres`, `nobody` in the text of a passwd file. PostgreSQL needs a user with an entry there. */
export function pickUser(passwd: string): ServerUser | undefined {
  const users = new Map<string, ServerUser>();
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    // Some systems write nobody's number as -2.
    if (name && uid && gid) users.set(name, { name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 });
  }
  return ['postgres', '_postgres', 'nobody'].map((name) => users.get(name)).find((user) => user && user.uid !== 0);
}

/** The owner of an existing cluster: PostgreSQL only starts as the owner of its data. Undefined for root's (no cluster of ours is). */
export async function ownerOf(path: string): Promise<ServerUser | undefined> {
  const { uid, gid } = await stat(path);
  return uid === 0 ? undefined : { uid, gid, name: `uid ${uid}` };
}

/** Runs a program and collects what it says; `code` is null when a signal ended it. Rejects when it cannot be started. */
export function run(
  file: string,
  args: readonly string[],
  options: { user: ServerUser | null; cwd: string; input?: string },
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...identity(options.user),
      cwd: options.cwd,
      env: ENVIRONMENT,
      windowsHide: true,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-8000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
    child.stdin.on('error', () => {}); // A program that ends without reading says why in its output.
    child.stdin.end(options.input ?? '');
  });
}

/** Nothing of our own environment (PGOPTIONS, PGDATA, ...) reaches PostgreSQL. */
export const ENVIRONMENT: NodeJS.ProcessEnv = { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' };

/** The uid and gid options of a spawn; none when PostgreSQL runs as ourselves. */
export function identity(user: ServerUser | null): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

/**
 * Whether the user may enter a folder: asked of the system itself, which knows about access lists and namespaces.
 * @throws StoreSetupError when root may not even start a program as another user, as in a container without its capabilities.
 */
export async function mayEnter(user: ServerUser, folder: string): Promise<boolean> {
  try {
    const words = ['-c', 'test -d "$1" && test -x "$1"', 'sh', folder];
    return (await run('/bin/sh', words, { user, cwd: '/' })).code === 0;
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error;
    throw new StoreSetupError(
      `PostgreSQL refuses to run as root, and this root may not start it as ${user.name} (${lineOf(error)}). Start the server as an ordinary user, or give the container the capabilities SETUID, SETGID and CHOWN.`,
      { cause: error },
    );
  }
}
