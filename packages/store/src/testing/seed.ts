import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { findNative } from '../embedded/binaries.ts';
import { copyCluster } from '../embedded/cluster.ts';
import { codeOf } from '../errors.ts';
import { MIGRATIONS_DIR, readMigrations } from '../migrate.ts';

const PREFIX = 'asa-seed-';
const OLD_MS = 12 * 3_600_000;

/**
 * A cluster with the migrated template in it, made once and copied by every test process of this user: that is several times quicker than
 * making one. It is bound to this PostgreSQL and these migrations, and is made anew after half a day, for systems thin out their
 * temporary folders.
 * @returns `found`: the one to copy; `path`: where a new one should be kept (null: nowhere on this system).
 */
export async function findSeed(): Promise<{ found: string | null; path: string | null }> {
  const uid = process.getuid?.();
  if (uid === undefined) return { found: null, path: null };
  const hash = createHash('sha256').update((await findNative()).version);
  for (const { checksum } of await readMigrations(MIGRATIONS_DIR)) hash.update(checksum);
  const mine = `${PREFIX}${uid}-`;
  const folder = join(tmpdir(), mine + hash.digest('hex').slice(0, 16));
  for (const name of (await readdir(tmpdir())).filter((entry) => entry.startsWith(mine))) {
    if (!(await isFresh(join(tmpdir(), name), uid))) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
  const path = join(folder, 'postgres');
  return { found: (await isFresh(folder, uid)) ? path : null, path };
}

/** Young enough, and nobody else's work. */
async function isFresh(folder: string, uid: number): Promise<boolean> {
  try {
    const { uid: owner, mode, mtimeMs } = await stat(folder);
    return owner === uid && (mode & 0o022) === 0 && Date.now() - mtimeMs < OLD_MS;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Keeps a copy of a cluster at rest as the seed, unless another process was quicker. */
export async function keepSeed(cluster: string, path: string): Promise<void> {
  const folder = dirname(path);
  const half = `${folder}-${randomBytes(4).toString('hex')}`;
  await mkdir(half, { mode: 0o711 });
  try {
    await copyCluster(cluster, join(half, basename(path)));
    await rename(half, folder);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (!['EEXIST', 'ENOTEMPTY'].includes(codeOf(error) ?? '')) throw error;
  }
}
