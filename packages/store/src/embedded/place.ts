import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { codeOf, lineOf, StoreSetupError } from '../errors.ts';
import { mayEnter, ownerOf, pickUser } from './user.ts';
import type { ServerUser } from './user.ts';

/**
 * Where a data folder's database lies. `folder` is the data folder itself, or, when we are root and the user that runs PostgreSQL may not
 * enter the data folder, one outside (the data folder then says so in `postgres.location`).
 */
export type Place = { folder: string; cluster: string; user: ServerUser | null; others: string[] };

const POINTER = 'postgres.location';
const OWNER = 'asa.owner.json';

/** Folders outside for root, in order of preference; the last one may be emptied by the system, so it is only a way out. */
export const OUTSIDE = ['/var/lib/asa', join(tmpdir(), 'asa-root')];

/**
 * Makes the data folder if need be. As root it lets others enter (not list) it, so that the database can lie in it where its parents allow.
 * @returns its real path.
 */
export async function makeDataDir(dataDir: string): Promise<string> {
  try {
    // With its mode from the first moment; a strict umask takes from it, hence the second call.
    const mode = isRoot() ? 0o711 : 0o700;
    if (await makeFolder(dataDir, mode)) await chmod(dataDir, mode);
    return await realpath(dataDir);
  } catch (error) {
    throw new StoreSetupError(
      `The data folder ${dataDir} cannot be made (${lineOf(error)}). Choose a folder that this user may write to (ASA_DATA_DIR).`,
      { cause: error },
    );
  }
}

/**
 * Makes a folder and those above it that are missing. (Node's own recursive mkdir never returns where the system says that a folder's
 * existing parent does not exist, as /proc does.)
 * @returns whether it was made now.
 */
async function makeFolder(path: string, mode: number): Promise<boolean> {
  if (existsSync(path) && (await stat(path)).isDirectory()) return false;
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) await makeFolder(parent, mode);
  try {
    await mkdir(path, { mode });
    return true;
  } catch (error) {
    // Another process may have been quicker.
    if (codeOf(error) === 'EEXIST' && (await stat(path)).isDirectory()) return false;
    throw error;
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Decides where the database of a (locked) data folder lies, and makes that folder. */
export async function choosePlace(
  dataDir: string,
  outside: readonly string[],
  log: (message: string) => void,
): Promise<Place> {
  const pointed = await readPointer(dataDir);
  if (pointed !== null) await checkOwner(pointed, dataDir);
  if (!isRoot()) return asOurselves(pointed ?? dataDir);

  const user = pickUser(await readFile('/etc/passwd', 'utf8'));
  if (!user) {
    throw new StoreSetupError(
      'PostgreSQL refuses to run as root, and this system has no user "postgres" or "nobody". Start the server as another user, or set DATABASE_URL.',
    );
  }
  const known = pointed ?? dataDir;
  const inside = join(known, 'postgres');
  const exists = existsSync(inside);
  const runner = (exists && (await ownerOf(inside))) || user;
  if (await mayEnter(runner, known)) return { folder: known, cluster: inside, user: runner, others: [] };
  if (!exists && pointed === null) return await placeOutside(dataDir, user, outside, log);
  throw new StoreSetupError(
    `The database in ${inside} cannot be reached by ${runner.name}, who runs it. Let others enter the folders above it (chmod o+x), or start the server as its owner.`,
  );
}

async function asOurselves(folder: string): Promise<Place> {
  const cluster = join(folder, 'postgres');
  const uid = process.getuid?.();
  const owner = uid !== undefined && existsSync(cluster) ? (await stat(cluster)).uid : uid;
  if (owner !== uid) {
    throw new StoreSetupError(
      `The database in ${cluster} belongs to user ${owner}. Start the server as that user or as root, the way it was made.`,
    );
  }
  return { folder, cluster, user: null, others: [] };
}

async function placeOutside(
  dataDir: string,
  user: ServerUser,
  outside: readonly string[],
  log: (message: string) => void,
): Promise<Place> {
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const refusals: string[] = [];
  for (const root of outside) {
    try {
      await makeRoot(root);
      const others = await earlierPlaces(join(await realpath(root), hash));
      const folder = join(await realpath(root), `${hash}-${randomBytes(4).toString('hex')}`);
      await mkdir(folder);
      await chmod(folder, 0o711);
      if (!(await mayEnter(user, folder))) throw new Error(`${user.name} may not enter it`);
      await writeOwner(folder, dataDir);
      await writeWhole(join(dataDir, POINTER), `${folder}\n`);
      log(`The database of ${dataDir} lies in ${folder}: ${user.name}, who runs it, may not enter the data folder.`);
      for (const other of others) log(`An earlier database of ${dataDir} lies unused in ${other}.`);
      return { folder, cluster: join(folder, 'postgres'), user, others };
    } catch (error) {
      refusals.push(`${root}: ${lineOf(error)}`);
    }
  }
  throw new StoreSetupError(
    `No folder for the database: ${user.name}, who runs it, may not enter ${dataDir}, nor is there another place (${refusals.join('; ')}). Let others enter the data folder (chmod o+x on it and the folders above), or start the server as another user.`,
  );
}

/** A folder that others own or can write to could be swapped under us. */
async function makeRoot(root: string): Promise<void> {
  if (await makeFolder(root, 0o711)) await chmod(root, 0o711);
  const { uid, mode } = await stat(root);
  if (uid !== 0 || (mode & 0o022) !== 0) throw new Error('others than root may write to it');
}

/** Databases that this data folder had before it was emptied; what an interrupted start left without a database goes. */
async function earlierPlaces(prefix: string): Promise<string[]> {
  const places: string[] = [];
  for (const name of await readdir(dirname(prefix))) {
    const folder = join(dirname(prefix), name);
    if (!folder.startsWith(`${prefix}-`)) continue;
    if (existsSync(join(folder, 'postgres'))) places.push(folder);
    else await rm(folder, { recursive: true, force: true });
  }
  return places;
}

/** Where the database of a data folder lies, when that is outside. */
export async function readPointer(dataDir: string): Promise<string | null> {
  try {
    return (await readFile(join(dataDir, POINTER), 'utf8')).trim() || null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

type Owner = { dataDir: string; dev: number; ino: number };

async function writeOwner(folder: string, dataDir: string): Promise<void> {
  const { dev, ino } = await stat(dataDir);
  await writeWhole(join(folder, OWNER), `${JSON.stringify({ dataDir, dev, ino } satisfies Owner)}\n`);
}

/** A data folder that moved takes its database along; a copy of one does not get the original's. */
async function checkOwner(folder: string, dataDir: string): Promise<void> {
  let owner: Owner;
  try {
    owner = JSON.parse(await readFile(join(folder, OWNER), 'utf8')) as Owner;
  } catch (error) {
    throw new StoreSetupError(
      `The database of ${dataDir} should lie in ${folder} but is not there (${lineOf(error)}). Put it back, or remove ${join(dataDir, POINTER)} to begin with an empty one.`,
      { cause: error },
    );
  }
  if (owner.dataDir === dataDir) return;
  const { dev, ino } = await stat(dataDir);
  const moved = (owner.dev === dev && owner.ino === ino) || (await readPointer(owner.dataDir)) !== folder;
  if (!moved) {
    throw new StoreSetupError(
      `${dataDir} is a copy of ${owner.dataDir}, whose database lies in ${folder}. Remove ${join(dataDir, POINTER)} to give the copy an empty database.`,
    );
  }
  await writeOwner(folder, dataDir);
}

/** Writes a file whole or not at all. */
async function writeWhole(path: string, text: string): Promise<void> {
  const half = join(dirname(path), `.${randomBytes(4).toString('hex')}.half`);
  await writeFile(half, text, { mode: 0o644, flag: 'wx' });
  await rename(half, path);
}
