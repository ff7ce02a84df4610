import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, realpath, rename, stat, writeFile } from 'node:fs/promises';
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
    await mkdir(dataDir, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
    return await realpath(dataDir);
  } catch (error) {
    throw new StoreSetupError(
      `The data folder ${dataDir} cannot be made (${lineOf(error)}). Choose a folder that this user may write to (ASA_DATA_DIR).`,
      { cause: error },
    );
  }
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Decides where the database of a (locked) data folder lies, and makes that folder. */
export async function choosePlace(
  dataDir: string,
  outside: readonly string[],
  log: (message: string) => void,
): Promise<Place> {
  const inside = join(dataDir, 'postgres');
  if (!isRoot()) return { folder: dataDir, cluster: inside, user: null, others: [] };

  const user = pickUser(await readFile('/etc/passwd', 'utf8'));
  if (!user) {
    throw new StoreSetupError(
      'PostgreSQL refuses to run as root, and this system has no user "postgres" or "nobody". Start the server as another user, or set DATABASE_URL.',
    );
  }
  const pointed = await readPointer(dataDir);
  if (pointed) {
    await checkOwner(pointed, dataDir);
    return { folder: pointed, ...(await asOwner(pointed, user)), others: [] };
  }
  if (existsSync(inside)) {
    const place = { folder: dataDir, ...(await asOwner(dataDir, user)), others: [] };
    if (await mayEnter(place.user, dataDir)) return place;
    throw new StoreSetupError(
      `The database in ${inside} cannot be entered by ${place.user.name}, who runs it. Let others enter the folders above it (chmod o+x), or start the server as the owner of ${inside}.`,
    );
  }
  if (await mayEnter(user, dataDir)) return { folder: dataDir, cluster: inside, user, others: [] };
  return await placeOutside(dataDir, user, outside, log);
}

async function asOwner(folder: string, user: ServerUser): Promise<{ cluster: string; user: ServerUser }> {
  const cluster = join(folder, 'postgres');
  return { cluster, user: (existsSync(cluster) && (await ownerOf(cluster))) || user };
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
      await mkdir(root, { recursive: true, mode: 0o711 });
      // A folder that others can write to, or own, could be swapped under us.
      const { uid, mode } = await stat(root);
      if (uid !== 0 || (mode & 0o022) !== 0) throw new Error('it is not root’s alone');
      const others = (await readdir(root)).filter((name) => name.startsWith(hash)).map((name) => join(root, name));
      const folder = join(root, `${hash}-${randomBytes(4).toString('hex')}`);
      await mkdir(folder, { mode: 0o711 });
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

async function readPointer(dataDir: string): Promise<string | null> {
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
